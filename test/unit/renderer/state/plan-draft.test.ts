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
