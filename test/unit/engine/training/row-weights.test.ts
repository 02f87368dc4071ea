/** Weights of rows: what they mean to training, and what they leave alone. */
import { describe, expect, it } from 'vitest'
import { optimizers, type TrainingPlan } from '#engine/training/plan.ts'
import { createTrainer, type Trainer } from '#engine/training/trainer.ts'
import { Bench, generate, type Given, setupOf, type Table } from '#test/unit/engine/support.ts'

const table = generate(24, 3, 5, ([a = 0, b = 0]) => Number(a > b))
const numbers = generate(24, 3, 5, ([a = 0, b = 0]) => a - b)
const full: Partial<TrainingPlan> = {
  optimizer: { ...optimizers.sgd.defaults, learningRate: 0.1 },
  batchSize: 'full',
  stopping: { epochs: 5, patience: null },
  order: 'sequential'
}
const hidden = [{ units: 5, activation: 'tanh' as const }]

function train(given: Partial<Given> & { weights?: readonly number[] }): Trainer {
  const { weights, ...rest } = given
  const bench = new Bench()
  const base = { hidden, train: table, plan: full, ...rest, isWeighted: weights !== undefined }
  const setup = setupOf(base, bench)
  const trainer = createTrainer(
    weights ? { ...setup, train: { ...setup.train, weights: bench.putFloats(weights) } } : setup
  )
  while (!trainer.advance(20).finished);
  return trainer
}

const parametersOf = (trainer: Trainer) => [...trainer.checkpoint().parameters]
const repeated = ({ inputs, rows, targets }: Table, times: readonly number[]): Table => ({
  inputs,
  rows: rows.flatMap((row, index) => Array.from({ length: times[index] ?? 0 }, () => row)),
  targets: targets.flatMap((target, index) => Array.from({ length: times[index] ?? 0 }, () => target))
})

describe('weights of rows', () => {
  it('that are all alike change no bit, whatever they are', () => {
    const plain = parametersOf(train({}))
    expect(parametersOf(train({ weights: table.targets.map(() => 4) }))).toEqual(plain)
  })

  it.each([
    ['cross-entropy', { train: table }],
    ['squared error', { train: numbers, task: 'regression' as const }],
    ['Huber', { train: numbers, task: 'regression' as const, plan: { ...full, loss: 'huber' as const } }],
    [
      'absolute error',
      { train: numbers, task: 'regression' as const, plan: { ...full, loss: 'mean_absolute_error' as const } }
    ],
    [
      'binary cross-entropy',
      {
        train: table,
        output: { units: 1, activation: 'sigmoid' as const },
        plan: { ...full, loss: 'binary_cross_entropy' as const }
      }
    ]
  ])('of whole numbers train as so many copies of the row: %s', (_, given) => {
    const weights = given.train.targets.map((__, row) => row % 4)
    const weighted = parametersOf(train({ ...given, weights }))
    const copies = parametersOf(train({ ...given, train: repeated(given.train, weights) }))
    weighted.forEach((parameter, index) => expect(parameter).toBeCloseTo(copies[index] ?? NaN, 5))
  })

  it('multiply those of the classes', () => {
    const weights = table.targets.map((_, row) => 1 + (row % 2))
    const classWeights = [1, 3]
    const product = weights.map((weight, row) => weight * (classWeights[table.targets[row] ?? 0] ?? 0))
    const both = parametersOf(train({ weights, plan: { ...full, classWeights } }))
    const one = parametersOf(train({ weights: product }))
    both.forEach((parameter, index) => expect(parameter).toBeCloseTo(one[index] ?? NaN, 6))
  })

  it('leave the measured figures alone: those count every row alike', () => {
    const weights = table.targets.map((_, row) => row)
    const stopping = { epochs: 1, patience: null }
    const plan = { ...full, optimizer: { ...optimizers.sgd.defaults, learningRate: 1e-9 }, stopping }
    const weighted = train({ weights, plan, validation: table }).finish()
    const plain = train({ plan, validation: table }).finish()
    expect(weighted.train?.loss).toBeCloseTo(plain.train?.loss ?? NaN, 6)
    expect(weighted.validation?.loss).toBeCloseTo(plain.validation?.loss ?? NaN, 6)
  })

  it('that leave no row, are negative, or meet class weights and smoothing at once, are refused in a sentence', () => {
    expect(() => train({ weights: table.targets.map(() => 0) })).toThrow(/none of them counts\.$/)
    expect(() => train({ weights: table.targets.map((_, row) => row - 1) })).toThrow(/row 1 has the weight -1\.$/)
    const plan = { ...full, classWeights: 'balanced' as const, labelSmoothing: 0.1 }
    expect(() => train({ weights: table.targets.map(() => 1), plan })).toThrow(/do not go together.*\.$/)
  })
})
