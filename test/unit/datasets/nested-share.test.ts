/** Shares of the training rows for a learning curve. */
import { expect, it } from 'vitest'
import { nestedShare } from '#lab/datasets/nested-share.ts'

/** 100 rows with gaps between their numbers: 80 of class 0, 18 of class 1, and 2 of class 2. */
const rows = Uint32Array.from({ length: 100 }, (_, index) => 3 * index)
const classes = Float32Array.from(rows, (_, index) => (index < 80 ? 0 : index < 98 ? 1 : 2))
const shares = [0.03, 0.1, 0.2, 0.4, 0.7, 1]

it.each([
  ['by class', classes],
  ['without classes', null]
])('holds the smaller shares in the larger ones, to the row, ascending: %s', (_, given) => {
  const drawn = shares.map((share) => nestedShare(rows, given, share, 7))
  expect(drawn.map(({ length }) => length)).toEqual([3, 10, 20, 40, 70, 100])
  drawn.slice(1).forEach((larger, index) => {
    const inLarger = new Set(larger)
    expect([...(drawn[index] ?? [])].filter((row) => !inLarger.has(row))).toEqual([])
  })
  for (const share of drawn) expect([...share]).toEqual([...new Set(share)].sort((a, b) => a - b))
  expect(drawn.at(-1)).toEqual(rows)
})

it('gives every class its share of the places, and at least one', () => {
  const counts = (share: number) => {
    const drawn = nestedShare(rows, classes, share, 7)
    return [0, 1, 2].map((name) => drawn.filter((row) => classes[row / 3] === name).length)
  }
  expect(counts(0.03)).toEqual([1, 1, 1])
  const [most = 0, some = 0, few = 0] = counts(0.4)
  expect(Math.abs(most - 32)).toBeLessThanOrEqual(1)
  expect(Math.abs(some - 7)).toBeLessThanOrEqual(1)
  expect(few).toBe(1)
})

it('draws the same rows for the same seed, and others for another', () => {
  expect(nestedShare(rows, classes, 0.2, 7)).toEqual(nestedShare(rows, classes, 0.2, 7))
  expect(nestedShare(rows, classes, 0.2, 7)).not.toEqual(nestedShare(rows, classes, 0.2, 8))
})
