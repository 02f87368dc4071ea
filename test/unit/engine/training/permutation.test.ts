import { expect, it } from 'vitest'
import { evaluate, evaluationArenaBytes } from '#engine/training/evaluation.ts'
import { measurePermuted } from '#engine/training/permutation.ts'
import { Bench, generate, type Given, setupOf } from '#test/unit/engine/support.ts'

const rows = 40
const given: Given = {
  train: generate(rows, 4, 3, ([x = 0, y = 0]) => 2 * x + y),
  task: 'regression',
  targetScale: { mean: 5, deviation: 3 }
}

/** A linear network that knows the answer: it reads the first two inputs and is deaf to the others. */
function knowing() {
  const bench = new Bench()
  const setup = setupOf(given, bench)
  const arena = bench.take(evaluationArenaBytes(setup.topology))
  return { ...setup, arena, parameters: Float32Array.of(2, 1, 0, 0, 0), part: setup.train, bench }
}

it('raises the error by what an input tells, as the mean over all exchanges of rows says', () => {
  const evaluation = knowing()
  const repeats = 400
  const [measured = []] = measurePermuted(evaluation, { groups: [{ first: 0, count: 1 }], repeats, seed: 1 })
  // Fisher, Rudin & Dominici 2019: every row with the input of every other one, here 2 (x_j - x_i) in units of 3.
  const inputs = given.train.rows.map(([x = 0]) => x)
  const pairs = inputs.flatMap((own) => inputs.map((other) => (3 * 2 * (other - own)) ** 2))
  const exact = pairs.reduce((sum, error) => sum + error, 0) / pairs.length
  const mean = measured.reduce((sum, { rmse = NaN }) => sum + rmse ** 2, 0) / repeats
  expect(Math.abs(mean / exact - 1)).toBeLessThan(0.05)
})

it('keeps the inputs of a column together, leaves deaf ones without a rise, and puts the part right again', () => {
  const evaluation = knowing()
  const before = evaluate(evaluation)
  const inputs = evaluation.bench.floats(evaluation.part.inputs, rows * 4).slice()
  const groups = [
    { first: 2, count: 2 },
    { first: 0, count: 2 },
    { first: 1, count: 1 }
  ]
  const [deaf = [], both = [], second = []] = measurePermuted(evaluation, { groups, repeats: 3, seed: 1 })
  expect(deaf).toEqual([before, before, before])
  both.forEach((figures, index) => expect(figures.rmse).toBeGreaterThan(second[index]?.rmse ?? NaN))
  expect(evaluation.bench.floats(evaluation.part.inputs, rows * 4)).toEqual(inputs)
  // A group is shuffled alike, whatever is measured before it.
  expect(measurePermuted(evaluation, { groups: groups.slice(2), repeats: 3, seed: 1 })).toEqual([second])
})

it('refuses inputs that there are none of', () => {
  expect(() => measurePermuted(knowing(), { groups: [{ first: 3, count: 2 }], repeats: 1, seed: 1 })).toThrow(
    'There are no inputs 3 to 4.'
  )
})
