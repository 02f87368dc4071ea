/** Tables whose rows are variables: read as they stand, and the doubt told once. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

async function doubtsOf(lines: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder()
  const path = join(folder, 'table.csv')
  await writeFile(path, `${lines.join('\n')}\n`)
  const { doubts = [] } = await importFiles(duckDb, path, {}, folder)
  return doubts.map(({ why }) => why)
}

/** Numbers without a pattern, the same each time. */
const value = (row: number, column: number) => (10 * Math.abs(Math.sin(37 * row + 11 * column + 1))).toFixed(2)
const numbers = (rows: number, columns: number, scale: (row: number, column: number) => number = () => 1) =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => (Number(value(row, column)) * scale(row, column)).toFixed(2))
  )
const samples = Array.from({ length: 12 }, (_, index) => `S${index + 1}`)

test('a matrix of genes, with the classes of its columns as its first row', async () => {
  const classes = samples.map((_, index) => (index % 3 === 0 ? 'ill' : 'well'))
  const rows = numbers(120, 12).map((row, index) => [`G${index}`, ...row].join(','))
  const doubts = await doubtsOf([['gene', ...samples].join(','), ['kind', ...classes].join(','), ...rows])
  expect(doubts).toEqual([
    expect.stringMatching(/^Row 1 holds words in 12 columns of numbers, such as "ill" in "S1"/),
    expect.stringMatching(/^Rows and columns look exchanged: its first column is called "gene".*transpose the table/)
  ])
})

test('so in a small one, where the words make texts of its columns', async () => {
  const classes = samples.map((_, index) => (index % 3 === 0 ? 'ill' : 'well'))
  const rows = numbers(20, 12).map((row, index) => [`G${index}`, ...row].join(','))
  const doubts = await doubtsOf([['gene', ...samples].join(','), ['kind', ...classes].join(','), ...rows])
  expect(doubts).toEqual([
    expect.stringMatching(/^In "S1", "S2", "S3".*: 1 value of 21 is no number, such as "ill", so it is read as text/),
    expect.stringMatching(/^Rows and columns look exchanged/)
  ])
})

test('quantities of different scales in rows', async () => {
  const scales = [1e-2, 10, 1e4, 0.5, 300, 1e6, 40, 2e3]
  const rows = numbers(8, 12, (row) => scales[row] ?? 1)
  const names = ['pH', 'mass', 'area', 'ratio', 'depth', 'volume', 'age', 'count']
  const doubts = await doubtsOf([
    ['what', ...samples].join(','),
    ...rows.map((row, at) => [names[at], ...row].join(','))
  ])
  expect(doubts).toEqual([expect.stringMatching(/^Rows and columns look exchanged: the numbers of a row are alike/)])
})

test.each([
  [
    'cases by name with measures of different scales',
    [['car', 'mpg', 'cyl', 'disp', 'hp', 'wt', 'qsec'].join(','), ...named(numbers(30, 6, (_, column) => 10 ** column))]
  ],
  ['one series a country', [['country', ...years()].join(','), ...named(numbers(20, 10, (row) => 10 ** (row % 5)))]],
  ['spectra', [['sample', ...waves()].join(','), ...named(numbers(20, 10, (row) => 2 ** (row % 9)))]]
])('%s are cases in rows', async (_, lines) => {
  expect(await doubtsOf(lines)).toEqual([])
})

function named(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row, index) => [`case ${String.fromCharCode(97 + (index % 26))}${index}`, ...row].join(','))
}

function years(): string[] {
  return Array.from({ length: 10 }, (_, index) => String(1990 + index))
}

function waves(): string[] {
  return Array.from({ length: 10 }, (_, index) => `${400 + 2 * index} nm`)
}
