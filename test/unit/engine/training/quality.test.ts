/** What training comes to on problems whose answer is known. */
import { expect, it } from 'vitest'
import type { Initialisation, TrainingPlan } from '#engine/training/plan.ts'
import { generate, trainToEnd, xor } from '#test/unit/engine/support.ts'

const solveXor = (seed: number, plan: Partial<TrainingPlan>, units = 4) =>
  trainToEnd({
    train: xor,
    seed,
    hidden: [{ units, activation: 'tanh' }],
    output: { units: 1, activation: 'sigmoid' },
    plan: {
      loss: 'binary_cross_entropy',
      batchSize: 4,
      optimizer: { name: 'sgd', learningRate: 1 },
      stopping: { epochs: 2000, patience: null },
      ...plan
    }
  }).finish()

it('a 2-4-1 network learns XOR from nine of ten seeds at least; a tenth may end in a local minimum', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed)
  expect(seeds.filter((seed) => solveXor(seed, {}).train?.accuracy === 1).length).toBeGreaterThanOrEqual(9)
})

it('zeros as first weights never break the symmetry, so XOR stays unsolved', () => {
  const initialisation: Initialisation = { name: 'zeros' }
  expect(solveXor(1, { initialisation }).train?.accuracy).toBeLessThan(1)
})

it('no hidden layer never learns XOR', () => {
  const outcome = trainToEnd({ train: xor, plan: { stopping: { epochs: 2000, patience: null } } }).finish()
  expect(outcome.train?.accuracy).toBeLessThan(1)
})

it('XOR is learned with squared error behind a sigmoid too', () => {
  const plan = { loss: 'mean_squared_error', stopping: { epochs: 8000, patience: null } } as const
  expect(solveXor(3, plan).train?.accuracy).toBe(1)
})

it('a line is fitted to the least squares solution', () => {
  const noise = generate(200, 1, 5, ([x = 0]) => x).targets
  let next = 0
  const train = generate(200, 2, 6, ([x = 0, y = 0]) => 0.7 * x - 0.2 * y + 0.3 + 0.1 * (noise[next++] ?? 0))
  const trainer = trainToEnd({
    train,
    task: 'regression',
    plan: {
      batchSize: 'full',
      optimizer: { name: 'momentum', learningRate: 0.1, momentum: 0.9 },
      stopping: { epochs: 500, patience: null }
    }
  })
  const [a = 0, b = 0, c = 0] = trainer.checkpoint().parameters
  // the normal equations hold at the solution: residuals are orthogonal to every column
  const residuals = train.rows.map(([x = 0, y = 0], row) => a * x + b * y + c - (train.targets[row] ?? 0))
  for (const column of [0, 1]) {
    expect(residuals.reduce((sum, r, row) => sum + r * (train.rows[row]?.[column] ?? 0), 0) / 200).toBeCloseTo(0, 5)
  }
  expect(residuals.reduce((sum, r) => sum + r, 0) / 200).toBeCloseTo(0, 5)
  expect(trainer.finish().train?.r2).toBeGreaterThan(0.97)
})

it('three clouds are told apart on rows that were not trained on', () => {
  const cloud = (seed: number) => {
    let next = 0
    return generate(300, 2, seed, (row) => {
      const target = next++ % 3
      row[0] = (row[0] ?? 0) * 0.3 + Math.cos((target * 2 * Math.PI) / 3)
      row[1] = (row[1] ?? 0) * 0.3 + Math.sin((target * 2 * Math.PI) / 3)
      return target
    })
  }
  const outcome = trainToEnd({
    train: cloud(1),
    validation: cloud(2),
    classes: 3,
    hidden: [{ units: 16, activation: 'relu' }],
    plan: { stopping: { epochs: 100, patience: 10 } }
  }).finish()
  expect(outcome.validation?.accuracy).toBeGreaterThan(0.95)
})
