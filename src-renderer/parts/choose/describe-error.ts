/** The error that topologies are compared by, in words: a share of wrong classes, or the RMSE in units of the target. */
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { Task } from '#engine/network/losses.ts'
import { formatFigure, formatShare } from '#renderer/state/format.ts'

/** Writes an error with three significant digits, a share as percent. */
export function describeError(error: number | null, task: Task): string {
  return task === 'classification' ? formatShare(error) : formatFigure(error)
}

/** The error among the figures of a part. */
export function errorOf({ accuracy, rmse }: PartMetrics): number | null {
  return accuracy === undefined ? (rmse ?? null) : 1 - accuracy
}
