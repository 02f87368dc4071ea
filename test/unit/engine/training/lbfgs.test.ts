/** L-BFGS of the engine against the oracle in float64, and what it is for. */
import { describe, expect, it } from 'vitest'
import { lbfgsDefaults, lbfgsStep, type Objective, startLbfgs } from '#engine/kernels/reference/lbfgs.ts'
import { referenceGradients, type ReferenceTopology } from '#engine/kernels/reference/network.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import { type TrainingPlan } from '#engine/training/plan.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { generate, type Given, setupOf, trainToEnd, xor } from '#test/unit/engine/support.ts'

const optimizer = optimizers.lbfgs.defaults

const given: Given = {
  task: 'regression',
  train: generate(41, 3, 4, ([x = 0, y = 0, z = 0]) => Math.sin(x) + y * z),
  hidden: [{ units: 5, activation: 'tanh' }],
  plan: { optimizer, batchSize: 'full', regularisation: { l2: 0.01 }, stopping: { epochs: 12, patience: null } }
}

/** The same loss, with its penalty on weights alone, in float64. */
function objectiveOf({ train, hidden = [] }: Given, l2: number): Objective {
  const topology: ReferenceTopology = {
    inputs: train.inputs,
    layers: [...hidden, { units: 1, activation: 'linear' }] as ReferenceTopology['layers']
  }
  const targets = train.targets.map((target) => [target])
  return (values) => {
    const parameters = unflatten(topology, values)
    const result = referenceGradients(topology, { name: 'mean_squared_error' }, parameters, train.rows, targets)
    const zeroBiases = parameters.map(({ weights, biases }) => ({ weights, biases: biases.map(() => 0) }))
    const decayed = flatten(zeroBiases)
    const penalty = (l2 / 2) * decayed.reduce((sum, weight) => sum + weight * weight, 0)
    const gradient = flatten(result.layers).map((g, index) => g + l2 * (decayed[index] ?? 0))
    return { loss: result.loss + penalty, gradient }
  }
}

it('takes the steps of the oracle', () => {
  const trainer = createTrainer(setupOf(given))
  let state = startLbfgs(objectiveOf(given, 0.01), [...trainer.checkpoint().parameters])
  const objective = objectiveOf(given, 0.01)
  for (let epoch = 1; epoch <= 12; epoch++) {
    while (trainer.advance(0).epochs === 0);
    state = lbfgsStep(lbfgsDefaults, objective, state)
    trainer.checkpoint().parameters.forEach((value, index) => {
      expect(Math.abs(value - (state.parameters[index] ?? NaN))).toBeLessThan(2e-3)
    })
  }
})

it('with a line search ends where the gradient is nearly zero', () => {
  const plan: Partial<TrainingPlan> = {
    ...given.plan,
    optimizer: { ...optimizer, lineSearch: 'wolfe' },
    stopping: { epochs: 400, patience: null }
  }
  const end = trainToEnd({ ...given, plan }).checkpoint().parameters
  const { gradient } = objectiveOf(given, 0.01)([...end])
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-3)
})

it('learns XOR in fifty passes', () => {
  const plan: Partial<TrainingPlan> = {
    optimizer: { ...optimizer, lineSearch: 'wolfe' },
    batchSize: 'full',
    stopping: { epochs: 50, patience: null }
  }
  const outcome = trainToEnd({ train: xor, hidden: [{ units: 4, activation: 'tanh' }], plan, seed: 2 }).finish()
  expect(outcome.train).toMatchObject({ accuracy: 1 })
  expect(outcome.train?.loss).toBeLessThan(1e-3)
})

describe('continues from any step to the same bits', () => {
  it.each(['fixed', 'wolfe'] as const)('with the line search %s and a plateau schedule', (lineSearch) => {
    const plan: Partial<TrainingPlan> = {
      ...given.plan,
      optimizer: { ...optimizer, lineSearch, history: 3 },
      schedule: { name: 'plateau', factor: 0.5, patience: 1 }
    }
    const whole = { ...given, plan, validation: generate(20, 3, 5, ([x = 0]) => x) }
    const bits = (checkpoint: Given['checkpoint']) => ({
      ...trainToEnd({ ...whole, checkpoint: checkpoint ?? null }).checkpoint(),
      elapsedSeconds: 0
    })
    const wanted = bits(null)
    const first = createTrainer(setupOf(whole))
    const taken = [first.checkpoint()]
    while (!first.advance(0).finished) taken.push(structuredClone(first.checkpoint()))
    expect(taken.some(({ unfinished }) => unfinished !== null)).toBe(true)
    for (const checkpoint of taken) expect(bits(checkpoint)).toEqual(wanted)
  })

  it('and refuses the checkpoint of another history', () => {
    const checkpoint = trainToEnd(given).checkpoint()
    const broken = { ...checkpoint, optimizerState: checkpoint.optimizerState.slice(0, -1) }
    expect(() => createTrainer(setupOf({ ...given, checkpoint: broken }))).toThrow('not made with L-BFGS')
  })
})

describe('is refused with a sentence', () => {
  const { topology, plan } = setupOf(given)
  it.each<[string, Partial<TrainingPlan>, string]>([
    ['mini-batches', { batchSize: 8 }, 'needs the full batch'],
    ['two threads', { threads: 2 }, 'set threads to 1'],
    ['input noise', { regularisation: { inputNoise: 0.1 } }, 'set input noise to 0'],
    ['no memory', { optimizer: { ...optimizer, history: 0 } }, 'from 1 to 1,000']
  ])('for %s', (_, changed, sentence) => {
    const problems = checkPlan({ ...plan, ...changed }, topology)
    expect(problems.map(({ message }) => message).join()).toContain(sentence)
  })

  it('for dropout and for networks too large to remember', () => {
    const layers = topology.layers.map((layer) => ({ ...layer, dropout: 0.5 }))
    expect(checkPlan(plan, { ...topology, layers })[0]?.message).toContain('leave dropout')
    const large = { inputs: 3000, layers: [{ units: 100, activation: 'linear' as const }] }
    expect(checkPlan(plan, large)[0]?.message).toContain('300100 parameters; take fewer')
  })
})
