import { expect, test } from 'vitest'
import type { Column } from '#contract/datasets.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { checkSettings } from '#lab/datasets/check-settings.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { columnOf, datasetOf } from '#test/unit/datasets/support.ts'

const inputs = [columnOf('a'), columnOf('word', { type: 'text', distinct: 90 })]

function problemsOf(
  target: Partial<Column>,
  change: (settings: ExperimentSettings) => Partial<ExperimentSettings> = () => ({}),
  task: ExperimentSettings['task'] = 'classification'
): string[] {
  const dataset = datasetOf([...inputs, columnOf('t', target)])
  const { settings } = proposeSettings(dataset, { target: 't', task })
  return checkSettings(dataset, { ...settings, ...change(settings) })
}

const classes = { type: 'categorical', distinct: 3 } as const

test('settings that work give no sentence', () => {
  expect(problemsOf(classes)).toEqual([])
  expect(problemsOf({}, undefined, 'regression')).toEqual([])
})

test.each([
  [
    { ...classes, distinct: 0, missing: 100 },
    'The target "t" has no values: all 100 rows miss it. Choose another target.'
  ],
  [
    { ...classes, distinct: 1 },
    'The target "t" has one class only, so there is nothing to tell apart. Choose another target.'
  ],
  [
    { ...classes, distinct: 70 },
    'The target "t" has 70 classes in 100 rows, fewer than two rows a class. Choose another target.'
  ],
  [
    { distinct: 70 },
    'The target "t" has 70 classes in 100 rows, fewer than two rows a class. Predict it as a number, or choose another target.'
  ]
])('a target without classes to learn: %o', (target, sentence) => {
  expect(problemsOf(target)).toEqual([sentence])
})

test('a text is no number to predict, nor to put in', () => {
  expect(problemsOf(classes, undefined, 'regression')).toEqual([
    'The target "t" holds texts, so no number can be predicted. Choose classification, or another target.'
  ])
  const change = ({ columns }: ExperimentSettings) => ({
    columns: columns.map((column) =>
      column.name === 'word' ? ({ ...column, role: 'input', treatAs: 'numeric' } as const) : column
    )
  })
  expect(problemsOf(classes, change)).toEqual([
    '"word" holds texts, so it can\'t be an input as a number. Treat it as categories, or ignore it.'
  ])
})

test('no input, an unknown column, two targets', () => {
  const ignoring = ({ columns }: ExperimentSettings) => ({
    columns: columns.map((column) => (column.role === 'input' ? { ...column, role: 'ignored' as const } : column))
  })
  expect(problemsOf(classes, ignoring)).toEqual(['No column is an input. Choose at least one.'])
  const adding = ({ columns }: ExperimentSettings) => ({
    columns: [...columns, { name: 'z', role: 'input', treatAs: 'numeric' } as const]
  })
  expect(problemsOf(classes, adding)).toEqual(['There is no column "z" in the data set.'])
  const twoTargets = ({ columns }: ExperimentSettings) => ({
    columns: columns.map((column) => (column.name === 'word' ? { ...column, role: 'target' as const } : column))
  })
  expect(problemsOf(classes, twoTargets)).toEqual([
    '"t" must be the target and the only one; "word" is given the role target.'
  ])
  expect(problemsOf(classes, () => ({ target: 'gone' }))).toEqual(['"made up" has no column "gone" to be the target.'])
})

test('fractions that do not make a whole', () => {
  const split = { kind: 'fractions', train: 60, validation: 20, test: 30, seed: 1, stratified: true } as const
  expect(problemsOf(classes, () => ({ split }))).toEqual(['The parts must make 100 % together; 60 + 20 + 30 is 110 %.'])
})

test('a value that no row has names an empty part', () => {
  const levels = [
    { value: 'train', count: 60 },
    { value: 'test', count: 40 }
  ]
  const part = columnOf('part', { ...classes, distinct: 2, histogram: { kind: 'levels', levels, others: 0 } })
  const dataset = datasetOf([...inputs, part, columnOf('t', classes)])
  const { settings } = proposeSettings(dataset, { target: 't' })
  expect(checkSettings(dataset, settings)).toEqual([])
  const split = { ...settings.split, validation: ['dev'], test: ['train'] } as ExperimentSettings['split']
  expect(checkSettings(dataset, { ...settings, split })).toEqual([
    'The value "train" of "part" is given to two parts.',
    'No row has the value "dev" in "part", so its part has no rows.'
  ])
})
