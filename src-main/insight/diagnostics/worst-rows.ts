/** The rows of a part that a run predicts worst, with the table's own values. */
import type { WorstRows } from '#contract/diagnostics.ts'
import { predictedClass } from '#engine/training/part-details.ts'
import { previewRowsAt } from '#lab/datasets/preview.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { probabilityOf } from '#lab/insight/diagnostics/probability.ts'
import type { RunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'

/** Lists up to `limit` rows, the worst first; the values of a row are read as they stand in the table. */
export async function listWorstRows(
  duckDb: DuckDb,
  file: string,
  answer: RunOutputs,
  limit: number
): Promise<WorstRows> {
  const { experiment, targets, outputs, rows, units } = answer
  const { classes, targetScale } = experiment.preparation
  const own = (scaled: number) => scaled * targetScale.deviation + targetScale.mean
  const badness = Float64Array.from(targets, (target, at) =>
    classes ? -probabilityOf(outputs, at * units, units, target) : Math.abs((outputs[at] ?? NaN) - target)
  )
  const worst = [...Uint32Array.from(targets, (_, at) => at).sort((a, b) => (badness[b] ?? 0) - (badness[a] ?? 0))]
  const shown = worst.slice(0, limit)
  const numbers = Uint32Array.from(shown, (at) => rows[at] ?? 0)
  const { columns, rows: values } = await previewRowsAt(duckDb, file, numbers)
  const isWrong = (at: number) => predictedClass(outputs, at * units, units) !== targets[at]
  return {
    columns,
    rows: shown.map((at, index) => {
      const target = targets[at] ?? NaN
      const output = outputs[at] ?? NaN
      return {
        row: (rows[at] ?? 0) + 1,
        values: values[index] ?? [],
        target: classes ? (classes[target] ?? '') : String(own(target)),
        prediction: classes ? (classes[predictedClass(outputs, at * units, units)] ?? '') : String(own(output)),
        probability: classes ? probabilityOf(outputs, at * units, units, target) : null,
        residual: classes ? null : (output - target) * targetScale.deviation
      }
    }),
    wrong: classes ? targets.reduce((sum, _, at) => sum + Number(isWrong(at)), 0) : null
  }
}
