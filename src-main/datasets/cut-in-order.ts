/**
 * Cuts rows that follow one another into parts that do so as well: for a split by time and for forward chaining, in which
 * what is trained on always lies before what judges it.
 */

/**
 * Gives the end of each part: the place behind its last row, in rows sorted ascending by `values`.
 * Equal values are never parted, so that an end moves to the nearest place where the value changes; a share of 0 makes an
 * empty part. Null where there are fewer different values than parts.
 * Units: shares add up to 1.
 */
export function cutInOrder(values: ArrayLike<number>, shares: readonly number[]): number[] | null {
  const count = values.length
  const changes: number[] = []
  for (let place = 1; place < count; place++) if (values[place] !== values[place - 1]) changes.push(place)
  const cuts = shares.filter((share) => share > 0).length - 1
  if (count === 0 || changes.length < cuts) return null
  const ends: number[] = []
  let sum = 0
  let taken = 0
  let end = 0
  let cut = 0
  for (const share of shares) {
    sum += share
    if (share > 0) {
      // As many changes have to be left as cuts will follow.
      const most = changes.length - (cuts - cut)
      if (cut < cuts) {
        const chosen = nearest(changes, Math.round(sum * count), taken, most)
        end = changes[chosen] ?? count
        taken = chosen + 1
      } else end = count
      cut++
    }
    ends.push(end)
  }
  return ends
}

/** The place of the ascending number that is nearest to `wanted`, from `first` to `last`; the earlier of two. */
function nearest(ascending: readonly number[], wanted: number, first: number, last: number): number {
  let low = first
  let high = last
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  const before = Math.max(first, low - 1)
  const gap = (place: number) => Math.abs((ascending[place] ?? 0) - wanted)
  return gap(before) <= gap(low) ? before : low
}
