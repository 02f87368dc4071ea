/** Limits of predictions: what is measured and predicted stays between them, and training is as without them. */
import { expect, it } from 'vitest'
import { evaluate, evaluationArenaBytes } from '#engine/training/evaluation.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { Bench, generate, type Given, setupOf } from '#test/unit/engine/support.ts'

const given: Given = {
  train: generate(40, 2, 3, ([x = 0, y = 0]) => 2 * x + y),
  task: 'regression',
  targetScale: { mean: 5, deviation: 3 }
}

it('errors are those of outputs that were brought back between the limits', () => {
  const bench = new Bench()
  const setup = setupOf(given, bench)
  const arena = bench.take(evaluationArenaBytes(setup.topology))
  const measure = (limits?: { minimum: number; maximum: number }) =>
    evaluate({
      ...setup,
      arena,
      // Twice as steep as the truth.
      parameters: Float32Array.of(4, 2, 0),
      part: setup.train,
      targetScale: { mean: 5, deviation: 3, ...(limits && { limits }) }
    })
  const limits = { minimum: 4, maximum: 6.5 }
  const squares = given.train.rows.map(([x = 0, y = 0], row) => {
    const said = Math.min(Math.max(5 + 3 * (4 * x + 2 * y), limits.minimum), limits.maximum)
    return (said - (5 + 3 * (given.train.targets[row] ?? 0))) ** 2
  })
  const rmse = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length)
  expect(measure(limits).rmse).toBeCloseTo(rmse, 4)
  expect(measure({ minimum: -1e6, maximum: 1e6 })).toEqual(measure())
})

it('training takes the same steps with limits and without', () => {
  const weights = [undefined, { minimum: 4.9, maximum: 5.1 }].map((limits) => {
    const setup = setupOf({ ...given, targetScale: { mean: 5, deviation: 3, ...(limits && { limits }) } }, new Bench())
    const trainer = createTrainer(setup)
    while (!trainer.advance(1).finished);
    return trainer.checkpoint().parameters
  })
  expect(weights[1]).toEqual(weights[0])
})
