/** How far a measured error may lie from the true one: by hand, and how often 95 % hold it. */
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { rootMeanSquareNoise, shareNoise } from '#lab/selection/error-noise.ts'

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the noise of an error', () => {
  it('is half of Wilson’s interval for one run', () => {
    // 10 wrong of 100: 95 % from 0.0552 to 0.1744, one standard error half as wide as 0.0741 to 0.1345.
    const wrong = Array.from({ length: 100 }, (_, row) => Number(row < 10))
    const { value, low, high } = shareNoise(0.1, wrong, 100)
    expect(value).toBeCloseTo(0.0302, 3)
    expect(low).toBeCloseTo(0.0552, 3)
    expect(high).toBeCloseTo(0.1744, 3)
  })

  it('is not none for no wrong row', () => {
    const { value, low, high } = shareNoise(0, new Float64Array(30), 30)
    expect(value).toBeGreaterThan(0.01)
    expect(low).toBe(0)
    expect(high).toBeCloseTo(0.1135, 3)
  })

  it('is smaller for the mean of seeds that err on different rows', () => {
    const wrong = Array.from({ length: 100 }, (_, row) => Number(row < 50) / 5)
    expect(shareNoise(0.1, wrong, 100).value).toBeLessThan(0.5 * shareNoise(0.1, [1, 0], 100).value)
  })

  it('adds the seeds, in squares', () => {
    const wrong = Array.from({ length: 100 }, (_, row) => Number(row < 10))
    const { rows, value } = shareNoise(0.1, wrong, 100, 0.04)
    expect(value).toBeCloseTo(Math.hypot(rows, 0.04), 9)
    expect(rootMeanSquareNoise(2, [4, 4, 1, 7], 4, 0.5).seeds).toBe(0.5)
  })

  it('is none for numbers that are met exactly', () => {
    expect(rootMeanSquareNoise(0, [0, 0, 0], 3)).toMatchObject({ value: 0, low: 0, high: 0 })
  })

  it.each([
    ['normal', 30, 0.9],
    ['normal', 200, 0.9],
    // The variance of squares of t at 3 degrees is infinite: no sample tells it.
    ['t at 3 degrees', 30, 0.9],
    ['t at 3 degrees', 200, 0.89],
    ['t at 5 degrees', 80, 0.9]
  ])('holds the true root mean square in 90 of 100 intervals of 95 %%: %s, %d rows', (kind, rows, least) => {
    const random = new Random(7)
    const degrees = kind === 'normal' ? 0 : Number(/at (\d)/.exec(kind)?.[1])
    const draw = () => {
      if (degrees === 0) return random.normal()
      let squares = 0
      for (let at = 0; at < degrees; at++) squares += random.normal() ** 2
      return (random.normal() / Math.sqrt(squares / degrees)) * Math.sqrt((degrees - 2) / degrees)
    }
    let held = 0
    const rounds = 1500
    for (let round = 0; round < rounds; round++) {
      const squares = Array.from({ length: rows }, () => draw() ** 2)
      const { low, high } = rootMeanSquareNoise(Math.sqrt(meanOf(squares)), squares, rows)
      if (low <= 1 && high >= 1) held++
    }
    expect(held / rounds).toBeGreaterThan(least)
    expect(held / rounds).toBeLessThan(0.995)
  })

  it.each([
    [30, 0.1],
    [30, 0.4],
    [200, 0.02],
    [200, 0.2]
  ])('holds a share in 88 to 99 of 100 intervals of 95 %%: %d rows, %d wrong', (rows, share) => {
    const random = new Random(8)
    let held = 0
    const rounds = 1500
    for (let round = 0; round < rounds; round++) {
      // Five seeds: half of the mistakes are those of the row, half those of the seed.
      const wrong = Array.from({ length: rows }, () => {
        const isHard = random.uniform() < share
        return meanOf([1, 2, 3, 4, 5].map(() => Number(random.uniform() < 0.5 ? isHard : random.uniform() < share)))
      })
      const { low, high } = shareNoise(meanOf(wrong), wrong, rows)
      if (low <= share && high >= share) held++
    }
    expect(held / rounds).toBeGreaterThan(0.88)
    expect(held / rounds).toBeLessThanOrEqual(0.99)
  })
})
