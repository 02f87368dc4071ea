import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'
import { PlanDraft } from '#renderer/state/plan-draft.svelte.ts'

const network = { inputs: 4, layers: [{ units: 3, activation: 'softmax' }] } as const

test('a new draft is the default plan without problems', () => {
  const draft = new PlanDraft('cross_entropy')
  expect(draft.plan).toEqual(defaultPlan('cross_entropy'))
  expect(draft.problems(network).size).toBe(0)
})

test('an optimizer brings its own learning rate, unless the person has set one', () => {
  const draft = new PlanDraft('cross_entropy')
  draft.chooseOptimizer('sgd')
  expect(draft.plan.optimizer).toEqual({ name: 'sgd', learningRate: 0.01 })
  draft.learningRate = 0.5
  draft.chooseOptimizer('momentum')
  expect(draft.plan.optimizer).toMatchObject({ name: 'momentum', learningRate: 0.5 })
})

test('an empty or impossible field has its sentence, in the words of the form', () => {
  const draft = new PlanDraft('cross_entropy')
  draft.learningRate = null
  draft.patience = 0
  const problems = draft.problems(network)
  expect(problems.get('optimizer.learningRate')).toBe('Learning rate needs a number.')
  expect(problems.get('stopping.patience')).toMatch(/^Patience must be a whole number from 1/)
  draft.stopEarly = false
  expect(draft.problems(network).has('stopping.patience')).toBe(false)
  expect(draft.plan.stopping.patience).toBeNull()
})

test('a plan that is taken up comes out as it went in', () => {
  const draft = new PlanDraft('cross_entropy')
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
  const draft = new PlanDraft('cross_entropy')
  draft.labelSmoothing = 0.1
  draft.balanceClasses = true
  expect(draft.plan).toMatchObject({ labelSmoothing: 0.1, classWeights: 'balanced' })
  draft.balanceClasses = false
  expect(draft.plan.classWeights).toBeUndefined()
  draft.labelSmoothing = null
  expect(draft.problems(network).get('labelSmoothing')).toBe('Label smoothing needs a number.')
  const plan = { ...defaultPlan('cross_entropy'), labelSmoothing: 0.2, classWeights: [1, 2, 3] }
  draft.replace(plan)
  expect(draft.plan).toEqual(plan)
})

test('a number has no labels to smooth', () => {
  const draft = new PlanDraft('mean_squared_error')
  draft.labelSmoothing = 0.1
  expect(draft.plan.labelSmoothing).toBeUndefined()
})

test('L-BFGS asks for the full batch beside its field', () => {
  const draft = new PlanDraft('cross_entropy')
  draft.chooseOptimizer('lbfgs')
  expect(draft.problems(network).get('batchSize')).toContain('full batch')
  draft.fullBatch = true
  expect(draft.problems(network).size).toBe(0)
})
