/**
 * Bundles: an experiment with its table, runs, curves, weights and notes as one zip, and the way back. What is read is
 * unpacked and looked through whole beside the lab before the first row of it is taken in.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LabError } from '#contract/errors.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { tableShape } from '#lab/datasets/table-shape.ts'
import { type CheckedExperiment, fingerprintOf } from '#lab/transfers/bundle/check-contents.ts'
import {
  bundleVersion,
  experimentName,
  type Manifest,
  manifestName,
  tableName
} from '#lab/transfers/bundle/manifest.ts'
import { unpackBundle } from '#lab/transfers/bundle/unpack.ts'
import type { BundleAnswer, BundleTask } from '#lab/transfers/bundle/worker.ts'
import { writeZip } from '#lab/models/output-file.ts'
import type { DatasetLibrary } from '#lab/library/library.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Store } from '#lab/store/store.ts'

export interface BundleOptions {
  /** The lab folder. */
  readonly folder: string
  /** The repository's or the app's root. */
  readonly root: string
  readonly version: string
  readonly store: Store
  readonly duckDb: DuckDb
  /** The stored table of a data set, whose content was looked at. */
  readonly fileOf: (hash: string) => Promise<string>
}

export interface TakeInOptions extends BundleOptions {
  readonly library: Pick<DatasetLibrary, 'pathOf' | 'recordTable'>
}

export type OnProgress = (fraction: number | null, message: string) => void

/**
 * Writes an experiment as it stands at this moment.
 * Errors: LabError 'not_found'; what the disk says.
 */
export async function writeBundle(
  { folder, root, version, fileOf }: BundleOptions,
  experiment: StoredExperiment,
  target: string,
  signal: AbortSignal,
  onProgress: OnProgress
): Promise<void> {
  await withWorkspace(folder, async (workspace) => {
    onProgress(null, 'Gathering runs and weights')
    const file = join(workspace, experimentName)
    const request = { labFile: join(folder, 'lab.sqlite'), experimentId: experiment.id, target: file }
    await ask(root, { task: 'write', ...request, migrationsFolder: migrationsOf(root) }, signal)
    const table = await fileOf(experiment.datasetHash)
    const manifest: Manifest = {
      format: 'topology-lab-bundle',
      version: bundleVersion,
      lab: version,
      createdAt: Date.now(),
      experiment: experiment.name,
      dataset: { name: experiment.datasetName, hash: experiment.datasetHash },
      files: { [experimentName]: await describe(file), [tableName]: await describe(table) }
    }
    const total = manifest.files[experimentName].bytes + manifest.files[tableName].bytes
    let read = 0
    async function* counted(path: string) {
      for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
        read += piece.length
        onProgress(read / total, 'Packing')
        yield piece
      }
    }
    function* files() {
      yield { path: manifestName, content: () => [JSON.stringify(manifest, null, 2)] }
      yield { path: experimentName, content: () => counted(file) }
      // Parquet is packed already.
      yield { path: tableName, content: () => counted(table), packed: false }
    }
    await writeZip(target, files(), signal)
  })
}

/**
 * Takes a bundle in. The same experiment with the same runs is not taken twice; a name that is there gets a number.
 * Errors: LabError 'bad_file' with one sentence, 'cancelled' by the signal; the lab is as it was then.
 */
export async function readBundle(
  options: TakeInOptions,
  file: string,
  shown: string,
  signal: AbortSignal,
  onProgress: OnProgress
): Promise<{ experimentId: number; existed: boolean }> {
  const { folder, root, store, duckDb, library } = options
  return withWorkspace(folder, async (workspace) => {
    const { size } = await stat(file).catch(() => ({ size: 0 }))
    let bytes = 0
    const described = await unpackBundle(file, shown, workspace, signal, (more) => {
      bytes += more
      onProgress(Math.min(0.4, (bytes / Math.max(size, 1)) * 0.2), 'Unpacking')
    })
    onProgress(0.4, 'Looking through it')
    const unpacked = join(workspace, experimentName)
    const answer = await ask(root, { task: 'check', file: unpacked, migrationsFolder: migrationsOf(root) }, signal)
    if (answer.type !== 'checked') throw new Error('The thread gave another answer than it was asked for.')
    const { checked } = answer
    if (checked.datasetHash !== described.dataset.hash) throw unfit(shown)
    await checkTable(duckDb, join(workspace, tableName), checked, shown, signal)

    const known = store.experiments
      .list()
      .filter(({ datasetHash }) => datasetHash === checked.datasetHash)
      .find((experiment) => fingerprintOf(contentsOf(store, experiment)) === checked.fingerprint)
    if (known) return { experimentId: known.id, existed: true }

    onProgress(0.5, 'Taking it in')
    const target = library.pathOf(checked.datasetHash)
    const hasTable = store.datasets.findByHash(checked.datasetHash) !== null
    if (!hasTable) {
      await moveFile(join(workspace, tableName), target)
      await library.recordTable(checked.datasetHash)
    }
    try {
      const { preparedKey } = checked
      const name = freeName(
        checked.name,
        store.experiments.list().map((experiment) => experiment.name)
      )
      const steps = await store.adoptions.adopt({ file: unpacked, name, preparedKey })
      for (;;) {
        const { done, value } = steps.next()
        if (done) return { experimentId: value, existed: false }
        if (signal.aborted) steps.throw(new LabError('cancelled', `The import of ${shown} was cancelled.`))
        await nextTurn()
      }
    } catch (error) {
      if (!hasTable && store.datasets.findByHash(checked.datasetHash) === null) await rm(target, { force: true })
      throw error
    }
  })
}

function contentsOf(store: Store, experiment: StoredExperiment) {
  const part = (name: 'train' | 'validation' | 'test') => store.experiments.rows(experiment.id, name)
  return {
    experiment,
    rows: { train: part('train'), validation: part('validation'), test: part('test') },
    runs: store.runs.list(experiment.id)
  }
}

async function checkTable(
  duckDb: DuckDb,
  path: string,
  checked: CheckedExperiment,
  shown: string,
  signal: AbortSignal
): Promise<void> {
  const shape = await tableShape(duckDb, path, signal).catch(() => null)
  const fits =
    shape?.rows === checked.datasetRows &&
    shape.columns.length === checked.columns.length &&
    shape.columns.every((name, index) => name === checked.columns[index])
  if (!fits) throw unfit(shown)
}

/** `Iris: species`, then `Iris: species (2)`. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  for (let number = 2; ; number++) {
    const candidate = `${name} (${number})`
    if (!taken.includes(candidate)) return candidate
  }
}

async function describe(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function withWorkspace<Result>(folder: string, work: (workspace: string) => Promise<Result>): Promise<Result> {
  const workspace = join(folder, `bundle-${randomUUID()}.tmp`)
  await mkdir(workspace, { recursive: true })
  try {
    return await work(workspace)
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

/** Deletes what a lab that ended in the midst of a bundle has left in its folder. */
export async function cleanBundles(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^bundle-[0-9a-f-]+\.tmp$/.test(name))
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })))
}

/** A workspace is on the lab's own disk, as a rule. */
async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to).catch(() => copyFile(from, to))
}

function migrationsOf(root: string): string {
  return join(root, 'src-main', 'store', 'migrations')
}

/** Has a thread of its own do what may take seconds. Errors: LabError as the thread tells it. */
async function ask(root: string, task: BundleTask, signal: AbortSignal): Promise<BundleAnswer> {
  signal.throwIfAborted()
  // From source (tests) it is the TypeScript file, from a bundle the built one.
  const fromSource = import.meta.url.endsWith('.ts')
  const path = fromSource ? ['src-main', 'transfers', 'bundle', 'worker.ts'] : ['out', 'main', 'bundle-worker.js']
  const worker = new Worker(join(root, ...path), { workerData: task, execArgv: [] })
  const onAbort = () => void worker.terminate()
  signal.addEventListener('abort', onAbort)
  try {
    const answer = await new Promise<BundleAnswer>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('The thread ended without an answer.')))
    })
    if (answer.type === 'refused') throw new LabError(answer.code, answer.message)
    return answer
  } catch (error) {
    throw signal.aborted ? new LabError('cancelled', 'It was cancelled.') : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function unfit(shown: string): LabError {
  return new LabError(
    'bad_file',
    `${shown} is no whole bundle of a lab: its table is not the one of its experiment. Nothing was imported.`,
    {
      file: shown
    }
  )
}
