/** Options of plan and layers, as the trainer carries them out. */
import { describe, expect, it } from 'vitest'
import type { Topology } from '#engine/network/topology.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { schedules } from '#engine/training/schedules.ts'
import { createTrainer, type Trainer } from '#engine/training/trainer.ts'
import { Bench, generate, type Given, setupOf, trainToEnd } from '#test/unit/engine/support.ts'

const table = (rows: number, seed: number) => generate(rows, 4, seed, ([x = 0, y = 0]) => (x * y > 0 ? 1 : 0))
const stopping = { epochs: 6, patience: null }
const given: Given = {
  train: table(90, 1),
  validation: table(40, 2),
  hidden: [{ units: 9, activation: 'relu' }],
  plan: { batchSize: 16, stopping }
}
const stateOf = (trainer: Trainer) => ({ ...trainer.checkpoint(), elapsedSeconds: 0 })

function columnsOf(more: Given): Record<string, number[]> {
  const setup = setupOf(more)
  const { values, epochs } = createTrainer(setup).advance(1e6)
  return Object.fromEntries(
    metricColumns('classification', setup.topology).map((name, column) => [
      name,
      [...values.slice(column * epochs, (column + 1) * epochs)]
    ])
  )
}

describe('every option continues from a checkpoint to the same bits', () => {
  const cases: Record<string, Given> = {
    dropout: { ...given, hidden: [{ units: 9, activation: 'relu', dropout: 0.3 }] },
    'dropout behind tanh': { ...given, hidden: [{ units: 9, activation: 'tanh', dropout: 0.5 }] },
    'batch normalisation': { ...given, hidden: [{ units: 9, activation: 'gelu', normalisation: 'batch' }] },
    'layer normalisation': { ...given, hidden: [{ units: 9, activation: 'silu', normalisation: 'layer' }] },
    'input noise': { ...given, plan: { ...given.plan, regularisation: { inputNoise: 0.1, maxNorm: 1 } } },
    plateau: { ...given, plan: { ...given.plan, schedule: { name: 'plateau', factor: 0.5, patience: 1 } } },
    nadam: { ...given, plan: { ...given.plan, optimizer: optimizers.nadam.defaults } },
    balanced: { ...given, plan: { ...given.plan, classWeights: 'balanced', order: 'sequential' } }
  }
  it.each(Object.entries(cases))('%s', (_, whole) => {
    const wanted = stateOf(trainToEnd(whole))
    const first = createTrainer(setupOf(whole))
    const taken = [first.checkpoint()]
    while (!first.advance(0).finished) taken.push(first.checkpoint())
    for (const checkpoint of taken) expect(stateOf(trainToEnd({ ...whole, checkpoint }))).toEqual(wanted)
  })
})

describe('dropout', () => {
  const withDropout = (dropout: number): Given => ({ ...given, hidden: [{ units: 64, activation: 'relu', dropout }] })

  it('leaves evaluation alone: at a share of 0 nothing changes', () => {
    expect(stateOf(trainToEnd(withDropout(0)))).toEqual(
      stateOf(trainToEnd({ ...given, hidden: [{ units: 64, activation: 'relu' }] }))
    )
  })

  it('makes training harder than measuring', () => {
    const { trainLoss = [], validationLoss = [] } = columnsOf({ ...withDropout(0.8), validation: given.train })
    expect(trainLoss[5]).toBeGreaterThan((validationLoss[5] ?? NaN) * 1.02)
  })
})

describe('limits', () => {
  it('the norm of the weights into a unit stays below the largest one', () => {
    const plan = { ...given.plan, regularisation: { maxNorm: 0.4 }, optimizer: optimizers.momentum.defaults }
    const { parameters } = trainToEnd({ ...given, plan }).checkpoint()
    for (let unit = 0; unit < 9; unit++) {
      expect(Math.hypot(...parameters.subarray(unit * 4, unit * 4 + 4))).toBeLessThanOrEqual(0.4001)
    }
  })

  it('weight decay shrinks weights beside the gradient, and leaves biases alone', () => {
    const steps = (weightDecay: number) =>
      trainToEnd({
        ...given,
        plan: {
          batchSize: 'full',
          optimizer: { name: 'sgd', learningRate: 0.1 },
          regularisation: { weightDecay },
          initialisation: { name: 'auto', biases: 0.5 },
          stopping: { epochs: 1, patience: null }
        }
      }).checkpoint().parameters
    const start = createTrainer(
      setupOf({ ...given, plan: { initialisation: { name: 'auto', biases: 0.5 } } })
    ).checkpoint().parameters
    const [without, decayed] = [steps(0), steps(0.5)]
    for (let i = 0; i < 36; i++) {
      expect(decayed[i]).toBeCloseTo((without[i] ?? NaN) - 0.1 * 0.5 * (start[i] ?? NaN), 6)
    }
    for (let i = 36; i < 45; i++) expect(decayed[i]).toBe(without[i])
  })
})

describe('schedules', () => {
  it('give each epoch its recorded rate', () => {
    const plan = { ...given.plan, schedule: { name: 'step', every: 2, factor: 0.1 } } as const
    const { learningRate } = columnsOf({ ...given, plan })
    const expected = [1, 1, 0.1, 0.1, 0.01, 0.01].map((factor) => Math.fround(0.001 * factor))
    learningRate?.forEach((rate, index) => {
      expect(rate).toBeCloseTo(expected[index] ?? NaN, 9)
    })
  })

  it.each(Object.values(schedules))('$label trains', ({ defaults }) => {
    expect(trainToEnd({ ...given, plan: { ...given.plan, schedule: defaults } }).finish().status).toBe('done')
  })
})

describe('stopping', () => {
  const long = { epochs: 500, patience: null }
  const run = (plan: Partial<TrainingPlan>, more: Partial<Given> = {}) =>
    trainToEnd({ ...given, ...more, plan: { batchSize: 16, ...plan } }).finish()

  it('ends once the loss has reached its target', () => {
    const outcome = run({ stopping: { ...long, targetLoss: 0.5 } })
    expect(outcome).toMatchObject({ status: 'done', reason: 'target', bestEpoch: outcome.epochs })
    expect(outcome.validation?.loss).toBeLessThanOrEqual(0.5)
  })

  it('ends when its seconds are over', () => {
    let ms = 0
    expect(run({ stopping: { ...long, seconds: 1 } }, { now: () => (ms += 10) }).reason).toBe('time')
  })

  it('measures every so many epochs, and lets the metric choose the best of them', () => {
    const { validationLoss = [] } = columnsOf({
      ...given,
      plan: { ...given.plan, stopping: { epochs: 7, patience: null, evaluateEvery: 3 } }
    })
    expect(validationLoss.map((loss) => Number.isNaN(loss))).toEqual([true, true, false, true, true, false, false])
    const outcome = run({ stopping: { epochs: 30, patience: null, metric: 'accuracy' } })
    const { validationAccuracy = [] } = columnsOf({
      ...given,
      plan: { ...given.plan, stopping: { epochs: 30, patience: null } }
    })
    expect(outcome.validation?.accuracy).toBeCloseTo(Math.max(...validationAccuracy), 6)
  })

  it('does not count improvements that are too small', () => {
    const outcome = run({ stopping: { epochs: 500, patience: 3, minimumImprovement: 10 } })
    expect(outcome).toMatchObject({ reason: 'patience', bestEpoch: 1, epochs: 4 })
  })
})

describe('what is recorded of layers', () => {
  it('is the norm of gradients and weights, and the share of dead units', () => {
    const columns = columnsOf({
      ...given,
      plan: {
        batchSize: 'full',
        optimizer: { name: 'sgd', learningRate: 0.5 },
        stopping: { epochs: 2, patience: null }
      }
    })
    expect(columns['gradientNorm1']?.every((norm) => norm > 0)).toBe(true)
    expect(columns['weightNorm2']?.every((norm) => norm > 0)).toBe(true)
    expect(columns['quiet1']?.every((share) => share >= 0 && share < 0.5)).toBe(true)
    // biases of -100 let nothing through
    const dead = columnsOf({ ...given, plan: { ...given.plan, initialisation: { name: 'auto', biases: -100 } } })
    expect(dead['quiet1']).toEqual([1, 1, 1, 1, 1, 1])
  })
})

describe('a plan that can not be trained', () => {
  it.each<[Partial<Given>, string]>([
    [{ hidden: [{ units: 3, activation: 'threshold' }] }, 'derivative 0 almost everywhere'],
    [{ hidden: [{ units: 3, activation: 'relu', dropout: 1 }] }, 'below 1'],
    [{ output: { units: 2, activation: 'softmax', dropout: 0.5 } }, 'output layer'],
    [{ plan: { schedule: { name: 'step', every: 0, factor: 0.5 } } }, 'Epochs a step must be a whole number'],
    [{ plan: { classWeights: [1, 2, 3] } }, 'one class weight for each of 2'],
    [{ plan: { threads: 2 }, hidden: [{ units: 3, activation: 'relu', normalisation: 'batch' }] }, 'threads']
  ])('is refused with its reason', (more, sentence) => {
    expect(() => createTrainer(setupOf({ ...given, ...more }))).toThrow(sentence)
  })
})

it('batch normalisation measures with running means: parameters of one class move them by a tenth', () => {
  const topologyHidden = [{ units: 3, activation: 'linear', normalisation: 'batch' }] as const
  const constant = {
    inputs: 1,
    rows: Array.from({ length: 8 }, () => [2]),
    targets: Array.from({ length: 8 }, () => 0)
  }
  const setup = setupOf(
    {
      train: constant,
      hidden: topologyHidden,
      plan: { batchSize: 'full', stopping: { epochs: 1, patience: null } }
    },
    new Bench()
  )
  const topology: Topology = setup.topology
  expect(topology.layers[0]?.normalisation).toBe('batch')
  const before = createTrainer(setup).checkpoint().parameters
  const after = trainToEnd({ train: constant, hidden: topologyHidden, plan: setup.plan }).checkpoint().parameters
  // weights (3), biases (3), gain (3), shift (3), running mean (3), running variance (3)
  for (let unit = 0; unit < 3; unit++) {
    expect(after[12 + unit]).toBeCloseTo(0.1 * 2 * (before[unit] ?? NaN), 6)
    expect(after[15 + unit]).toBeCloseTo(0.9, 6)
  }
})
