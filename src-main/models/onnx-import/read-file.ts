/**
 * Reads a file as layers of a feedforward network, in a thread of its own: whatever a foreign file makes of our time, the
 * lab answers meanwhile. Weights may lie in files beside it (docs/ExternalData.md of github.com/onnx/onnx).
 */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, LabError } from '#contract/errors.ts'
import { toFileError } from '#lab/datasets/import/file-errors.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { decodeModel } from '#lab/models/onnx/decode.ts'
import { compileSteps, type DraftLayer } from '#lab/models/onnx-import/compile.ts'
import { readSteps, type ReadSteps } from '#lab/models/onnx-import/read-steps.ts'

export interface NetworkFile {
  readonly file: ImportFile
  /** Files that were given with it, by the names the model knows them by; others are looked for beside it. */
  readonly companions: readonly ImportFile[]
  /** The output to take, where several are networks. */
  readonly output: string | null
}

export interface ReadNetwork extends Omit<ReadSteps, 'steps'> {
  readonly layers: readonly DraftLayer[]
}

export type ReadAnswer =
  | { readonly type: 'read'; readonly network: ReadNetwork }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string }

/** Larger files are no feedforward network for a table: the engine's largest has 200 MB of weights. */
const mostBytes = 512 * 1024 * 1024

/** Reads a file in this thread. Errors: LabError 'bad_file' that says what of it is no network here. */
export function readNetworkFile({ file, companions, output }: NetworkFile): ReadNetwork {
  const { name } = file
  try {
    const model = decodeModel(readBounded(file), (location) => {
      const given = companions.find((companion) => companion.name === location)
      const beside = given ?? { name: location, path: join(dirname(file.path), location) }
      if (!statSync(beside.path, { throwIfNoEntry: false })?.isFile()) {
        throw new RangeError(`Its weights are in ${location}, which is not beside it. Give both files.`)
      }
      return readBounded(beside)
    })
    const { steps, ...read } = readSteps(model, name, output)
    return { ...read, layers: compileSteps(steps, name) }
  } catch (error) {
    if (error instanceof LabError) throw error
    if (error instanceof RangeError || error instanceof TypeError) {
      throw new LabError('bad_file', `${name} can't be read as an ONNX model. ${error.message}`, { file: name })
    }
    throw toFileError(error, name)
  }
}

function readBounded({ path, name }: ImportFile): Uint8Array {
  const found = statSync(path)
  if (!found.isFile()) throw new LabError('bad_file', `${name} is no file.`, { file: name })
  if (found.size > mostBytes) {
    throw new LabError('bad_file', `${name} is too large for a feedforward network.`, { file: name })
  }
  return readFileSync(path)
}

/** Has a thread read the file. Errors: as readNetworkFile(). */
export async function readNetwork(root: string, request: NetworkFile): Promise<ReadNetwork> {
  // From source (tests) it is the TypeScript file, from a bundle the built one.
  const fromSource = import.meta.url.endsWith('.ts')
  const path = fromSource ? ['src-main', 'models', 'onnx-import', 'worker.ts'] : ['out', 'main', 'onnx-worker.js']
  const worker = new Worker(join(root, ...path), { workerData: request, execArgv: [] })
  const answer = await new Promise<ReadAnswer>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The thread ended without an answer.')))
  })
  if (answer.type === 'refused') throw new LabError(answer.code, answer.message, { file: request.file.name })
  return answer.network
}
