/** What topologies are compared by. */
import type { PartMetrics } from '#engine/training/metrics.ts'

export type Measure = 'error' | 'loss'

/**
 * The figure of a part that a measure stands for: the share of wrong classes, the root mean squared error in units of the
 * target, or the loss. Less is better; NaN where the part has none.
 */
export function errorOf({ loss, accuracy, rmse = NaN }: PartMetrics, measure: Measure = 'error'): number {
  if (measure === 'loss') return loss
  return accuracy === undefined ? rmse : 1 - accuracy
}
