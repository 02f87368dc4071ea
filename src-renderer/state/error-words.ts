/** The error that topologies are compared by, in words: a share of wrong classes, or an error in units of the target. */
import { writeErrorShare } from '#contract/error-words.ts'
import type { Complexity } from '#contract/selection.ts'
import type { Task } from '#engine/network/losses.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import { formatFigure } from '#renderer/state/format.ts'

type MeasureName = Complexity['measure']['name']

/** How the errors of a measure are written: shares as percent, the others with three significant digits. */
export function errorWriter(measure: MeasureName): (error: number | null) => string {
  // The sign stays with its number where a sentence breaks.
  return measure === 'error' ? (error) => writeErrorShare(error).replace(' ', '\u00a0') : formatFigure
}

/** How they are written along an axis. */
export function tickWriter(measure: MeasureName): (error: number) => string {
  return measure === 'error'
    ? (error) => `${Number((error * 100).toPrecision(3))}%`
    : (error) => `${Number(error.toPrecision(3))}`
}

/** Writes the error of a task. */
export function describeError(error: number | null, task: Task): string {
  return errorWriter(task === 'classification' ? 'error' : 'rmse')(error)
}

/** The error among the figures of a part. */
export function errorOf({ accuracy, rmse }: PartMetrics): number | null {
  return accuracy === undefined ? (rmse ?? null) : 1 - accuracy
}
