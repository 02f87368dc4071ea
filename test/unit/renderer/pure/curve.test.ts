import { expect, test } from 'vitest'
import type { CurvePiece } from '#contract/runs.ts'
import { Curve } from '#renderer/pure/curve.ts'

/** A piece of two columns whose values tell their epoch: loss e, accuracy e / 1000. */
function piece(firstEpoch: number, epochs: number): CurvePiece {
  const numbers = Array.from({ length: epochs }, (_, index) => firstEpoch + index)
  const values = new Float32Array([...numbers, ...numbers.map((epoch) => epoch / 1000)])
  return { runId: 1, columns: ['trainLoss', 'trainAccuracy'], firstEpoch, epochs, values }
}

test('pieces in order, overlapping and repeated make one curve', () => {
  const curve = new Curve()
  curve.merge(piece(1, 300))
  curve.merge(piece(290, 20))
  curve.merge(piece(1, 5))
  expect(curve.epochs).toBe(309)
  expect([...curve.column('trainLoss')]).toEqual(Array.from({ length: 309 }, (_, index) => index + 1))
  expect(curve.at('trainAccuracy', 309)).toBeCloseTo(0.309, 6)
})

test('a piece that would leave a hole is not taken', () => {
  const curve = new Curve()
  curve.merge(piece(1, 3))
  curve.merge(piece(6, 2))
  expect(curve.epochs).toBe(3)
  curve.merge(piece(4, 4))
  expect(curve.epochs).toBe(7)
})

test('what was not measured is NaN, and an unknown column is empty', () => {
  const curve = new Curve()
  expect(curve.at('trainLoss', 1)).toBeNaN()
  curve.merge(piece(1, 1))
  expect(curve.column('validationLoss')).toHaveLength(0)
  expect(curve.at('trainLoss', 2)).toBeNaN()
})
