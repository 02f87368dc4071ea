/** What a run says of single rows: what was kept adds up to the figures of the part, and is a sample of a large one. */
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { figureRows, keptRows, mostKeptRows } from '#engine/training/row-figures.ts'
import { generate, trainToEnd } from '#test/unit/engine/support.ts'

const plan = { stopping: { epochs: 4, patience: null } }
const meanOf = (values: Iterable<number>) => {
  const all = [...values]
  return all.reduce((sum, value) => sum + value, 0) / all.length
}

describe('the rows of a run', () => {
  it('add up to accuracy and loss of its validation part', () => {
    const ring = ([x = 0, y = 0]: number[]) => (x * x + y * y > 1 ? 1 : 0)
    const outcome = trainToEnd({
      train: generate(300, 2, 1, ring),
      validation: generate(90, 2, 2, ring),
      plan
    }).finish()
    const { rows = 0, departures = [], surprises = [] } = outcome.rows ?? {}
    expect(rows).toBe(90)
    expect(meanOf(departures.map((code) => Number(code === 0)))).toBeCloseTo(outcome.validation?.accuracy ?? NaN, 12)
    expect(meanOf(surprises)).toBeCloseTo(outcome.validation?.loss ?? NaN, 5)
  })

  it('add up to the root mean squared error, in units of the target', () => {
    const outcome = trainToEnd({
      task: 'regression',
      train: generate(200, 2, 1, ([x = 0]) => x * x),
      validation: generate(80, 2, 2, ([x = 0]) => x * x),
      targetScale: { mean: 5, deviation: 20 },
      plan
    }).finish()
    const { departures = [], surprises } = outcome.rows ?? {}
    const squared = Float64Array.from(departures, (residual) => residual ** 2)
    expect(Math.sqrt(meanOf(squared))).toBeCloseTo(outcome.validation?.rmse ?? NaN, 4)
    expect(surprises).toHaveLength(0)
  })

  it('are none without a validation part, or without a finite epoch', () => {
    const train = generate(64, 2, 1, ([x = 0]) => x * 1e20)
    const calm = trainToEnd({ train: generate(64, 2, 1, ([x = 0]) => Number(x > 0)), plan }).finish()
    const wild = { optimizer: { name: 'sgd', learningRate: 10 } as const, loss: 'mean_squared_error' as const }
    expect(calm.rows).toBeNull()
    expect(trainToEnd({ task: 'regression', train, validation: train, plan: wild }).finish().rows).toBeNull()
  })

  it('say which wrong class was said, and how sure the network was of the true one', () => {
    const figuring = figureRows({
      task: 'classification',
      units: 3,
      targets: Float32Array.of(0, 2, 1),
      deviation: 1
    })
    figuring.add(Float32Array.of(0.5, 0.25, 0.25, 0.25, 0.5, 0.25))
    figuring.add(Float32Array.of(1, 0, 0))
    const { departures, surprises } = figuring.finish()
    // keptRows() puts the rows of a part in an order of its own.
    const order = [...keptRows(3)]
    expect(order.toSorted()).toEqual([0, 1, 2])
    expect([...departures]).toEqual(order.map((row) => [0, 2, 1][row]))
    const expected = order.map((row) => [Math.log(2), Math.log(4), 149 * Math.log(2)][row] ?? NaN)
    surprises.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? NaN, 4))
  })

  it('are a sample of a large part that is the same for every run, drawn without replacement', () => {
    const random = new Random(5)
    const rows = 25_000
    const targets = Float32Array.from({ length: rows }, () => random.normal())
    const figuring = figureRows({ task: 'regression', units: 1, targets, deviation: 1 })
    figuring.add(new Float32Array(rows))
    const { departures, rows: told } = figuring.finish()
    const order = keptRows(rows)
    expect(told).toBe(rows)
    expect(new Set(order).size).toBe(mostKeptRows)
    expect([...departures]).toEqual(Array.from(order, (row) => -(targets[row] ?? NaN)))
    // Any beginning of it is a fair sample: the mean of 10,000 numbers of deviation 1 has a standard error of 0.01.
    expect(Math.abs(meanOf(order) / rows - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(meanOf(order.subarray(0, 1000)) / rows - 0.5)).toBeLessThan(0.03)
  })
})
