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
    activation: 'tanh',
    vary: []
  })
})

test('without sizes the topology of the form is kept whole, unless what its layers have becomes a list', () => {
  const draft = new SweepDraft()
  draft.cells = new Set()
  draft.vary('optimizer.learningRate', '0.001, 0.01')
  expect(spaceOf(draft)).toMatchObject({
    layers: [base.hidden],
    hidden: [],
    vary: [{ path: 'optimizer.learningRate', values: [0.001, 0.01] }]
  })
  draft.vary('hidden.dropout', '0 0.5')
  expect(spaceOf(draft)).toMatchObject({
    layers: [],
    hidden: ['32:dropout=0.2'],
    activation: 'tanh',
    vary: [
      { path: 'optimizer.learningRate', values: [0.001, 0.01] },
      { path: 'hidden.dropout', values: [0, 0.5] }
    ]
  })
})

test('any setting can be a list: numbers, names and those of hidden layers', () => {
  const draft = new SweepDraft()
  draft.toggle('schedule.name', 'cosine')
  draft.toggle('schedule.name', 'step')
  draft.toggle('hidden.activation', 'tanh')
  draft.toggle('hidden.activation', 'relu')
  draft.toggle('hidden.activation', 'relu')
  draft.vary('optimizer.beta1', '0.8, 0.9')
  draft.vary('stopping.patience', 'none 10')
  draft.vary('classWeights', 'balanced; 1,2.5')
  expect(spaceOf(draft).vary).toEqual([
    { path: 'hidden.activation', values: ['tanh'] },
    { path: 'schedule.name', values: ['step', 'cosine'] },
    { path: 'optimizer.beta1', values: [0.8, 0.9] },
    { path: 'stopping.patience', values: [null, 10] },
    { path: 'classWeights', values: ['balanced', [1, 2.5]] }
  ])
  expect(draft.variesSettings).toBe(true)
})

test('every field says what is wrong with it', () => {
  const draft = new SweepDraft()
  draft.text = '8x'
  draft.vary('optimizer.learningRate', '0.1, fast')
  draft.vary('batchSize', '32, 1.5')
  draft.vary('hidden.dropout', '1')
  draft.vary('regularisation.l2', '-1')
  draft.seedCount = null
  draft.strategy = 'random'
  draft.points = 0
  draft.budgetMinutes = 0
  draft.equalParameters = true
  draft.equalDepths = '0'
  expect([...draft.problems.keys()].sort()).toEqual(
    [
      'text',
      'optimizer.learningRate',
      'batchSize',
      'hidden.dropout',
      'regularisation.l2',
      'seedCount',
      'points',
      'budgetMinutes',
      'equalDepths'
    ].sort()
  )
  expect(draft.problems.get('optimizer.learningRate')).toBe(
    'Learning rate takes a number above 0 to 10, with commas between; "fast" is none.'
  )
  expect(draft.problems.get('hidden.dropout')).toContain('from 0 to below 1, with commas between; "1" is none')
  expect(draft.problems.get('batchSize')).toContain('or full, with commas between; "1.5" is none')
})

test('an earlier sweep is taken up as it was', () => {
  const first = new SweepDraft()
  first.choosePreset('map')
  first.text = '100x50'
  first.toggle('hidden.activation', 'relu')
  first.vary('batchSize', '16, full')
  first.vary('classWeights', 'balanced; 1,2.5')
  first.strategy = 'halving'
  first.firstEpochs = 40
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

test('folds that judge by default are one seed each, and give way to the one part where the rows do not allow them', () => {
  const draft = new SweepDraft(5)
  expect(sweepSettings.parse(draft.settings(base))).toMatchObject({ folds: 5, seeds: [1] })
  draft.refuse({ field: 'folds', message: 'Too few rows of a class.' })
  expect(sweepSettings.parse(draft.settings(base))).toMatchObject({ folds: null, seeds: [1, 2, 3, 4, 5] })
  expect(draft.refusal).toBeNull()

  const asked = new SweepDraft(5)
  asked.chooseValidation('folds')
  asked.refuse({ field: 'folds', message: 'Too few rows of a class.' })
  expect(asked.refusal).toMatchObject({ field: 'folds' })
  expect(asked.validation).toBe('folds')
})
