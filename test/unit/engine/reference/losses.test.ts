import { describe, expect, it } from 'vitest'
import { sigmoid, softmax } from '#engine/kernels/reference/activations.ts'
import {
  balancedClassWeights,
  evaluateLoss,
  startsFromSums,
  oneHot,
  type ReferenceLoss
} from '#engine/kernels/reference/losses.ts'
import { Random } from '#engine/random.ts'
import { centralDifferences, expectClose, randomMatrix, randomTargets } from '#test/unit/engine/reference/support.ts'

const variants: ReferenceLoss[] = [
  { name: 'mean_squared_error' },
  { name: 'mean_absolute_error' },
  { name: 'huber', delta: 0.8 },
  { name: 'binary_cross_entropy' },
  { name: 'binary_cross_entropy', labelSmoothing: 0.1, classWeights: [0.5, 3] },
  { name: 'cross_entropy' },
  { name: 'cross_entropy', labelSmoothing: 0.2 },
  { name: 'cross_entropy', labelSmoothing: 0.1, classWeights: [0.5, 3, 1, 1.5, 0.1] },
  { name: 'cross_entropy', rowWeights: [1, 0, 2.5] }
]

describe.each(variants)('$name (smoothing $labelSmoothing, class weights $classWeights)', (loss) => {
  it('has the gradient that central differences find', () => {
    const random = new Random(3)
    const units = 5
    const start = randomMatrix(random, 3, units, 2)
    const targets = randomTargets(random, loss.name, 3, units)
    const rowsOf = (flat: number[]) => start.map((_, row) => flat.slice(row * units, (row + 1) * units))
    const estimated = centralDifferences((flat) => evaluateLoss(loss, rowsOf(flat), targets).loss, start.flat())
    expectClose('gradient', evaluateLoss(loss, start, targets).gradient.flat(), estimated, {
      absolute: 1e-9,
      relative: 1e-8
    })
  })
})

it('counts half the mean of squared errors: 1/(2m)', () => {
  expect(evaluateLoss({ name: 'mean_squared_error' }, [[1], [4]], [[0], [2]]).loss).toBe((1 + 4) / 4)
})

it('is linear beyond delta, and continuous there', () => {
  const huber = (error: number) => evaluateLoss({ name: 'huber', delta: 1.5 }, [[error]], [[0]])
  expect(huber(1.5).loss).toBe(1.125)
  expect(huber(-11.5)).toEqual({ loss: 1.125 + 15, gradient: [[-1.5]] })
})

it('agrees with the formulas by outputs', () => {
  const z = [0.4, -1.1, 0.2]
  const crossEntropy = evaluateLoss({ name: 'cross_entropy' }, [z], [[0, 1, 0]])
  expect(crossEntropy.loss).toBeCloseTo(-Math.log(softmax(z)[1] ?? NaN), 14)
  const binary = evaluateLoss({ name: 'binary_cross_entropy' }, [[0.7]], [[0]])
  expect(binary.loss).toBeCloseTo(-Math.log(1 - sigmoid(0.7)), 14)
})

it('stays exact for sums whose exp() overflows or whose probability rounds to 0', () => {
  expect(evaluateLoss({ name: 'cross_entropy' }, [[1000, 0, -1000]], [[0, 0, 1]])).toEqual({
    loss: 2000,
    gradient: [[1, 0, -1]]
  })
  expect(evaluateLoss({ name: 'binary_cross_entropy' }, [[-800]], [[1]])).toEqual({ loss: 800, gradient: [[-1]] })
})

it('smooths labels towards the even distribution', () => {
  const [z, classes] = [[[2, -1, 0.5]], [0]]
  const smooth = evaluateLoss({ name: 'cross_entropy', labelSmoothing: 0.3 }, z, oneHot(classes, 3)).loss
  const plain = (wanted: number) => evaluateLoss({ name: 'cross_entropy' }, z, oneHot([wanted], 3)).loss
  expect(smooth).toBeCloseTo(0.7 * plain(0) + 0.1 * (plain(0) + plain(1) + plain(2)), 14)
})

it('gives every class the same total weight when weights are balanced', () => {
  const classes = [0, 0, 0, 0, 1, 1, 2, 2]
  const weights = balancedClassWeights(classes, 3)
  expectClose('weights', weights, [8 / 12, 8 / 6, 8 / 6], { absolute: 1e-15, relative: 0 })
})

it('keeps class weights in force for a batch of one row', () => {
  const weighted = evaluateLoss({ name: 'cross_entropy', classWeights: [1, 4] }, [[0, 0]], [[0, 1]]).loss
  expect(weighted).toBeCloseTo(4 * Math.LN2, 14)
})

it('refuses a fused loss behind another output, and shapes that do not fit', () => {
  expect(() => startsFromSums('cross_entropy', 'sigmoid')).toThrow('starts from the sums of softmax, not of sigmoid')
  expect(() => evaluateLoss({ name: 'mean_squared_error' }, [[1, 2]], [[1]])).toThrow('2 outputs')
})
