/** The full figures of a part against the oracle, which the golden files hold to scikit-learn. */
import { describe, expect, it } from 'vitest'
import * as oracle from '#engine/kernels/reference/metrics.ts'
import { Random } from '#engine/random.ts'
import type { PartDetails } from '#engine/training/metrics.ts'
import { type DetailedPart, detailPart } from '#engine/training/part-details.ts'
import { generate, trainToEnd } from '#test/unit/engine/support.ts'

/** Takes outputs in by pieces of seven rows. */
function detailsOf(part: DetailedPart, outputs: Float32Array): PartDetails {
  const detailing = detailPart(part)
  for (let at = 0; at < outputs.length; at += 7 * part.units) detailing.add(outputs.slice(at, at + 7 * part.units))
  const steps = detailing.finish()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Probabilities on a coarse grid, so that there are ties. */
function coarse(rows: number, units: number, random: Random): Float32Array {
  const outputs = Float32Array.from({ length: rows * units }, () => (1 + random.below(9)) / 10)
  if (units === 1) return outputs
  for (let row = 0; row < rows; row++) {
    const part = outputs.subarray(row * units, (row + 1) * units)
    const sum = part.reduce((total, value) => total + value, 0)
    part.forEach((value, unit) => (part[unit] = value / sum))
  }
  return outputs
}

describe('the figures of a classification', () => {
  it.each([
    { classes: 2, units: 1 },
    { classes: 2, units: 2 },
    { classes: 5, units: 5 }
  ])('are the oracle’s for $classes classes and $units outputs', ({ classes, units }) => {
    const random = new Random(3)
    const outputs = coarse(111, units, random)
    const targets = Float32Array.from({ length: 111 }, () => random.below(classes))
    const details = detailsOf({ task: 'classification', classes, units, targets, deviation: 1 }, outputs)
    const matrix = Array.from(targets, (_, row) => [...outputs.subarray(row * units, (row + 1) * units)])
    const confusion = oracle.confusionMatrix(oracle.predictedClasses(matrix), [...targets], classes)
    const figures = oracle.classMetrics(confusion)
    const areas = figures.map((_, index) => {
      const scores = matrix.map((row) => (units === 1 ? (row[0] ?? 0) * (index === 1 ? 1 : -1) : (row[index] ?? 0)))
      return oracle.rocAuc(
        scores,
        Array.from(targets, (target) => target === index)
      )
    })
    expect(details).toEqual({
      task: 'classification',
      confusion,
      classes: figures.map((figure, index) => ({ ...figure, rocAuc: areas[index] })),
      macro: oracle.averageMetrics(figures, 'macro'),
      weighted: oracle.averageMetrics(figures, 'weighted'),
      rocAuc: areas.reduce((sum, area) => sum + area, 0) / classes,
      logLoss: expect.closeTo(oracle.logLoss(matrix, [...targets]), 12) as number
    })
  })

  it('leave out the area of a class without rows, and the matrix of more than 100 classes', () => {
    const outputs = coarse(40, 101, new Random(5))
    const targets = Float32Array.from({ length: 40 }, (_, row) => row % 7)
    const details = detailsOf({ task: 'classification', classes: 101, units: 101, targets, deviation: 1 }, outputs)
    if (details.task !== 'classification') throw new Error('It is a classification.')
    expect(details.confusion).toBeNull()
    expect(details.classes.map(({ rocAuc }) => rocAuc !== null)).toEqual(
      Array.from({ length: 101 }, (_, index) => index < 7)
    )
    expect(details.rocAuc).toBeGreaterThan(0)
  })
})

it('gives the figures of a regression in the target’s own units', () => {
  const random = new Random(9)
  const targets = Float32Array.from({ length: 90 }, () => random.normal())
  const outputs = targets.map((target) => target + 0.3 * random.normal())
  const details = detailsOf({ task: 'regression', classes: 1, units: 1, targets, deviation: 20 }, outputs)
  const own = (values: Float32Array) => Array.from(values, (value) => value * 20 + 7)
  const wanted = oracle.regressionMetrics(own(outputs), own(targets))
  const residuals = own(outputs).map((value, row) => value - (own(targets)[row] ?? 0))
  if (details.task !== 'regression') throw new Error('It is a regression.')
  expect(details.rmse).toBeCloseTo(wanted.rmse, 5)
  expect(details.mae).toBeCloseTo(wanted.mae, 5)
  expect(details.r2).toBeCloseTo(wanted.r2, 5)
  expect(details.residuals.map(({ share }) => share)).toEqual([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])
  for (const { share, value } of details.residuals) expect(value).toBeCloseTo(oracle.quantile(residuals, share), 4)
})

describe('the outcome of a run', () => {
  const rings = (rows: number, seed: number) => generate(rows, 2, seed, ([x = 0, y = 0]) => (x * x + y * y > 1 ? 1 : 0))

  it('has the full figures of both parts at the best epoch, which agree with the recorded ones', () => {
    const plan = { stopping: { epochs: 8, patience: null } }
    const outcome = trainToEnd({ train: rings(300, 1), validation: rings(90, 2), plan }).finish()
    const { train, validation } = outcome.details ?? {}
    expect(outcome.details?.epoch).toBe(outcome.bestEpoch)
    if (train?.task !== 'classification' || validation?.task !== 'classification') throw new Error('Both are measured.')
    const rowsOf = (confusion: PartDetails & { task: 'classification' }) => confusion.confusion?.flat() ?? []
    expect(rowsOf(train).reduce((sum, count) => sum + count, 0)).toBe(300)
    expect(((validation.confusion?.[0]?.[0] ?? 0) + (validation.confusion?.[1]?.[1] ?? 0)) / 90).toBeCloseTo(
      outcome.validation?.accuracy ?? 0,
      12
    )
    expect(validation.logLoss).toBeCloseTo(outcome.validation?.loss ?? 0, 5)
  })

  it('has none where no epoch was finished', () => {
    const plan = { optimizer: { name: 'sgd', learningRate: 10 } as const, loss: 'mean_squared_error' as const }
    const train = generate(64, 2, 1, ([x = 0]) => x * 1e20)
    const outcome = trainToEnd({ task: 'regression', train, plan }).finish()
    expect(outcome).toMatchObject({ status: 'diverged', bestEpoch: 0, details: null })
  })
})
