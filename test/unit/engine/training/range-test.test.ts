/** The learning-rate range test: what it does to a real network, and what it reads from a curve. */
import { describe, expect, it } from 'vitest'
import { optimizers } from '#engine/training/plan.ts'
import { defaultRange, rangeTestProblem } from '#engine/training/rate-range.ts'
import { type RangeTestSetup, runRangeTest, suggestRate } from '#engine/training/range-test.ts'
import { Bench, generate, type Given, setupOf, trainToEnd } from '#test/unit/engine/support.ts'

const rings = generate(600, 2, 7, ([x = 0, y = 0]) => Number(x * x + y * y > 1.4))
const hidden = [{ units: 16, activation: 'relu' as const }]

function test(given: Omit<Given, 'train'> & { range?: RangeTestSetup['range'] } = {}) {
  const { range = defaultRange, ...rest } = given
  const setup = setupOf({ hidden, train: rings, ...rest }, new Bench())
  const reports: number[] = []
  const result = runRangeTest({ ...setup, range }, (done) => reports.push(done))
  return { ...result, reports }
}

describe('runRangeTest', () => {
  it('raises the rate by one factor from batch to batch, from the low one on', () => {
    const { rates, losses, reports } = test({ range: { low: 1e-5, high: 1e-2, steps: 31 } })
    expect(rates[0]).toBeCloseTo(1e-5, 12)
    expect(rates.at(-1)).toBeCloseTo(1e-2, 9)
    rates.slice(1).forEach((rate, index) => expect(rate / (rates[index] ?? 1)).toBeCloseTo(10 ** 0.1, 6))
    expect(losses).toHaveLength(31)
    expect(reports).toEqual(rates.map((_, index) => index + 1))
    expect(losses[0]).toBeGreaterThan(0.3)
  })

  it.each(['sgd', 'momentum', 'adam', 'rmsprop'] as const)('suggests a rate that %s then learns with', (name) => {
    const optimizer = optimizers[name].defaults
    const { suggested, rates, reason } = test({ plan: { optimizer, batchSize: 32 } })
    expect(suggested, reason).not.toBeNull()
    const learningRate = suggested ?? 0
    expect(learningRate).toBeGreaterThan(rates[0] ?? 0)
    const stopping = { epochs: 30, patience: null }
    const plan = { optimizer: { ...optimizer, learningRate }, batchSize: 32, stopping }
    expect(trainToEnd({ hidden, train: rings, plan }).finish().train?.accuracy).toBeGreaterThan(0.93)
  })

  it('ends where the loss explodes, and leaves that out of the suggestion', () => {
    const target = generate(400, 3, 1, ([a = 0, b = 0]) => a - 2 * b)
    const optimizer = optimizers.sgd.defaults
    const setup = setupOf({ task: 'regression', hidden, train: target, plan: { optimizer } }, new Bench())
    const { exploded, rates, suggested } = runRangeTest({ ...setup, range: defaultRange }, () => undefined)
    expect(exploded).toBe(true)
    expect(rates.length).toBeLessThan(defaultRange.steps)
    expect(suggested).toBeLessThan((rates.at(-1) ?? 0) / 2)
  })

  it('gives the same for the same seed, and something else for another', () => {
    expect(test({ seed: 3 })).toEqual(test({ seed: 3 }))
    expect(test({ seed: 3 }).losses).not.toEqual(test({ seed: 4 }).losses)
  })

  it('takes batches that go through the network in pieces as one step each', () => {
    const range = { low: 1e-4, high: 1e-1, steps: 20 }
    const whole = test({ plan: { batchSize: 'full', optimizer: optimizers.sgd.defaults }, range })
    const one = trainToEnd({
      hidden,
      train: rings,
      plan: {
        batchSize: 'full',
        optimizer: { ...optimizers.sgd.defaults, learningRate: 1e-4 },
        stopping: { epochs: 1, patience: null }
      }
    })
    expect(whole.losses).toHaveLength(20)
    expect(whole.losses[1]).toBeCloseTo(one.finish().train?.loss ?? NaN, 4)
  })

  it('refuses what has no rate to find, in a sentence', () => {
    expect(() => test({ plan: { optimizer: optimizers.lbfgs.defaults, batchSize: 'full' } })).toThrow(/L-BFGS .*\.$/)
    expect(() => test({ range: { low: 1, high: 0.1, steps: 50 } })).toThrow(/must rise .*\.$/)
    expect(() => test({ range: { low: 0.1, high: 1, steps: 5 } })).toThrow(/number of batches .*\.$/)
    const plan = setupOf({ train: rings }).plan
    expect(rangeTestProblem(plan, defaultRange)).toBeNull()
  })
})

describe('suggestRate', () => {
  const rates = Array.from({ length: 200 }, (_, step) => 1e-6 * 10 ** (7 * (step / 199)))
  const curve = (loss: (log: number) => number) => rates.map((rate) => loss(Math.log10(rate)))

  it('finds the steepest descent of a curve with a known one', () => {
    // A logistic step down at 1e-3, up again at 1e0: steepest at its middle.
    const losses = curve((log) => 1 - 0.9 / (1 + Math.exp(-4 * (log + 3))) + 3 / (1 + Math.exp(-6 * log)))
    const { suggested } = suggestRate(rates, losses)
    expect(Math.log10(suggested ?? 0)).toBeGreaterThan(-3.3)
    expect(Math.log10(suggested ?? 0)).toBeLessThan(-2.7)
  })

  it('suggests nothing where the loss does not fall', () => {
    expect(
      suggestRate(
        rates,
        curve(() => 0.7)
      ).suggested
    ).toBeNull()
    const { suggested, reason } = suggestRate(
      rates,
      curve((log) => Math.exp(log))
    )
    expect(suggested).toBeNull()
    expect(reason).toMatch(/did not fall/)
  })
})
