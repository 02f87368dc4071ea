/** Luck by bootstrap bias correction: what it says of picks whose truth is known. */
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { luckOf, type Pick } from '#lab/selection/luck.ts'

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

/** So many picks on so many rows, each row's part normal around 0, with a share of the noise that all have in common. */
function equallyGood(count: number, rows: number, random: Random, shared = 0): Pick[] {
  const common = Array.from({ length: rows }, () => random.normal())
  return Array.from({ length: count }, () => {
    const parts = Float64Array.from(common, (row) => shared * row + Math.sqrt(1 - shared ** 2) * random.normal())
    return { parts, error: meanOf(parts) }
  })
}

describe('luck', () => {
  it('is none for one pick, and for picks that are alike on every row', async () => {
    const [pick] = equallyGood(1, 50, new Random(1))
    if (!pick) throw new Error('one pick expected')
    expect(await luckOf([], { rows: 50 })).toBe(0)
    expect(await luckOf([pick], { rows: 50 })).toBe(0)
    expect(await luckOf([pick, pick], { rows: 50 })).toBeLessThan(0.02)
  })

  it('is that of the lowest of equally good picks, on average over many experiments', async () => {
    const random = new Random(2)
    let told = 0
    let true_ = 0
    const experiments = 60
    for (let experiment = 0; experiment < experiments; experiment++) {
      const picks = equallyGood(8, 60, random)
      told += await luckOf(picks, { rows: 60 })
      true_ -= Math.min(...picks.map(({ error }) => error))
    }
    // 1.42 standard errors of a mean of 60 rows, 0.129 each: 0.184.
    expect(true_ / experiments).toBeCloseTo(0.184, 1)
    expect(told / true_).toBeGreaterThan(0.75)
    expect(told / true_).toBeLessThan(1.25)
  })

  it('counts only what the picks do not share: rows that are hard for all make nobody lucky', async () => {
    const apart = await luckOf(equallyGood(8, 200, new Random(3)), { rows: 200 })
    const alike = await luckOf(equallyGood(8, 200, new Random(3), 0.95), { rows: 200 })
    expect(alike).toBeLessThan(apart / 2)
  })

  it('is next to none where one pick is far better than all others', async () => {
    const [first, ...others] = equallyGood(8, 100, new Random(4))
    if (!first) throw new Error('picks expected')
    const better = { parts: first.parts.map((part) => part - 3), error: first.error - 3 }
    expect(await luckOf([better, ...others], { rows: 100 })).toBeLessThan(0.02)
  })

  it('shrinks with the rows of the whole part where a sample of them is kept', async () => {
    const picks = equallyGood(8, 100, new Random(5)).map(({ parts }) => ({ parts, error: 0 }))
    const whole = await luckOf(picks, { rows: 100 })
    const sampled = await luckOf(picks, { rows: 10_000 })
    expect(whole / sampled).toBeGreaterThan(8)
    expect(whole / sampled).toBeLessThan(12)
  })

  it('is the same for the same picks', async () => {
    const picks = equallyGood(5, 40, new Random(6))
    expect(await luckOf(picks, { rows: 40 })).toBe(await luckOf(picks, { rows: 40 }))
  })
})
