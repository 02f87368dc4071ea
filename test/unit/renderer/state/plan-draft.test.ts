import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'
import { valueAt } from '#engine/training/plan-values.ts'
import { settingPaths } from '#engine/training/settings.ts'
import { describeDifference, trialDifferences } from '#renderer/pure/plan-differences.ts'
import { PlanDraft } from '#renderer/state/plan-draft.svelte.ts'
import { planWith, plansThatDifferAt } from '#test/unit/plans.ts'

const network = { inputs: 4, layers: [{ units: 3, activation: 'softmax' }] } as const

test('a new draft is the default plan without problems', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  expect(draft.plan).toEqual(defaultPlan('cross_entropy'))
  expect(draft.problems(network).size).toBe(0)
})

test('an optimizer brings its own learning rate, unless the person has set one', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  draft.set('optimizer.name', 'sgd')
  expect(draft.plan.optimizer).toEqual({ name: 'sgd', learningRate: 0.01 })
  draft.setNumber('optimizer.learningRate', 0.5)
  draft.set('optimizer.name', 'momentum')
  expect(draft.plan.optimizer).toMatchObject({ name: 'momentum', learningRate: 0.5 })
})

test('an empty or impossible field has its sentence, in the words of the form', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  draft.setNumber('optimizer.learningRate', null)
  draft.setNumber('stopping.patience', 0)
  const problems = draft.problems(network)
  expect(problems.get('optimizer.learningRate')).toBe('Learning rate needs a number.')
  expect(problems.get('stopping.patience')).toBe(
    'Patience must be a whole number from 1 to 1,000,000, or none; it is 0.'
  )
  draft.turn('stopping.patience', false)
  expect(draft.problems(network).has('stopping.patience')).toBe(false)
  expect(draft.plan.stopping.patience).toBeNull()
})

test('a plan that is taken up comes out as it went in', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  const plan = {
    ...defaultPlan('cross_entropy'),
    optimizer: { name: 'momentum', learningRate: 0.2, momentum: 0.5 },
    initialisation: { name: 'normal', deviation: 0.3 },
    batchSize: 'full',
    stopping: { epochs: 7, patience: null }
  } as const
  draft.replace(plan)
  expect(draft.plan).toEqual(plan)
})

test('labels are smoothed and classes balanced where the person says so, and given weights are kept', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  draft.setNumber('labelSmoothing', 0.1)
  draft.turn('classWeights', true)
  expect(draft.plan).toMatchObject({ labelSmoothing: 0.1, classWeights: 'balanced' })
  draft.turn('classWeights', false)
  expect(draft.plan.classWeights).toBeUndefined()
  draft.setNumber('labelSmoothing', null)
  expect(draft.problems(network).get('labelSmoothing')).toBe('Label smoothing needs a number.')
  const plan = { ...defaultPlan('cross_entropy'), labelSmoothing: 0.2, classWeights: [1, 2, 3] }
  draft.replace(plan)
  expect(draft.plan).toEqual(plan)
})

test('what a plan need not say is left out, so that equal plans stay equal', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  const first = JSON.stringify(draft.plan)
  draft.setNumber('regularisation.l2', 0.1)
  draft.setNumber('threads', 2)
  draft.setNumber('schedule.warmUp', 5)
  draft.setNumber('stopping.targetLoss', 0.2)
  draft.set('schedule.name', 'cosine')
  expect(draft.plan).toMatchObject({
    regularisation: { l2: 0.1 },
    threads: 2,
    schedule: { name: 'cosine', minimum: 0, warmUp: 5 },
    stopping: { targetLoss: 0.2 }
  })
  expect(draft.changes.map(describeDifference)).toEqual([
    'Threads 1 \u2192 2',
    'Target loss none \u2192 0.2',
    'Schedule Constant \u2192 Cosine',
    'Warm-up 0 \u2192 5',
    'L2 0 \u2192 0.1'
  ])
  draft.setNumber('regularisation.l2', 0)
  draft.reset('threads')
  draft.setNumber('stopping.targetLoss', null)
  draft.set('schedule.name', 'constant')
  draft.setNumber('schedule.warmUp', 0)
  expect(JSON.stringify(draft.plan)).toBe(first)
})

test('every setting of the plan can be set, tells its default, and goes back to it', () => {
  for (const path of settingPaths) {
    const draft = new PlanDraft(planWith(path))
    const [before, after] = plansThatDifferAt(path)
    draft.set(path, valueAt(after, path) ?? null)
    expect(draft.plan, path).toEqual(after)
    expect(draft.isChanged(path), path).toBe(true)
    expect(draft.changes[0], path).toMatchObject({ path })
    draft.reset(path)
    expect(draft.plan, path).toEqual(before)
    expect(draft.isChanged(path), path).toBe(false)
  }
})

test('patience and batch size come back as they were', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  draft.setNumber('stopping.patience', 7)
  draft.turn('stopping.patience', false)
  draft.turn('batchSize', true)
  expect(draft.plan).toMatchObject({ batchSize: 'full', stopping: { patience: null } })
  draft.turn('stopping.patience', true)
  draft.turn('batchSize', false)
  expect(draft.plan).toMatchObject({ batchSize: 32, stopping: { patience: 7 } })
})

test('what does not go together says why beside its field', () => {
  const draft = new PlanDraft(defaultPlan('mean_squared_error'))
  const number = { inputs: 4, layers: [{ units: 1, activation: 'linear' }] } as const
  draft.setNumber('labelSmoothing', 0.1)
  expect(draft.problems(number).get('labelSmoothing')).toBe(
    'Mean squared error has no labels to smooth; set label smoothing to 0.'
  )
  draft.replace(defaultPlan('cross_entropy'))
  draft.set('stopping.metric', 'rmse')
  expect(draft.problems(network).get('stopping.metric')).toMatch(/RMSE is no figure of classification/)
  draft.replace(defaultPlan('cross_entropy'))
  draft.setNumber('batchSize', 1)
  const normalised = {
    inputs: 4,
    layers: [{ units: 5, activation: 'relu', normalisation: 'batch' }, network.layers[0]]
  } as const
  expect(draft.problems(normalised).get('batchSize')).toMatch(/Batch normalisation/)
})

test('a trial tells what it changed against the one it came from', () => {
  const plan = defaultPlan('cross_entropy')
  const [output] = network.layers
  const hidden = (...units: number[]) => units.map((each) => ({ units: each, activation: 'relu' as const }))
  const before = { topology: { inputs: 4, layers: [...hidden(64, 32), output] }, plan }
  const after = {
    topology: { inputs: 4, layers: [...hidden(64, 32, 16), output] },
    plan: { ...plan, optimizer: { name: 'momentum', learningRate: 0.003, momentum: 0.9 } }
  } as const
  expect(trialDifferences(before, before)).toEqual([])
  expect(trialDifferences(before, after).map(describeDifference)).toEqual([
    'Depth 2 \u2192 3',
    'Hidden layers 64x32 \u2192 64x32x16',
    'Optimizer Adam \u2192 Momentum',
    'Learning rate 0.001 \u2192 0.003'
  ])
  const tanh = { ...before, topology: { inputs: 4, layers: [{ units: 8, activation: 'tanh' as const }, output] } }
  expect(trialDifferences(tanh, { ...tanh, topology: { inputs: 4, layers: [...hidden(8), output] } })).toMatchObject([
    { from: '8:tanh', to: '8:relu' }
  ])
})

test('L-BFGS asks for the full batch beside its field', () => {
  const draft = new PlanDraft(defaultPlan('cross_entropy'))
  draft.set('optimizer.name', 'lbfgs')
  expect(draft.problems(network).get('batchSize')).toContain('full batch')
  draft.turn('batchSize', true)
  expect(draft.problems(network).size).toBe(0)
  // History and line search came with it; only what was chosen is a change.
  expect(draft.changes.map(({ path }) => path)).toEqual(['optimizer.name', 'optimizer.learningRate', 'batchSize'])
})
