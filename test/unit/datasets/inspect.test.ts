import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { inspectQuestion } from '#lab/datasets/findings/inspect.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { splitRows } from '#lab/datasets/split.ts'
import { importFiles, openDuckDb, sampleTables, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

/** A table of `rows` lines, its settings as proposed, and what an inspection of them finds. */
async function question(header: string, line: (row: number) => string, target: string, rows = 200) {
  const folder = await temporaryFolder()
  const path = join(folder, 'table.csv')
  const lines = Array.from({ length: rows }, (_, row) => line(row))
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  const imported = await importFiles(duckDb, path, {}, folder)
  const { settings } = proposeSettings(imported, { target })
  const inspect = (change: Partial<ExperimentSettings> = {}) =>
    inspectQuestion(duckDb, imported.file, imported, { ...settings, ...change })
  return { imported, settings, inspect }
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind, columns }) => `${kind} ${columns.join()}`.trim())
/** Numbers that look random and repeat nowhere. */
const noise = (row: number, step: number) => ((row * step) % 1).toFixed(6)

test('a column that tells the class by itself is pointed out, one that only leans towards it is not', async () => {
  const { inspect } = await question(
    'x,code,leaning,kind',
    (row) =>
      `${noise(row, 0.618034)},${'abcdef'[row % 6]},${row % 10 === 0 ? 'u' : row % 2 ? 'u' : 'v'},${row % 2 ? 'odd' : 'even'}`,
    'kind'
  )
  const findings = await inspect()
  expect(kinds(findings)).toEqual(['target_copy code'])
  expect(findings[0]?.message).toBe(
    '"code" tells "kind" by itself: each of its values has one class only. If it is known only with the answer, leave it out.'
  )
})

test('the target in other units or another scale is pointed out, also where it falls', async () => {
  const { inspect } = await question(
    'x,euros,discount,price',
    (row) => {
      const price = 10 + Number(noise(row, 0.754878)) * 90
      return `${noise(row, 0.618034)},${(price * 0.92).toFixed(6)},${Math.exp(-price / 20).toFixed(9)},${price.toFixed(4)}`
    },
    'price'
  )
  expect(kinds(await inspect())).toEqual(['target_copy euros', 'target_copy discount'])
})

test('names of rows and columns of one value are pointed out where they are inputs', async () => {
  const { settings, inspect } = await question(
    'id,same,x,y',
    (row) => `${row + 1},7,${noise(row, 0.618034)},${noise(row, 0.754878)}`,
    'y'
  )
  expect(await inspect()).toEqual([])
  const columns = settings.columns.map((column) =>
    column.role === 'ignored' ? { ...column, role: 'input' as const, treatAs: 'numeric' as const } : column
  )
  expect(kinds(await inspect({ columns }))).toEqual(['identifier id', 'constant same'])
})

test('identical rows across the parts are counted with examples, and kept in one part on request', async () => {
  const { imported, settings, inspect } = await question(
    'x,z,kind',
    // Every row twice, 100 rows apart.
    (row) => `${noise(row % 100, 0.618034)},${noise(row % 100, 0.754878)},${row % 2 ? 'odd' : 'even'}`,
    'kind'
  )
  const [found] = await inspect()
  const [, repeats = 0, later = 0] = /^(\d+) of (\d+) rows for validation and test/.exec(found?.message ?? '') ?? []
  expect(Number(later)).toBe(80)
  expect(Number(repeats)).toBeGreaterThan(30)
  expect(found).toMatchObject({ kind: 'repeats', mend: { option: '--together' } })
  const parts = await splitRows(duckDb, imported.file, settings)
  for (const { row, twin } of found?.examples ?? []) {
    expect(Math.abs(row - twin)).toBe(100)
    expect(parts.train.includes(row - 1)).toBe(false)
    expect(parts.test.includes(twin - 1)).toBe(false)
  }

  if (settings.split.kind !== 'fractions') throw new Error('The proposed split is by fractions.')
  const split = { ...settings.split, together: true }
  expect(await inspect({ split })).toEqual([])
  const together = await splitRows(duckDb, imported.file, { ...settings, split })
  expect(together.train.length + together.validation.length + together.test.length).toBe(200)
})

test('the samples have nothing to point out but rows that were measured alike', async () => {
  for (const name of ['iris', 'breast_cancer', 'digits_8x8']) {
    const imported = await importFiles(duckDb, join(sampleTables, `${name}.csv`))
    const { settings } = proposeSettings(imported, {})
    const findings = await inspectQuestion(duckDb, imported.file, imported, settings)
    expect([name, ...findings.filter(({ kind }) => kind !== 'repeats')]).toEqual([name])
  }
})

test('classes of fewer rows than there are parts are named', async () => {
  const { inspect } = await question(
    'x,kind',
    (row) => `${noise(row, 0.618034)},${row === 0 ? 'once' : row < 3 ? 'twice' : row % 2 ? 'odd' : 'even'}`,
    'kind'
  )
  const [found, ...others] = await inspect()
  expect(others).toEqual([])
  expect(found?.message).toBe(
    '2 classes of "kind" have fewer rows than there are parts ("once" and "twice"), so some part has none of them. ' +
      'Join rare classes in the table, or leave their rows out.'
  )
})
