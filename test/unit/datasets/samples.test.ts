import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { sample } from '#contract/datasets.ts'
import { importTable } from '#lab/datasets/import/import-table.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { listSamples, withSample } from '#lab/datasets/samples.ts'
import { openDuckDb, sampleTables, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()
const samples = await listSamples(sampleTables)

test.each(samples)('$id is what its card says', async (card) => {
  expect(sample.parse(card)).toEqual(card)
  expect(card.plot.length).toBeGreaterThan(100)
  expect(card.plot.length).toBeLessThanOrEqual(150)
  expect(card.plot.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true)
  const folder = await temporaryFolder()
  const imported = await withSample(sampleTables, card.id, 1, (file) => importTable(duckDb, [file], {}, { folder }))
  expect(imported).toMatchObject({ rows: card.rows, warnings: [] })
  expect(imported.columns).toHaveLength(card.columns)
  const { settings } = proposeSettings({ ...imported, id: 'x', name: 'x', importedAt: 0 }, {})
  expect(settings).toMatchObject({ target: card.target, task: card.task })
  const groups = new Set(card.plot.map(({ group }) => group))
  const target = imported.columns.find(({ name }) => name === card.target)
  expect(groups.size).toBe(card.task === 'classification' ? target?.distinct : 1)
})

test('a seed names a generated sample, and its file goes with the work', async () => {
  const read = (seed: number) => withSample(sampleTables, 'moons', seed, ({ path }) => readFile(path, 'utf8'))
  const first = await read(1)
  expect(first.split('\n').slice(0, 3)).toMatchInlineSnapshot(`
    [
      "x1,x2,class",
      "1.06771,0.15668,upper",
      "0.92248,-0.48375,lower",
    ]
  `)
  expect(await read(1)).toBe(first)
  expect(await read(2)).not.toBe(first)
  const path = await withSample(sampleTables, 'moons', 1, (file) => Promise.resolve(file.path))
  await expect(readFile(path)).rejects.toThrow('ENOENT')
})

test('an unknown sample is told with those there are', async () => {
  await expect(withSample(sampleTables, 'mars', 1, () => Promise.resolve())).rejects.toThrow(
    /^There is no sample "mars"\. There are breast_cancer, iris, /
  )
})
