/** New files are read by the rules of the table that a network was fitted to. */
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReadOptions } from '#contract/reading.ts'
import { rulesOf } from '#lab/datasets/import/columns/rules.ts'
import { readTable } from '#lab/datasets/import/import-table.ts'
import { matchColumns } from '#lab/datasets/predicting/new-columns.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

/** Reads a first table, and then a second by the rules of the first. */
async function readBoth(first: string, second: string, options: ReadOptions = {}, name = 'new.csv') {
  const folder = await temporaryFolder()
  const fitted = join(folder, 'fitted.csv')
  const fresh = join(folder, name)
  await writeFile(fitted, first)
  await writeFile(fresh, second)
  const dataset = await importFiles(duckDb, fitted, options, folder)
  const read = await readTable(
    duckDb,
    [{ path: fresh, name: basename(fresh) }],
    {},
    { folder, rules: rulesOf(dataset) }
  )
  const rows = await duckDb.use(undefined, (session) => session.rows(`SELECT * FROM read_parquet('${read.file}')`))
  return { dataset, read, rows }
}

const decimals = `a;b;k\n${Array.from({ length: 30 }, (_, row) => `${row},25;${row + 1},5;${'xy'[row % 2]}`).join('\n')}\n`

test('a decimal comma stays one where the new values alone would be thousands', async () => {
  const { rows, read } = await readBoth(decimals, 'a,b,k\n"7,473","1,500",x\n"8,250","2,125",y\n')
  expect(rows).toEqual([
    [7.473, 1.5, 'x'],
    [8.25, 2.125, 'y']
  ])
  expect(read.doubts).toEqual([])
})

test('values that are plainly written otherwise are read as they are', async () => {
  const { rows } = await readBoth(decimals, 'a,b,k\n7.47,1.5,x\n8.2,2.1,y\n')
  expect(rows[0]).toEqual([7.47, 1.5, 'x'])
})

test('what is missing in the one is missing in the other, in all its spellings', async () => {
  const first = `a,k\n${Array.from({ length: 30 }, (_, row) => `${row % 7 === 0 ? -999 : row},${'xy'[row % 2]}`).join('\n')}\n`
  const { rows, dataset } = await readBoth(first, 'a,k\n-999.0,x\n4,none\n', { missing: ['-999', 'none'] })
  expect(rows).toEqual([
    [null, 'x'],
    [4, null]
  ])
  expect(dataset.reading?.facts).toEqual([
    'comma',
    'header in line 1',
    'decimal point',
    '2 missing texts: "-999", "none"'
  ])
})

test('what a LIBSVM file of the same columns leaves out everywhere is 0 too, and the others stay in their place', async () => {
  const first = Array.from({ length: 30 }, (_, row) => `${row % 2} 0:${row + 1} 1:${row / 4} 3:2\n`).join('')
  const { read, rows } = await readBoth(first, '1 1:5.5\n0 1:7 2:3\n', {}, 'new.txt')
  expect(rows).toEqual([
    [1, 0, 5.5, 0, 0],
    [0, 0, 7, 3, 0]
  ])
  const matched = await duckDb.use(undefined, (session) =>
    matchColumns(session, read.file, [{ column: 'x0', kind: 'numeric' }])
  )
  expect(matched.columns[0]?.found).toBe('x0')
})

test('so it is in a file that brings its own types', async () => {
  const first = `a,k\n${Array.from({ length: 30 }, (_, row) => `${row},${'xy'[row % 2]}`).join('\n')}\n`
  const { rows } = await readBoth(first, '[{"a":-999,"k":"x"},{"a":4.5,"k":"y"}]', { missing: ['-999'] }, 'new.json')
  expect(rows).toEqual([
    [null, 'x'],
    [4.5, 'y']
  ])
})

test('dates that fit both orders are read in the fitted one', async () => {
  const first = `d,k\n${Array.from({ length: 20 }, (_, row) => `${row + 5}/02/2021,${'xy'[row % 2]}`).join('\n')}\n`
  const { rows, read } = await readBoth(first, 'd,k\n03/04/2022,x\n05/06/2022,y\n')
  expect(rows.map(([day]) => String(day))).toEqual(['2022-04-03', '2022-06-05'])
  expect(read.doubts).toEqual([])
})

test('an odd cell is missing and told with its row; the column is not lost', async () => {
  const first = `a,b\n${Array.from({ length: 30 }, (_, row) => `${row}.5,${row}`).join('\n')}\n`
  const { rows, read } = await readBoth(first, 'a,b\n1.5,1\nbroken,2\n2.5,3\n')
  expect(rows.map(([a]) => a)).toEqual([1.5, null, 2.5])
  expect(read.odd).toEqual([{ column: 'a', rows: 1, row: 2, example: 'broken' }])
})

test('codes stay codes, and numbers numbers', async () => {
  const first = `code,n\n${Array.from({ length: 30 }, (_, row) => `${String(row % 6).padStart(3, '0')},${row}`).join('\n')}\n`
  const { rows } = await readBoth(first, 'code,n\n101,007\n205,008\n')
  expect(rows).toEqual([
    ['101', 7],
    ['205', 8]
  ])
})

test('names are the same in both forms of Unicode', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'new.csv')
  await writeFile(path, `${'gro\u00df ca\u0301fe'.normalize('NFD')},b\n1,2\n3,4\n`)
  const { file } = await importFiles(duckDb, path, {}, folder)
  const matched = await duckDb.use(undefined, (session) =>
    matchColumns(session, file, [{ column: 'Gro\u00df c\u00e1fe'.normalize('NFC'), kind: 'numeric' }])
  )
  expect(matched.columns[0]?.found).not.toBeNull()
})
