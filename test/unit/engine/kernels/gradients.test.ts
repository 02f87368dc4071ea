/** The kernels against float64 and central differences: one step of plain gradient descent shows the gradient. */
import { describe, expect, it } from 'vitest'
import { type ActivationName, hiddenActivationNames } from '#engine/network/activations.ts'
import { type LossName, lossNames, losses } from '#engine/network/losses.ts'
import { Random } from '#engine/random.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { centralDifferences, lossOf } from '#test/unit/engine/oracle.ts'
import { Bench, generate, setupOf } from '#test/unit/engine/support.ts'

const rate = 0.5

/** Takes one step over the whole table in batches of all rows, and returns gradient and loss of kernels and oracle. */
function compare(
  widths: readonly number[],
  hidden: ActivationName,
  output: ActivationName,
  units: number,
  loss: LossName,
  rows: number,
  batchSize: TrainingPlan['batchSize'] = 'full'
) {
  const isClass = loss !== 'mean_squared_error' || output === 'sigmoid'
  const classes = Math.max(2, units)
  let next = 0
  const train = generate(rows, 5, rows, ([x = 0]) => (isClass ? next++ % classes : x * x))
  const setup = setupOf({
    train,
    task: isClass ? 'classification' : 'regression',
    classes: isClass ? classes : 1,
    hidden: widths.map((width) => ({ units: width, activation: hidden })),
    output: { units, activation: output },
    plan: {
      loss,
      batchSize,
      optimizer: { name: 'sgd', learningRate: rate },
      stopping: { epochs: 10, patience: null }
    }
  })
  const first = createTrainer(setup).checkpoint()
  // Biases too are random: at 0, a unit behind dead ones would sit on the kink of its ReLU. And weights are larger than
  // usual, so that saturating activations saturate a little.
  const random = new Random(rows)
  const parameters = first.parameters.map(() => random.normal() * 0.6)
  const trainer = createTrainer({ ...setup, checkpoint: { ...first, parameters } })
  let advance = trainer.advance(0)
  while (advance.epochs === 0) advance = trainer.advance(0)
  const after = trainer.checkpoint().parameters
  const gradient = parameters.map((value, index) => (value - (after[index] ?? 0)) / rate)
  const f = (p: ArrayLike<number>) => lossOf(setup.topology, p, loss, isClass, train)
  return { loss: advance.values[3], wantedLoss: f(parameters), gradient, wanted: centralDifferences(f, parameters) }
}

function expectClose(actual: ArrayLike<number>, wanted: readonly number[]) {
  const scale = Math.max(...wanted.map(Math.abs))
  wanted.forEach((value, index) => {
    const off = Math.abs((actual[index] ?? NaN) - value)
    expect(off, `parameter ${index}: ${actual[index]} for ${value}`).toBeLessThan(1e-5 + 2e-5 * scale)
  })
}

const outputs = lossNames.flatMap((loss) => losses[loss].outputs.map((output) => [loss, output] as const))

describe.each(outputs)('%s behind %s', (loss, output) => {
  const several = loss === 'cross_entropy' || (loss === 'mean_squared_error' && output === 'sigmoid')
  describe.each(hiddenActivationNames)('after %s', (hidden) => {
    it.each([1, 3, 5, 17])('%i units', (width) => {
      const result = compare([width, width + 1], hidden, output, several ? 5 : 1, loss, 13)
      expect(result.loss).toBeCloseTo(result.wantedLoss, 5)
      expectClose(result.gradient, result.wanted)
    })
  })
})

it.each([2, 3, 4, 5, 8, 9, 17])('softmax over %i classes', (classes) => {
  const result = compare([6], 'tanh', 'softmax', classes, 'cross_entropy', 19)
  expect(result.loss).toBeCloseTo(result.wantedLoss, 5)
  expectClose(result.gradient, result.wanted)
})

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 300])('a batch of %i rows', (rows) => {
  const result = compare([7], 'sigmoid', 'linear', 1, 'mean_squared_error', rows)
  expect(result.loss).toBeCloseTo(result.wantedLoss, 4)
  expectClose(result.gradient, result.wanted)
})

it('no hidden layer', () => {
  const result = compare([], 'relu', 'softmax', 3, 'cross_entropy', 10)
  expectClose(result.gradient, result.wanted)
})

describe('losses of large sums stay finite and right', () => {
  it.each([
    ['binary_cross_entropy', 'sigmoid', 1],
    ['cross_entropy', 'softmax', 3]
  ] as const)('%s', (loss, activation, units) => {
    const bench = new Bench()
    const train = { inputs: 1, rows: [[1], [1], [1]], targets: [0, 1, 0] }
    const setup = setupOf(
      {
        train,
        classes: Math.max(2, units),
        output: { units, activation },
        plan: { loss, batchSize: 'full', initialisation: { name: 'zeros' }, stopping: { epochs: 2, patience: null } }
      },
      bench
    )
    const first = createTrainer(setup).checkpoint()
    // sums of 1000 for the first output: the loss of a row of the other class is 1000
    const parameters = first.parameters.map((_, index) => (index === 0 ? 1000 : 0))
    const trainer = createTrainer({ ...setup, checkpoint: { ...first, parameters } })
    const { values } = trainer.advance(0)
    const wrong = units === 1 ? 2 : 1
    expect(values[3]).toBeCloseTo((wrong * 1000) / 3, 2)
  })
})
