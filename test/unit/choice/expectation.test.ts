import { describe, expect, it } from 'vitest'
import { expectTest, judgeOpening } from '#lab/choice/expectation.ts'
import { histogramOf } from '#lab/insight/diagnostics/residuals.ts'
import { Random } from '#engine/random.ts'

const wrongOf = (wrong: number, rows: number) => Array.from({ length: rows }, (_, row) => Number(row < wrong))

describe('what the test part should show', () => {
  it('adds the optimism, and is wider for fewer test rows', () => {
    const facts = { runId: 1, task: 'classification', rowErrors: wrongOf(10, 100), optimism: 0.01 } as const
    const many = expectTest({ ...facts, testRows: 10_000 })
    const few = expectTest({ ...facts, testRows: 50 })
    expect(many.validation).toBeCloseTo(0.1)
    expect((many.low + many.high) / 2).toBeCloseTo(0.11)
    expect(few.high - few.low).toBeGreaterThan(1.4 * (many.high - many.low))
  })

  it('does not promise a test part without mistakes where validation had none', () => {
    const { low, high } = expectTest({
      runId: 1,
      task: 'classification',
      rowErrors: wrongOf(0, 30),
      optimism: 0,
      testRows: 30
    })
    expect(low).toBe(0)
    expect(high).toBeGreaterThan(0.05)
  })

  it('holds for 95 of 100 draws of both parts, for classes and for numbers', () => {
    const random = new Random(4)
    const draw = { classification: () => Number(random.uniform() < 0.2), regression: () => random.normal() ** 2 }
    for (const task of ['classification', 'regression'] as const) {
      let held = 0
      for (let round = 0; round < 1000; round++) {
        const rowErrors = Array.from({ length: 150 }, draw[task])
        const test = Array.from({ length: 100 }, draw[task]).reduce((sum, error) => sum + error, 0) / 100
        const told = expectTest({ runId: 1, task, rowErrors, optimism: 0, testRows: 100 })
        const error = task === 'regression' ? Math.sqrt(test) : test
        if (judgeOpening(told, error).outcome === 'as_expected') held++
      }
      expect(held).toBeGreaterThan(925)
      expect(held).toBeLessThan(975)
    }
  })
})

describe('the histogram of residuals', () => {
  it('counts every value once, the highest in the last bin', () => {
    const values = Array.from({ length: 101 }, (_, index) => index / 100)
    const { edges, counts } = histogramOf(values)
    expect(edges).toHaveLength(counts.length + 1)
    expect([edges[0], edges.at(-1)]).toEqual([0, 1])
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(101)
    expect(histogramOf([2, 2, 2])).toEqual({ edges: [2, 2], counts: [3] })
  })
})
