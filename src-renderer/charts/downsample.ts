/**
 * Thins long curves for the screen: deterministic, and it keeps every extreme.
 * Buckets are powers of two epochs wide and start at the first epoch, so points stand still while a curve grows.
 */

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * Thins values by epoch to at most about `limit` points: the smallest and the largest of each bucket, in order.
 * Shapes: `values[i]` belongs to epoch i + 1; values that are not finite are left out.
 */
export function downsample(values: Float32Array, limit: number): Point[] {
  const width = bucketWidth(values.length, limit)
  const points: Point[] = []
  for (let start = 0; start < values.length; start += width) {
    pushExtremes(points, values, start, Math.min(start + width, values.length))
  }
  return points
}

/** The epochs that share a bucket: 1 where nothing needs thinning. */
export function bucketWidth(length: number, limit: number): number {
  if (length <= limit) return 1
  return 2 ** Math.ceil(Math.log2((2 * length) / limit))
}

function pushExtremes(points: Point[], values: Float32Array, start: number, end: number): void {
  let low = -1
  let high = -1
  for (let index = start; index < end; index++) {
    const value = values[index] as number
    if (!Number.isFinite(value)) continue
    if (low < 0 || value < (values[low] as number)) low = index
    if (high < 0 || value > (values[high] as number)) high = index
  }
  if (low < 0) return
  const [first, second] = low < high ? [low, high] : [high, low]
  points.push({ x: first + 1, y: values[first] as number })
  if (second !== first) points.push({ x: second + 1, y: values[second] as number })
}
