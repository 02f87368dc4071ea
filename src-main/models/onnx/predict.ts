/** Runs written ONNX files on rows, for their proof. */
import { readFile } from 'node:fs/promises'
import { describePreparation } from '#lab/datasets/preparation-steps.ts'
import { decodeModel } from '#lab/models/onnx/decode.ts'
import { evaluate, type Tensor } from '#lab/models/onnx/evaluate.ts'
import { tensorTypes } from '#lab/models/onnx/graph.ts'
import type { ExportPredictions, ProofRows } from '#lab/models/proof.ts'

/** Predicts prepared rows with the bare network. */
export async function predictOnnxNetwork(path: string, { inputs, rows }: ProofRows): Promise<ExportPredictions> {
  const matrix: Tensor = { dims: [rows, inputs.length / rows], values: Float64Array.from(inputs) }
  const tensors = await evaluate(decodeModel(await readFile(path)), new Map([['inputs', matrix]]))
  return { outputs: tensors.get('outputs')?.values as Float64Array }
}

/** Predicts raw rows; a value is scaled back, so that it is compared as the network's output. */
export async function predictOnnx(path: string, { preparation, columns, rows }: ProofRows): Promise<ExportPredictions> {
  const model = decodeModel(await readFile(path))
  const { target, targetScale, classes } = preparation
  const raw = new Map<string, Tensor>()
  describePreparation(preparation).forEach(({ column, reads }, index) => {
    const given = columns[index] ?? []
    const values =
      reads !== 'text'
        ? Float64Array.from(given, model.inputs.get(column) === tensorTypes.float ? toFloat32 : Number)
        : Array.from<number | string | null, string>(given, (value) => String(value ?? ''))
    raw.set(column, { dims: [rows, 1], values })
  })
  const tensors = await evaluate(model, raw)
  const answer = tensors.get(target)?.values
  if (answer instanceof Float64Array) {
    return { outputs: answer.map((value) => (value - targetScale.mean) / targetScale.deviation) }
  }
  const best = model.nodes.find(({ op }) => op === 'ArgMax')?.inputs[0]
  const outputs = tensors.get(best ?? '')?.values as Float64Array
  return classes === null ? { outputs } : { outputs, labels: answer ?? [] }
}

/** A number as whoever uses the file has to give it. */
function toFloat32(value: number | string | null): number {
  return Math.fround(Number(value))
}
