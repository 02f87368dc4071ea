/** Paired differences by row and seed: by hand, and whether their intervals hold what they promise. */
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { intervalOf } from '#lab/selection/belief.ts'
import { pairedDifference } from '#lab/selection/paired-difference.ts'
import type { RowResult } from '#lab/selection/row-results.ts'

const seedsOf = (results: readonly (readonly number[])[], seeds = results.map((_, at) => at + 1)) =>
  new Map(
    results.map((parts, at): [number, RowResult] => [
      seeds[at] ?? at,
      { parts: Float32Array.from(parts), error: parts.reduce((sum, part) => sum + part, 0) / parts.length }
    ])
  )

describe('a paired difference', () => {
  it('has the variance of rows and seeds, each without the rest that both share', () => {
    // Differences: seed 1 has 1, 2, 6 (mean 3), seed 2 has 1, 4, 4 (mean 3), seed 3 has 4, 3, 5 (mean 4).
    // Rows' means 2, 3, 5: variance 7/3, over 3 rows 0.77778. Seeds' means: variance 1/3, over 3 seeds 0.11111.
    // Rests: -1 -1 2 / -1/... below; with the grand mean 10/3 the rest of seed s, row i is d - seed - row + 10/3.
    const rests = [
      [1 - 3 - 2, 2 - 3 - 3, 6 - 3 - 5],
      [1 - 3 - 2, 4 - 3 - 3, 4 - 3 - 5],
      [4 - 4 - 2, 3 - 4 - 3, 5 - 4 - 5]
    ].map((row) => row.map((rest) => rest + 10 / 3))
    const rest = rests.flat().reduce((sum, value) => sum + value * value, 0) / 4
    const first = seedsOf([
      [11, 12, 16],
      [11, 14, 14],
      [14, 13, 15]
    ])
    const second = seedsOf([
      [10, 10, 10],
      [10, 10, 10],
      [10, 10, 10]
    ])
    const belief = pairedDifference(first, second, { rows: 3, areShares: false })
    expect(belief.centre).toBeCloseTo(10 / 3, 6)
    expect(belief.rowVariance).toBeCloseTo(7 / 9, 6)
    expect(belief.seedVariance).toBeCloseTo(Math.max(0, 1 / 9 - rest / 9), 6)
    expect(belief.error ** 2).toBeCloseTo(belief.rowVariance + belief.seedVariance, 9)
  })

  it('lets what a hard row does to both cancel', () => {
    const hard = [0, 100, 3, 50]
    const first = seedsOf([hard.map((part) => part + 1), hard.map((part) => part + 1)])
    expect(pairedDifference(first, seedsOf([hard, hard]), { rows: 4, areShares: false })).toMatchObject({
      centre: 1,
      error: 0
    })
  })

  it('pairs by seed only where both have the same ones', () => {
    // Seeds as different as 10 and 20 cancel for the same seeds, and add up for others.
    const first = [
      [10, 10],
      [20, 20]
    ]
    const same = pairedDifference(seedsOf(first), seedsOf(first), { rows: 2, areShares: false })
    const other = pairedDifference(seedsOf(first), seedsOf(first, [7, 8]), { rows: 2, areShares: false })
    expect(same.seedVariance).toBe(0)
    // The variance of 10 and 20 is 50; of the mean of two 25; of two of these 50.
    expect(other.seedVariance).toBeCloseTo(50, 9)
  })

  it('adds the half rows of Agresti and Min: networks that agree on 30 rows may differ on others', () => {
    const right = Array.from({ length: 30 }, () => 0)
    const belief = pairedDifference(seedsOf([right]), seedsOf([right]), { rows: 30, areShares: true })
    // (0 + 1) / 32, over 30 rows.
    expect(belief.error).toBeCloseTo(Math.sqrt(1 / 32 / 30), 9)
    // 5 rows that only the first gets wrong, 2 that only the second does: (7 + 1) / 32 - (3 / 32)^2.
    const first = right.map((_, row) => Number(row < 5))
    const second = right.map((_, row) => Number(row >= 28))
    const apart = pairedDifference(seedsOf([first]), seedsOf([second]), { rows: 30, areShares: true })
    expect(apart.centre).toBeCloseTo(0.1, 6)
    expect(apart.error).toBeCloseTo(Math.sqrt((8 / 32 - (3 / 32) ** 2) / 30), 9)
  })

  it('knows a large part from a sample of its rows', () => {
    const parts = Array.from({ length: 100 }, (_, row) => row % 2)
    const none = parts.map(() => 0)
    const all = pairedDifference(seedsOf([parts]), seedsOf([none]), { rows: 100, areShares: false })
    const sampled = pairedDifference(seedsOf([parts]), seedsOf([none]), { rows: 10_000, areShares: false })
    expect(all.error / sampled.error).toBeCloseTo(10, 6)
  })

  it.each(['normal', 'heavy'])('holds the truth in 90 to 99 of 100 intervals of 95 %%, with %s rows', (kind) => {
    const random = new Random(11)
    const draw = () => {
      if (kind === 'normal') return random.normal()
      const squares = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2
      return random.normal() / Math.sqrt(squares)
    }
    let held = 0
    const rounds = 600
    for (let round = 0; round < rounds; round++) {
      // Two topologies of the same truth: rows, seeds and the rest move their difference.
      const rows = Array.from({ length: 30 }, draw)
      const first = Array.from({ length: 5 }, () => {
        const seed = 0.1 * random.normal()
        return rows.map((row) => row + seed + 0.5 * draw())
      })
      const belief = pairedDifference(seedsOf(first), seedsOf(first.map((own) => own.map(() => 0))), {
        rows: 30,
        areShares: false
      })
      const { low, high } = intervalOf(belief)
      if (low <= 0 && high >= 0) held++
    }
    expect(held / rounds).toBeGreaterThan(0.9)
    expect(held / rounds).toBeLessThan(0.99)
  })
})
