/** The few statistics of repeated trials. Pure functions of arrays of finite numbers. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Sample standard deviation (n - 1); 0 for a single value. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}

/** Standard error of the mean; NaN for fewer than two values, which say nothing of their spread. */
export function standardError(values: readonly number[]): number {
  return values.length < 2 ? Number.NaN : deviation(values) / Math.sqrt(values.length)
}

/**
 * The p-quantile by linear interpolation between order statistics.
 * Source: Hyndman & Fan 1996, definition 7 (the default of R and NumPy).
 */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    p
  )
}

/** The median and the quartiles, as quantile() gives them, of one sorting. */
export function quartiles(values: readonly number[]): { median: number; q1: number; q3: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const [q1 = NaN, median = NaN, q3 = NaN] = [0.25, 0.5, 0.75].map((p) => quantileOfSorted(sorted, p))
  return { median, q1, q3 }
}

function quantileOfSorted(sorted: readonly number[], p: number): number {
  const position = (sorted.length - 1) * p
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}
