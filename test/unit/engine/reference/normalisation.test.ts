import { expect, it } from 'vitest'
import { column, mean } from '#engine/kernels/reference/matrix.ts'
import {
  batchNormForward,
  layerNormForward,
  newRunningStatistics,
  updateRunning
} from '#engine/kernels/reference/normalisation.ts'
import { expectClose } from '#test/unit/engine/reference/support.ts'

const z = [
  [1, 50],
  [2, -10],
  [6, 20]
]

it('brings each unit to mean = shift and deviation = gain over the batch', () => {
  const { output } = batchNormForward(z, [2, 3], [0.5, -1])
  for (const [unit, gain, shift] of [
    [0, 2, 0.5],
    [1, 3, -1]
  ] as const) {
    const values = column(output, unit)
    expect(mean(values)).toBeCloseTo(shift, 12)
    expect(mean(values.map((value) => (value - shift) ** 2))).toBeCloseTo(gain ** 2, 4)
  }
})

it('brings each row to mean 0 and deviation 1 over its units', () => {
  for (const row of layerNormForward(z, [1, 1], [0, 0]).output) {
    expect(mean(row)).toBeCloseTo(0, 12)
    expect(mean(row.map((value) => value ** 2))).toBeCloseTo(1, 5)
  }
})

it('moves running figures a tenth towards the batch, with the unbiased variance', () => {
  const first = updateRunning(newRunningStatistics(2), z)
  expectClose('means', first.means, [0.3, 2], { absolute: 1e-14, relative: 0 })
  expectClose('variances', first.variances, [0.9 + 0.7, 0.9 + 90], { absolute: 1e-13, relative: 0 })
})

it('refuses a batch of one row', () => {
  expect(() => batchNormForward([[1]], [1], [0])).toThrow('at least 2 rows; this one has 1')
})
