/** The forest on tables whose answer is known. */
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { keptRows } from '#engine/training/row-figures.ts'
import { fitForest, type PartRows } from '#lab/selection/references/forest.ts'

/** Rows with three inputs between 0 and 1, the last of which tells nothing. */
function partOf(rows: number, seed: number, targetOf: (x: number, y: number) => number): PartRows {
  const random = new Random(seed)
  const inputs = Float32Array.from({ length: rows * 3 }, () => random.uniform())
  const targets = Float32Array.from({ length: rows }, (_, row) =>
    targetOf(inputs[row * 3] ?? 0, inputs[row * 3 + 1] ?? 0)
  )
  return { inputs, targets }
}

const shape = { inputs: 3, targetScale: { mean: 0, deviation: 1 } }

describe('classes', () => {
  it('tells three apart, whichever is the most frequent, and says which it said in place of the right one', async () => {
    const classOf = (x: number, y: number) => (x < 0.2 ? 0 : y < 0.6 ? 2 : 1)
    const [train, validation] = [partOf(400, 1, classOf), partOf(300, 2, classOf)]
    const fitted = await fitForest({ ...shape, task: 'classification' }, train, validation)
    expect(fitted.validationError).toBeLessThan(0.06)
    expect(fitted.trainError).toBeLessThanOrEqual(fitted.validationError)
    expect(fitted.departures).toHaveLength(300)
    const kept = keptRows(300)
    const wrong = fitted.departures.filter((departure) => departure !== 0)
    expect(wrong.length / 300).toBeCloseTo(fitted.validationError, 6)
    for (const [at, departure] of fitted.departures.entries()) {
      if (departure !== 0) expect(departure - 1).not.toBe(validation.targets[kept[at] ?? 0])
    }
  })

  it('tells two apart, the second of which is rare', async () => {
    const classOf = (x: number) => Number(x > 0.9)
    const fitted = await fitForest(
      { ...shape, task: 'classification' },
      partOf(300, 3, classOf),
      partOf(300, 4, classOf)
    )
    expect(fitted.validationError).toBeLessThan(0.03)
  })

  it('takes a class of two rows', async () => {
    const classOf = (x: number) => (x > 0.995 ? 2 : Number(x > 0.5))
    const fitted = await fitForest(
      { ...shape, task: 'classification' },
      partOf(400, 5, classOf),
      partOf(200, 6, classOf)
    )
    expect(fitted.validationError).toBeLessThan(0.03)
  })
})

it('predicts numbers, in units of the target', async () => {
  const numberOf = (x: number, y: number) => Math.sign(x - 0.5) * Math.sign(y - 0.5)
  const [train, validation] = [partOf(600, 7, numberOf), partOf(200, 8, numberOf)]
  const scaled = { mean: 100, deviation: 50 }
  const fitted = await fitForest({ ...shape, targetScale: scaled, task: 'regression' }, train, validation)
  expect(fitted.validationError).toBeLessThan(0.35 * 50)
  expect(fitted.validationError).toBeGreaterThan(0.02 * 50)
  const twin = await fitForest({ ...shape, targetScale: scaled, task: 'regression' }, train, validation)
  expect(twin.departures).toEqual(fitted.departures)
})
