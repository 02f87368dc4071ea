import { expect, test } from 'vitest'
import { trainAdaline } from '#engine/units/adaline.ts'
import { leastSquaresUnit } from '#engine/units/least-squares.ts'
import { weightedSum } from '#engine/units/linear-unit.ts'
import { bipolarGate } from '#test/unit/engine/units/gates.ts'

test('the residuals of the solution are at right angles to every input and to the 1', () => {
  const rows = [
    [0.3, -1.2],
    [1.1, 0.4],
    [-0.7, 0.9],
    [2.0, 1.5],
    [-1.4, -0.2]
  ]
  const targets = [1, -1, 1, 1, -1]
  const unit = leastSquaresUnit({ rows, targets })
  expect(unit).not.toBeNull()
  if (!unit) return
  const residuals = rows.map((x, index) => (targets[index] ?? 0) - weightedSum(unit, x))
  for (const input of [0, 1]) {
    expect(rows.reduce((sum, x, index) => sum + (x[input] ?? 0) * (residuals[index] ?? 0), 0)).toBeCloseTo(0, 10)
  }
  expect(residuals.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10)
})

test('an Adaline with a small rate comes to it', () => {
  const table = bipolarGate('OR')
  const unit = leastSquaresUnit(table)
  const outcome = trainAdaline(table, { learningRate: 0.001, epochs: 5000, tolerance: 0 })
  outcome.unit.weights.forEach((weight, index) => expect(weight).toBeCloseTo(unit?.weights[index] ?? NaN, 2))
  expect(outcome.unit.bias).toBeCloseTo(unit?.bias ?? NaN, 2)
})

test('too few rows have no single solution', () => {
  expect(leastSquaresUnit({ rows: [[1, 2]], targets: [1] })).toBeNull()
  expect(
    leastSquaresUnit({
      rows: [
        [1, 2],
        [2, 4],
        [3, 6]
      ],
      targets: [1, -1, 1]
    })
  ).toBeNull()
})
