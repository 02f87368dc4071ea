/** The error that topologies are compared by, in words: a share of wrong classes, or an error in units of the target. */
import type { Complexity } from '#contract/selection.ts'
import type { Task } from '#engine/network/losses.ts'
import { formatFigure, formatPlain, formatShare } from '#words/numbers.ts'

export type MeasureName = Complexity['measure']['name']

/** How the errors of a measure are written: shares as percent, the others with three significant digits. */
export function errorWriter(measure: MeasureName): (error: number | null | undefined) => string {
  return measure === 'error' ? formatShare : formatFigure
}

/** Writes the error of a task. */
export function describeError(error: number | null, task: Task): string {
  return errorWriter(task === 'classification' ? 'error' : 'rmse')(error)
}

/** How they are written along an axis. */
export function tickWriter(measure: MeasureName): (error: number) => string {
  return measure === 'error' ? (error) => `${formatPlain(error * 100)}%` : formatPlain
}
