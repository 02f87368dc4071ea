/** Shares of the training rows for a learning curve: each holds the smaller ones, so that they differ in nothing but more rows. */
import { Random } from '#engine/random.ts'

/** How many of so many rows a share is; never none. */
export const shareCount = (rows: number, share: number): number => Math.max(1, Math.round(rows * share))

/**
 * Draws a share of rows, ascending. The same seed puts the rows into the same order, and a share is its beginning.
 * `classes` has the class of each row: every class then takes its share of the places, and its first row comes before
 * the second of any other, for a class that is never seen can't be learned. Null: all rows are alike.
 */
export function nestedShare(rows: Uint32Array, classes: Float32Array | null, share: number, seed: number): Uint32Array {
  const order = Uint32Array.from(rows, (_, index) => index)
  new Random(seed).shuffle(order)
  const count = shareCount(rows.length, share)
  const chosen = classes ? beginning(order, placesOf(order, classes), count) : order.subarray(0, count)
  return chosen.map((index) => rows[index] ?? 0).sort()
}

/** The place of each row among those of its class, in the given order: from 0 for the first to below 1. */
function placesOf(order: Uint32Array, classes: Float32Array): Float64Array {
  const sizes = new Map<number, number>()
  for (const name of classes) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  const seen = new Map<number, number>()
  return Float64Array.from(order, (index) => {
    const name = classes[index] ?? 0
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    return before / (sizes.get(name) ?? 1)
  })
}

/** The first `count` by place; of equal places those that come first in the order. */
function beginning(order: Uint32Array, places: Float64Array, count: number): Uint32Array {
  const last = places.toSorted()[count - 1] ?? 0
  let left = count - places.reduce((sum, place) => sum + (place < last ? 1 : 0), 0)
  return order.filter((_, at) => {
    const place = places[at] ?? 0
    return place < last || (place === last && left-- > 0)
  })
}
