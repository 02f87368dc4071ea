import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExperimentSettings, Split } from '#contract/experiments.ts'
import { previewRows } from '#lab/datasets/preview.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { splitRows, type SplitRows } from '#lab/datasets/split.ts'
import { fixtures, importFiles, openDuckDb, sampleTables, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()
type Fractions = Extract<Split, { kind: 'fractions' }>

async function prepare(path: string, target?: string) {
  const imported = await importFiles(duckDb, path, {}, await temporaryFolder())
  const { settings } = proposeSettings(imported, { target })
  const split = (change: Partial<ExperimentSettings> = {}) =>
    splitRows(duckDb, imported.file, { ...settings, ...change })
  const withFractions = (change: Partial<Fractions>) =>
    split({ split: { ...(settings.split as Fractions), ...change } })
  return { imported, settings, split, withFractions }
}

const sizes = ({ train, validation, test }: SplitRows) => [train.length, validation.length, test.length]

test('each row is in one part, in ascending order, and the parts keep their shares to the row', async () => {
  const { split } = await prepare(join(sampleTables, 'penguins.csv'))
  const parts = await split()
  expect(sizes(parts)).toEqual([206, 69, 69])
  expect(parts.dropped).toBe(0)
  const all = [...parts.train, ...parts.validation, ...parts.test]
  expect(new Set(all)).toEqual(new Set(Array.from({ length: 344 }, (_, row) => row)))
  for (const part of [parts.train, parts.validation, parts.test]) expect(part).toEqual(part.toSorted())
})

test('every class has its share in each part', async () => {
  const { imported, split } = await prepare(join(sampleTables, 'iris.csv'))
  const { rows } = await previewRows(duckDb, imported.file, 0, 150)
  const parts = await split()
  for (const [part, each] of [
    [parts.train, 30],
    [parts.validation, 10],
    [parts.test, 10]
  ] as const) {
    const counts = Map.groupBy(part, (row) => rows[row]?.[4])
    expect([...counts.values()].map(({ length }) => length)).toEqual([each, each, each])
  }
})

test('a seed names the split: on every machine these rows', async () => {
  const { split, withFractions } = await prepare(join(sampleTables, 'iris.csv'))
  const first = await split()
  expect(await split()).toEqual(first)
  expect([...first.test].slice(0, 8)).toMatchInlineSnapshot(`
    [
      4,
      5,
      19,
      22,
      24,
      28,
      32,
      42,
    ]
  `)
  expect((await withFractions({ seed: 2 })).test).not.toEqual(first.test)
})

test('a class of one row is trained on', async () => {
  const path = join(await temporaryFolder(), 'rare.csv')
  const common = Array.from({ length: 40 }, (_, row) => `${row},${row % 2 === 0 ? 'a' : 'b'}`)
  await writeFile(path, `x,kind\n${[...common, '99,rare'].join('\n')}\n`)
  const { withFractions } = await prepare(path)
  for (let seed = 0; seed < 10; seed++) expect((await withFractions({ seed })).train).toContain(40)
})

test('rows without a target are dropped, and rows with a missing input where that is chosen', async () => {
  const { settings, split } = await prepare(join(sampleTables, 'penguins.csv'), 'sex')
  const imputed = await split()
  expect(imputed.dropped).toBe(11)
  const dropping = await prepare(join(sampleTables, 'penguins.csv'))
  const dropped = await dropping.split({ preparation: { ...settings.preparation, missing: 'drop' } })
  expect(dropped.dropped).toBe(11)
  expect([...dropped.train, ...dropped.validation, ...dropped.test]).not.toContain(3)
})

test('a column names the parts; validation is held out of the training rows', async () => {
  const { settings, split } = await prepare(join(fixtures, 'part.csv'))
  const parts = await split({ split: { ...settings.split, validationShare: 50 } as Split })
  expect(sizes(parts)).toEqual([2, 2, 2])
  expect([...parts.test]).toEqual([4, 5])
  const swapped = await split({
    split: { ...settings.split, train: ['test'], validation: ['train'], test: [] } as Split
  })
  expect([[...swapped.train], [...swapped.validation], [...swapped.test]]).toEqual([[4, 5], [0, 1, 2, 3], []])
})

test('a regression is split without regard to the target', async () => {
  const { settings, split } = await prepare(join(sampleTables, 'ames_housing.csv'))
  expect(settings.task).toBe('regression')
  expect(sizes(await split())).toEqual([1758, 586, 586])
})

test('a part that stays empty is told', async () => {
  const path = join(await temporaryFolder(), 'few.csv')
  await writeFile(path, 'x,kind\n1,a\n2,b\n,a\n')
  const { withFractions } = await prepare(path)
  await expect(withFractions({ train: 90, validation: 5, test: 5 })).rejects.toMatchObject({
    code: 'bad_settings',
    message:
      'The validation part gets no row: 3 of 3 rows can be used. Change the split, or how missing values are handled.'
  })
})
