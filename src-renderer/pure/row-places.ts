/**
 * Hands rows that come into sight the places of those that left it, so that what a place is made of is filled anew
 * instead of made anew. A row that stays in sight keeps its place, whatever comes before it.
 */
export class RowPlaces {
  #byKey = new Map<string, number>()
  #next = 0

  /** The places of the rows in sight, in their order. */
  assign(keys: readonly string[]): number[] {
    const inSight = new Set(keys)
    const free: number[] = []
    for (const [key, place] of this.#byKey) {
      if (inSight.has(key)) continue
      free.push(place)
      this.#byKey.delete(key)
    }
    return keys.map((key) => {
      const place = this.#byKey.get(key) ?? free.pop() ?? this.#next++
      this.#byKey.set(key, place)
      return place
    })
  }
}
