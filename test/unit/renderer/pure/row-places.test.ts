import { expect, test } from 'vitest'
import { RowPlaces } from '#renderer/pure/row-places.ts'

test('rows that come into sight take the places of those that left it; those that stay keep theirs', () => {
  const places = new RowPlaces()
  const [a, b, c] = places.assign(['a', 'b', 'c'])
  expect(new Set([a, b, c]).size).toBe(3)
  expect(places.assign(['b', 'c', 'd'])).toEqual([b, c, a])
  // A new row above, as while runs train: what is written in a row below stays in its place.
  expect(places.assign(['z', 'b', 'c'])).toEqual([a, b, c])
  const [first, , last] = places.assign(['b', 'c', 'e', 'f'])
  expect([first, last]).toEqual([b, a])
  expect(places.assign(['b'])).toEqual([b])
  expect(new Set(places.assign(['b', 'g', 'h', 'i'])).size).toBe(4)
})
