/** The thread that fits the reference models on one prepared table; entry of a worker. It ends by itself. */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'
import type { FittedReference, ReferenceName } from '#lab/selection/references/fitted.ts'
import { fitForest, type PartRows } from '#lab/selection/references/forest.ts'
import { fitLinear } from '#lab/selection/references/linear.ts'

export interface FitRequest {
  readonly table: EngineDataset
  readonly names: readonly ReferenceName[]
  readonly kernelsFile: string
}

/** One for each name, in their order. */
export type FitAnswer = { readonly name: ReferenceName } & (
  { readonly fitted: FittedReference } | { readonly problem: string }
)

async function fit({ table, names, kernelsFile }: FitRequest): Promise<void> {
  const train = await readPart(table.train, table.inputs)
  const validation = table.validation ? await readPart(table.validation, table.inputs) : train
  for (const name of names) {
    let answer: FitAnswer
    try {
      const fitted =
        name === 'forest'
          ? await fitForest(table, train, validation)
          : fitLinear(new WebAssembly.Module(await readFile(kernelsFile)), table, train, validation)
      answer = { name, fitted }
    } catch (error) {
      answer = { name, problem: error instanceof Error ? error.message : String(error) }
    }
    parentPort?.postMessage(answer)
  }
}

/** Reads inputs and targets; what rows count in training is left out, as a forest can't take it. */
async function readPart({ path, rows }: MatrixFile, inputs: number): Promise<PartRows> {
  const bytes = await readFile(path)
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows * (inputs + 1))
  return { inputs: values.subarray(0, rows * inputs), targets: values.subarray(rows * inputs) }
}

await fit(workerData as FitRequest)
