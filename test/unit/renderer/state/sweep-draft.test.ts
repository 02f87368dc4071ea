import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'
import { sweepSettings } from '#contract/sweeps.ts'
import { SweepDraft } from '#renderer/state/sweep-draft.svelte.ts'

const base = {
  experimentId: 3,
  hidden: [{ units: 32, activation: 'tanh' as const, dropout: 0.2 }],
  plan: defaultPlan('cross_entropy')
}

const spaceOf = (draft: SweepDraft) => sweepSettings.parse(draft.settings(base)).space

test('a new draft is eight sizes of one layer with five seeds and the linear model', () => {
  const settings = sweepSettings.parse(new SweepDraft().settings(base))
  expect(settings.space.hidden).toEqual(['1', '2', '4', '8', '16', '32', '64', '128'])
  expect(settings).toMatchObject({ seeds: [1, 2, 3, 4, 5], strategy: { name: 'grid' }, baseline: true })
})

test('cells, lines and equal parameters are tried beside each other, with the activation of the form', () => {
  const draft = new SweepDraft()
  draft.cells = new Set()
  draft.set([[2, 8]], true)
  draft.text = '64x32\n\n 16:tanh x 4:relu '
  draft.equalParameters = true
  draft.parameters = 500
  draft.equalDepths = '1, 3'
  expect(spaceOf(draft)).toMatchObject({
    hidden: ['8x8', '64x32', '16:tanh x 4:relu'],
    layers: [],
    equalParameters: { parameters: 500, depths: [1, 3] },
    activations: ['tanh']
  })
})

test('without sizes the topology of the form is kept whole, unless what its layers have becomes a list', () => {
  const draft = new SweepDraft()
  draft.cells = new Set()
  draft.learningRates = '0.001, 0.01'
  expect(spaceOf(draft)).toMatchObject({ layers: [base.hidden], hidden: [], learningRates: [0.001, 0.01] })
  draft.dropout = '0 0.5'
  expect(spaceOf(draft)).toMatchObject({
    layers: [],
    hidden: ['32:dropout=0.2'],
    activations: ['tanh'],
    dropout: [0, 0.5]
  })
})

test('a schedule that the plan has is taken with its own numbers, another with the defaults', () => {
  const draft = new SweepDraft()
  draft.toggleSchedule('cosine')
  draft.toggleSchedule('step')
  const plan = { ...base.plan, schedule: { name: 'cosine' as const, minimum: 0.0001 } }
  const { space } = sweepSettings.parse(draft.settings({ ...base, plan }))
  expect(space.schedules).toEqual([
    { name: 'step', every: 30, factor: 0.1 },
    { name: 'cosine', minimum: 0.0001 }
  ])
})

test('every field says what is wrong with it', () => {
  const draft = new SweepDraft()
  draft.text = '8x'
  draft.learningRates = '0.1, fast'
  draft.batchSizes = '32, 1.5'
  draft.dropout = '1'
  draft.l2 = '-1'
  draft.seedCount = null
  draft.strategy = 'random'
  draft.points = 0
  draft.budgetMinutes = 0
  draft.equalParameters = true
  draft.equalDepths = '0'
  expect([...draft.problems.keys()].sort()).toEqual(
    [
      'text',
      'learningRates',
      'batchSizes',
      'dropout',
      'l2',
      'seedCount',
      'points',
      'budgetMinutes',
      'equalDepths'
    ].sort()
  )
  expect(draft.problems.get('learningRates')).toBe(
    'Learning rate takes a number above 0 to 10, with commas between; "fast" is none.'
  )
  expect(draft.problems.get('dropout')).toContain('from 0 to below 1, with commas between; "1" is none')
  expect(draft.problems.get('batchSizes')).toContain('or full, with commas between; "1.5" is none')
})

test('an earlier sweep is taken up as it was', () => {
  const first = new SweepDraft()
  first.choosePreset('map')
  first.text = '100x50'
  first.toggleActivation('relu')
  first.batchSizes = '16, full'
  first.strategy = 'halving'
  first.budgetRuns = 200
  first.baseline = false
  const settings = sweepSettings.parse(first.settings(base))
  const second = new SweepDraft()
  second.adopt(settings)
  expect(second.problems.size).toBe(0)
  expect(sweepSettings.parse(second.settings(base))).toEqual(settings)
})

test('folds begin with one seed each, unless somebody has set another number, and are taken up again', () => {
  const draft = new SweepDraft()
  draft.chooseValidation('folds')
  expect(sweepSettings.parse(draft.settings(base))).toMatchObject({ folds: 5, seeds: [1] })
  draft.folds = 21
  expect(draft.problems.get('folds')).toBe('Folds must be a whole number from 2 to 20.')
  draft.chooseValidation('part')
  expect(sweepSettings.parse(draft.settings(base))).toMatchObject({ folds: null, seeds: [1, 2, 3, 4, 5] })
  draft.seedCount = 2
  draft.chooseValidation('folds')
  expect(draft.seeds).toHaveLength(2)
  draft.folds = 4
  const other = new SweepDraft()
  other.adopt(sweepSettings.parse(draft.settings(base)))
  expect(sweepSettings.parse(other.settings(base))).toMatchObject({ folds: 4, seeds: [1, 2] })
})
