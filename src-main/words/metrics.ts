/** The metrics of a part in a sentence. */
import type { PartMetrics } from '#engine/training/metrics.ts'
import { formatFigure, formatShare } from '#words/numbers.ts'

/** Writes them: `accuracy 97.4 %, loss 0.0823`, or `none`. */
export function describeMetrics(metrics: PartMetrics | null): string {
  if (!metrics) return 'none'
  const { loss, accuracy, rmse, mae, r2 } = metrics
  return [
    accuracy === undefined ? [] : `accuracy ${formatShare(accuracy)}`,
    rmse === undefined ? [] : `RMSE ${formatFigure(rmse)}`,
    mae === undefined ? [] : `MAE ${formatFigure(mae)}`,
    r2 === undefined ? [] : `R2 ${formatFigure(r2)}`,
    `loss ${formatFigure(loss)}`
  ]
    .flat()
    .join(', ')
}
