/**
 * Thins long curves for the screen: deterministic, and it keeps every extreme.
 * Buckets are powers of two epochs wide and start at the first epoch, so points stand still while a curve grows or is
 * moved under a zoomed axis.
 */

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * Picks the values worth drawing among `from` (inclusive) to `to` (exclusive): the smallest and the largest of each
 * bucket and the last, in order, at most about `limit`. Values that are not finite are left out.
 */
export function thin(values: Float32Array, limit: number, from = 0, to = values.length): number[] {
  return thinBy(bucketWidth(to - from, limit), values, from, to)
}

/** As thin(), with buckets of a given width. */
export function thinBy(width: number, values: Float32Array, from = 0, to = values.length): number[] {
  const kept: number[] = []
  for (let start = Math.floor(from / width) * width; start < to; start += width) {
    pushExtremes(kept, values, Math.max(start, from), Math.min(start + width, to))
  }
  const last = to - 1
  if (last >= from && Number.isFinite(values[last]) && kept.at(-1) !== last) kept.push(last)
  return kept
}

/** Thins values by epoch to points. Shapes: `values[i]` belongs to epoch i + 1. */
export function downsample(values: Float32Array, limit: number): Point[] {
  return thin(values, limit).map((index) => ({ x: index + 1, y: values[index] as number }))
}

/** The epochs that share a bucket: 1 where nothing needs thinning. */
export function bucketWidth(length: number, limit: number): number {
  if (length <= limit) return 1
  return 2 ** Math.ceil(Math.log2((2 * length) / limit))
}

function pushExtremes(kept: number[], values: Float32Array, start: number, end: number): void {
  let low = -1
  let high = -1
  for (let index = start; index < end; index++) {
    const value = values[index] as number
    if (!Number.isFinite(value)) continue
    if (low < 0 || value < (values[low] as number)) low = index
    if (high < 0 || value > (values[high] as number)) high = index
  }
  if (low < 0) return
  kept.push(Math.min(low, high))
  if (low !== high) kept.push(Math.max(low, high))
}
