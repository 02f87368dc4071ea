import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'

describe('Random', () => {
  it("gives xoshiro128**'s own numbers from a known state", () => {
    const random = new Random(1)
    random.state = Uint32Array.of(1, 2, 3, 4)
    // first outputs of the authors' C program (xoshiro128starstar.c 1.1) from this state
    expect([random.bits(), random.bits(), random.bits(), random.bits()]).toEqual([11520, 0, 5927040, 70819200])
  })

  it('continues exactly from a saved state', () => {
    const random = new Random(7)
    random.bits()
    const { state } = random
    const next = [random.uniform(), random.normal(), random.below(10)]
    random.state = state
    expect([random.uniform(), random.normal(), random.below(10)]).toEqual(next)
  })

  it('tells seeds apart, also those beyond 32 bits', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => new Random(seed).bits())
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('draws normal numbers with mean 0 and deviation 1', () => {
    const random = new Random(3)
    const draws = Array.from({ length: 20_000 }, () => random.normal())
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })

  it('shuffles every order with the same chance', () => {
    const random = new Random(5)
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const values = Uint32Array.of(0, 1, 2)
      random.shuffle(values)
      counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
