/** The residuals of a regression in units of the target: scatter, histogram and quantiles. */
import type { RegressionDiagnostics } from '#contract/diagnostics.ts'
import type { RunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'
import { deviation, mean, quantile } from '#trials/statistics.ts'

/** More dots than these make a chart slow and no clearer. */
const mostDots = 2000
const shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
const mostBins = 60

/** Describes the residuals of all rows; a residual is prediction minus target. */
export function describeResiduals({ outputs, targets, rows, epoch, experiment }: RunOutputs): RegressionDiagnostics {
  const scale = experiment.preparation.targetScale
  const own = (scaled: number) => scaled * scale.deviation + scale.mean
  const values = Array.from(targets, own)
  const predictions = Array.from(outputs, own)
  const residuals = predictions.map((prediction, row) => prediction - (values[row] ?? NaN))
  const sorted = residuals.toSorted((a, b) => a - b)
  const centre = mean(values)
  const squared = residuals.reduce((sum, residual) => sum + residual ** 2, 0)
  const spread = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  const step = Math.max(1, values.length / mostDots)
  const shown = Array.from({ length: Math.min(values.length, mostDots) }, (_, at) => Math.floor(at * step))
  return {
    task: 'regression',
    epoch,
    rows: values.length,
    rmse: Math.sqrt(squared / values.length),
    mae: mean(residuals.map(Math.abs)),
    r2: spread > 0 ? 1 - squared / spread : null,
    points: shown.map((at) => ({
      row: (rows[at] ?? 0) + 1,
      target: values[at] ?? NaN,
      prediction: predictions[at] ?? NaN
    })),
    histogram: histogramOf(sorted),
    quantiles: shares.map((share) => ({ share, residual: quantile(sorted, share) })),
    normal: { mean: mean(residuals), deviation: deviation(residuals) }
  }
}

/**
 * Counts values in bins of equal width.
 * Source: Freedman & Diaconis 1981 for the width, 2 IQR / n^(1/3).
 */
export function histogramOf(values: readonly number[]): { edges: number[]; counts: number[] } {
  const low = quantile(values, 0)
  const high = quantile(values, 1)
  const width = (2 * (quantile(values, 0.75) - quantile(values, 0.25))) / Math.cbrt(values.length)
  const bins = high > low && width > 0 ? Math.min(mostBins, Math.max(5, Math.ceil((high - low) / width))) : 1
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) {
    const bin = high > low ? Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)) : 0
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const edges = Array.from({ length: bins + 1 }, (_, at) => low + ((high - low) * at) / bins)
  return { edges, counts }
}
