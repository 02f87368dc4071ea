/**
 * The proof of an export: it is run on rows of the training and the validation part, and what it says is compared with
 * the lab's own predictions. The test part has no say in it.
 */
import { LabError } from '#contract/errors.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import type { ColumnValues } from '#lab/datasets/column-values.ts'
import { formatFigure } from '#words/numbers.ts'

/** Rows as they came, and what the lab predicts for them. */
export interface ProofRows {
  readonly preparation: FittedPreparation
  readonly rows: number
  /** One array a column of the preparation. */
  readonly columns: readonly ColumnValues[]
  /** (rows, inputs) row by row: the same rows, prepared. */
  readonly inputs: Float32Array
  /** (rows, outputs) row by row: probabilities of classes, or the scaled number. */
  readonly outputs: Float32Array
}

/** What an export says of the same rows; `labels` where it names classes. */
export interface ExportPredictions {
  readonly outputs: ArrayLike<number>
  readonly labels?: readonly (string | null)[]
}

/**
 * The most by which an output may differ. Both compute with the same float32 weights, but add up in another order and
 * in part in float64, which is worth about 1e-6 for the widest layers.
 */
export const tolerance = 1e-5

/** Rows of each part that an export is run on. */
const rowsOfPart = 512

/** Chooses rows of a part, evenly over the whole of it; ascending. */
export function chooseRows(part: Uint32Array): Uint32Array {
  const count = Math.min(rowsOfPart, part.length)
  return Uint32Array.from({ length: count }, (_, index) => part[Math.floor((index * part.length) / count)] ?? 0).sort()
}

/**
 * Compares predictions and gives the largest difference between outputs: relative where the lab's is beyond 1.
 * Errors: LabError 'internal' where it is above the tolerance, an output is no number, or a label is not a most probable class.
 */
export function compare(lab: ProofRows, exported: ExportPredictions): number {
  const { outputs, rows, preparation } = lab
  const width = outputs.length / rows
  if (exported.outputs.length !== outputs.length) {
    throw failed(`it gave ${exported.outputs.length} outputs where the lab has ${outputs.length}`)
  }
  let largest = 0
  for (let index = 0; index < outputs.length; index++) {
    const own = outputs[index] ?? NaN
    const difference = Math.abs((exported.outputs[index] ?? NaN) - own) / Math.max(1, Math.abs(own))
    if (Number.isNaN(difference)) throw failed('an output is no number')
    largest = Math.max(largest, difference)
  }
  if (largest > tolerance) {
    throw failed(`an output differs by ${formatFigure(largest)}, more than ${tolerance}`)
  }
  exported.labels?.forEach((label, row) => {
    if (preparation.classes === null) return
    const own = outputs.subarray(row * width, (row + 1) * width)
    const given = own[preparation.classes.indexOf(label ?? '')] ?? -Infinity
    if (given < Math.max(...own) - tolerance) throw failed(`it names row ${row + 1} "${label}"`)
  })
  return largest
}

function failed(what: string): LabError {
  return new LabError(
    'internal',
    `The export does not predict what the lab predicts: ${what}. It was not kept; the run is as it was.`
  )
}
