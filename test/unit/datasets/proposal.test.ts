import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkSettings } from '#lab/datasets/check-settings.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { columnOf, datasetOf, fixtures, importFiles, openDuckDb, sampleTables } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()
const level = { type: 'categorical', distinct: 3 } as const

describe('the target', () => {
  const targetOf = (...columns: Parameters<typeof datasetOf>[0]) =>
    proposeSettings(datasetOf(columns), {}).settings.target

  test('is the column that is called so, wherever it stands', () => {
    expect(targetOf(columnOf('a'), columnOf('Target'), columnOf('b'))).toBe('Target')
    expect(targetOf(columnOf('label'), columnOf('pixel'), columnOf('z'))).toBe('label')
  })

  test('is the column whose last word says so, but a subclass is no class', () => {
    expect(targetOf(columnOf('MS_SubClass', level), columnOf('Sale_Price'), columnOf('Longitude'))).toBe('Sale_Price')
    expect(targetOf(columnOf('MSSubClass', level), columnOf('SalePrice'), columnOf('YrSold'))).toBe('SalePrice')
  })

  test('is the only category among numbers, even in front', () => {
    expect(targetOf(columnOf('lettr', { ...level, distinct: 26 }), columnOf('x'), columnOf('yegvx'))).toBe('lettr')
  })

  test('is no y between other columns, where it is a coordinate', () => {
    expect(targetOf(columnOf('x'), columnOf('y'), columnOf('inside', level))).toBe('inside')
    expect(targetOf(columnOf('x'), columnOf('y'))).toBe('y')
    expect(targetOf(columnOf('y'), columnOf('x'))).toBe('y')
  })

  test('is else the last column that could be one', () => {
    expect(targetOf(columnOf('a'), columnOf('b'), columnOf('id', { type: 'identifier' }))).toBe('b')
  })
})

describe('the task', () => {
  const taskOf = (facts: Parameters<typeof columnOf>[1]) =>
    proposeSettings(datasetOf([columnOf('a'), columnOf('t', facts)]), { target: 't' }).settings.task

  test('is classification for names, and for few different whole numbers', () => {
    expect(taskOf(level)).toBe('classification')
    expect(taskOf({ integer: true, distinct: 10 })).toBe('classification')
  })

  test('is regression for decimal numbers, and for many whole ones', () => {
    expect(taskOf({ integer: false, distinct: 5 })).toBe('regression')
    expect(taskOf({ integer: true, distinct: 60 })).toBe('regression')
    expect(taskOf({ integer: true, distinct: 20, missing: 10 })).toBe('classification')
    expect(taskOf({ integer: true, distinct: 21 })).toBe('regression')
  })
})

test('columns that tell nothing are ignored, each with its reason', () => {
  const { settings, reasons } = proposeSettings(
    datasetOf([
      columnOf('row_id', { type: 'identifier' }),
      columnOf('essay', { type: 'text' }),
      columnOf('born', { type: 'date' }),
      columnOf('same', { distinct: 1 }),
      columnOf('nothing', { distinct: 0, missing: 100 }),
      columnOf('city', { type: 'categorical', distinct: 70 }),
      columnOf('x'),
      columnOf('y')
    ]),
    {}
  )
  const roles = Object.fromEntries(settings.columns.map(({ name, role }) => [name, role]))
  expect(roles).toEqual({
    row_id: 'ignored',
    essay: 'ignored',
    born: 'input',
    same: 'ignored',
    nothing: 'ignored',
    city: 'input',
    x: 'input',
    y: 'target'
  })
  expect(Object.keys(reasons.columns)).toEqual(['row_id', 'essay', 'born', 'same', 'nothing', 'city'])
  expect(reasons.columns.city).toContain('70 levels')
})

test('a column of parts becomes the split, with training rows held out for validation', async () => {
  const dataset = await importFiles(duckDb, join(fixtures, 'part.csv'))
  const { settings, reasons } = proposeSettings(dataset, {})
  expect(settings.target).toBe('y')
  expect(settings.split).toEqual({
    kind: 'column',
    column: 'part',
    train: ['train'],
    validation: [],
    test: ['test'],
    validationShare: 20,
    seed: 1,
    stratified: true
  })
  expect(settings.columns.find(({ name }) => name === 'part')?.role).toBe('part')
  expect(reasons.split).toContain('"part"')
})

test('an image keeps its dark pixels as inputs, and all its pixels one range', async () => {
  const dataset = await importFiles(duckDb, join(sampleTables, 'digits_8x8.csv'))
  const { settings } = proposeSettings(dataset, {})
  expect(settings).toMatchObject({ target: 'digit', task: 'classification', preparation: { scaling: 'minmax' } })
  expect(settings.columns.filter(({ role }) => role === 'input')).toHaveLength(64)
})

test.each([
  ['iris', 'species', 'classification', 4],
  ['breast_cancer', 'diagnosis', 'classification', 30],
  ['penguins', 'species', 'classification', 7],
  ['ames_housing', 'Sale_Price', 'regression', 73]
])('%s: the proposal can be used as it is', async (name, target, task, inputs) => {
  const dataset = await importFiles(duckDb, join(sampleTables, `${name}.csv`))
  const { settings } = proposeSettings(dataset, {})
  expect(settings).toMatchObject({ target, task })
  expect(settings.columns.filter(({ role }) => role === 'input')).toHaveLength(inputs)
  expect(checkSettings(dataset, settings)).toEqual([])
})

test('what was given is kept, and a target that is no column is named', () => {
  const dataset = datasetOf([columnOf('a', { integer: true, distinct: 3 }), columnOf('y')])
  expect(proposeSettings(dataset, { target: 'a', task: 'regression' }).settings).toMatchObject({
    target: 'a',
    task: 'regression',
    split: { stratified: false }
  })
  expect(() => proposeSettings(dataset, { target: 'z' })).toThrow('"made up" has no column "z". Its columns are a, y.')
})
