/** Turns the sums of the kernels into the metrics a person reads. */
import type { Sums } from '#engine/kernels/program.ts'
import type { Task } from '#engine/network/losses.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'

/** What the metrics of a part need besides sums. */
export interface PartScale {
  readonly task: Task
  readonly rows: number
  /** Units of a target: t = scaled * deviation + mean. */
  readonly deviation: number
  /** Squared distance of the scaled targets from their mean, summed over the part. */
  readonly spread: number
}

/**
 * Computes the metrics of a part.
 * Units: loss as the plan's loss in scaled units; rmse and mae in the target's own; r2 is 1 - residual / spread, and
 * NaN where the targets do not vary.
 */
export function metricsOf(sums: Sums, scale: PartScale): PartMetrics {
  const { rows, deviation, spread } = scale
  const loss = sums.loss / rows
  if (scale.task === 'classification') return { loss, accuracy: sums.correct / rows }
  return {
    loss,
    rmse: Math.sqrt(sums.squared / rows) * deviation,
    mae: (sums.absolute / rows) * deviation,
    r2: spread > 0 ? 1 - sums.squared / spread : NaN
  }
}

/** Sums the squared distance of targets from their mean, in float64 and two passes. */
export function spreadOf(targets: Float32Array): number {
  let sum = 0
  for (const target of targets) sum += target
  const mean = sum / targets.length
  let spread = 0
  for (const target of targets) spread += (target - mean) ** 2
  return spread
}

/** The figures in the order of metricColumns(). */
export function metricValues(figures: PartMetrics | null, task: Task): number[] {
  if (task === 'classification') return [figures?.loss ?? NaN, figures?.accuracy ?? NaN]
  return [figures?.loss ?? NaN, figures?.rmse ?? NaN, figures?.mae ?? NaN, figures?.r2 ?? NaN]
}

/** A figure as a cost, of which lower is better. */
export function cost(figures: PartMetrics, metric: keyof PartMetrics): number {
  const value = figures[metric] ?? figures.loss
  return metric === 'accuracy' || metric === 'r2' ? -value : value
}
