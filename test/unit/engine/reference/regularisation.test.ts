import { expect, it } from 'vitest'
import { norm } from '#engine/kernels/reference/matrix.ts'
import type { ReferenceTopology } from '#engine/kernels/reference/network.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { addPenalty, clipByNorm, clipByValue, limitNorms, penaltyOf } from '#engine/kernels/reference/regularisation.ts'
import { Random } from '#engine/random.ts'
import { centralDifferences, expectClose, randomParameters } from '#test/unit/engine/reference/support.ts'

const topology: ReferenceTopology = {
  inputs: 3,
  layers: [
    { units: 5, activation: 'tanh', normalisation: 'batch' },
    { units: 1, activation: 'linear' }
  ]
}
const parameters = randomParameters(topology, new Random(4))
const none = unflatten(
  topology,
  flatten(parameters).map(() => 0)
)

it('penalises weights, not biases, with the gradient that central differences find', () => {
  const penalties = { l1: 0.3, l2: 0.7 }
  const estimated = centralDifferences(
    (values) => penaltyOf(unflatten(topology, values), penalties),
    flatten(parameters)
  )
  const gradient = addPenalty(none, parameters, penalties)
  expectClose('gradient', flatten(gradient), estimated, { absolute: 1e-9, relative: 1e-8 })
  expect(gradient[0]?.biases).toEqual([0, 0, 0, 0, 0])
  expect(gradient[0]?.gain).toEqual([0, 0, 0, 0, 0])
})

it('shortens a long gradient without turning it, and leaves a short one alone', () => {
  const clipped = clipByNorm([3, -4], 1)
  expect(norm(clipped)).toBeCloseTo(1, 6)
  expect((clipped[0] ?? NaN) / (clipped[1] ?? NaN)).toBeCloseTo(-0.75, 14)
  expect(clipByNorm([0.3, -0.4], 1)).toEqual([0.3, -0.4])
  expect(clipByNorm([0, 0], 1)).toEqual([0, 0])
})

it('cuts single elements', () => {
  expect(clipByValue([-3, 0.2, 3], 1)).toEqual([-1, 0.2, 1])
})

it('limits the norm of each unit apart', () => {
  const [layer] = limitNorms(
    [
      {
        weights: [
          [3, 4],
          [0.1, 0.2]
        ],
        biases: [9, 9]
      }
    ],
    2
  )
  expectClose(
    'weights',
    layer?.weights ?? [],
    [
      [1.2, 1.6],
      [0.1, 0.2]
    ],
    { absolute: 1e-15, relative: 0 }
  )
  expect(layer?.biases).toEqual([9, 9])
})
