/** Lines that are no records: what stands above, between and below the rows of a table, and what parts their cells. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Dataset } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

async function read(text: string, options: ReadOptions = {}, name = 'table.csv'): Promise<Dataset> {
  const folder = await temporaryFolder()
  const path = join(folder, name)
  await writeFile(path, text)
  return importFiles(duckDb, path, options, folder)
}

/** Lines made from their number, 0 to `count` - 1. */
const lines = (count: number, line: (row: number) => string, end = '\n') =>
  Array.from({ length: count }, (_, row) => line(row) + end).join('')

const noise = (row: number) => (((row * 7919) % 997) / 100).toFixed(2)
const kind = (row: number) => ['oak', 'elm', 'ash'][(row * 5) % 3]
const rowsOf = (count: number) => lines(count, (row) => `${noise(row)},${noise(row + 50)},${kind(row)}`)
const told = ({ doubts, warnings }: Dataset) => [...warnings, ...doubts.map(({ why }) => why)].join('\n')
const types = ({ columns }: Dataset) => columns.map(({ name, type }) => `${name} ${type}`)

describe('above the rows', () => {
  test.each([
    ['titles', 'Trees of the park\nMeasured in May,,\n\nhigh,wide,kind\n', 4],
    ['a title with the delimiter', 'Trees, measured in May\nhigh,wide,kind\n', 2],
    ['comments', '# trees\n# 2021\nhigh,wide,kind\n', 3],
    ['percent comments', '% trees of the park, 2021\nhigh,wide,kind\n', 2],
    ['a declared sign', 'sep=,\nhigh,wide,kind\n', 2]
  ])('%s', async (_, above, line) => {
    const dataset = await read(above + rowsOf(30))
    expect(types(dataset)).toEqual(['high numeric', 'wide numeric', 'kind categorical'])
    expect(dataset.rows).toBe(30)
    if (!above.startsWith('sep')) expect(told(dataset)).toMatch(/above the table|comment/)
    expect(line).toBeGreaterThan(1)
  })

  test('what stands above is part of the table where the person says so', async () => {
    const text = `old,names,here\nhigh,wide,kind\n${rowsOf(20)}`
    expect(types(await read(text, { skip: 1 }))[0]).toBe('high numeric')
  })

  test('names in a comment are names', async () => {
    const dataset = await read(`# high wide kind\n${lines(25, (row) => `${noise(row)} ${noise(row + 3)} ${row % 2}`)}`)
    expect(dataset.columns.map(({ name }) => name)).toEqual(['high', 'wide', 'kind'])
    expect(dataset.rows).toBe(25)
  })

  test('units and kinds below the names are left out, and told', async () => {
    const dataset = await read(`depth,temp,place\nm,deg C,-\n${rowsOf(30)}`)
    expect(types(dataset).slice(0, 2)).toEqual(['depth numeric', 'temp numeric'])
    expect(told(dataset)).toMatch(/Line 2 holds units/)
    expect((await read(`depth,temp,place\nm,deg C,-\n${rowsOf(30)}`, { below: 0 })).rows).toBe(31)
  })
})

describe('no names', () => {
  test('levels in the first line are a row, and the doubt has its other reading', async () => {
    const dataset = await read(lines(60, (row) => `${kind(row)};${'abc'[row % 3]};${'xy'[row % 2]}`))
    expect(dataset.rows).toBe(60)
    const [doubt] = dataset.doubts
    expect(doubt?.options).toEqual({ header: true })
  })

  test('numbers that count on from 0 are names, as data frames write them', async () => {
    const dataset = await read(`,0,1,2\n${lines(30, (row) => `${row},${noise(row)},${noise(row + 9)},${row % 2}`)}`)
    expect(dataset.columns.map(({ name }) => name)).toEqual(['column 1', '0', '1', '2'])
  })

  test('years are names beside a text', async () => {
    const dataset = await read(
      `land,1998,2003,2008\n${lines(20, (row) => `L${row},${noise(row)},${noise(row + 1)},3.5`)}`
    )
    expect(dataset.columns.map(({ name }) => name)).toEqual(['land', '1998', '2003', '2008'])
  })
})

describe('inside and below', () => {
  test('names that are repeated where files were joined', async () => {
    const text = `high,wide,kind\n${rowsOf(20)}high,wide,kind\n${rowsOf(10)}`
    const dataset = await read(text)
    expect(dataset.rows).toBe(30)
    expect(told(dataset)).toMatch(/repeated in 1 line inside the table, line 22/)
  })

  test('they are found beyond the beginning of a large file', async () => {
    const text = `high,wide,kind\n${rowsOf(90_000)}high,wide,kind\n${rowsOf(5)}`
    const dataset = await read(text)
    expect(dataset.rows).toBe(90_005)
    expect(types(dataset)[0]).toBe('high numeric')
  })

  test('notes below', async () => {
    const dataset = await read(`high,wide,kind\n${rowsOf(20)}\nSource: the forester\nLast change: May 2021\n`)
    expect(dataset.rows).toBe(20)
    expect(told(dataset)).toMatch(/2 lines below the table are left out as notes: "Source: the forester"/)
  })

  test('a total, which can be kept', async () => {
    const text = `kind,high\n${lines(12, (row) => `t${row},${row + 1}`)}Total,78\n`
    const dataset = await read(text)
    expect(dataset.rows).toBe(12)
    expect(dataset.doubts.find(({ options }) => options?.keepTotal)?.why).toMatch(/a total of the others/)
    expect((await read(text, { keepTotal: true })).rows).toBe(13)
  })

  test('a short row in the middle is damage, and named with its line', async () => {
    const text = `high,wide,kind\n${rowsOf(10)}1.5,2.5\n${rowsOf(10)}`
    await expect(read(text)).rejects.toThrow('table.csv, line 12: 2 of the 3 values expected.')
  })

  test.each([
    ['closing commas', `high,wide,kind\n${lines(20, (row) => `${noise(row)},${noise(row + 4)},${kind(row)},,,`)}`],
    ['blank lines', `high,wide,kind\n\n${lines(20, (row) => `${noise(row)},${noise(row + 4)},${kind(row)}\n   `)}`],
    ['mixed line ends', `high,wide,kind\r\n${rowsOf(10)}${lines(10, (row) => `1.5,2.${row},elm`, '\r\n')}`],
    ['old line ends', `high,wide,kind\r${lines(20, (row) => `${noise(row)},2.5,${kind(row)}`, '\r')}`]
  ])('%s', async (_, text) => {
    const dataset = await read(text)
    expect(types(dataset).slice(0, 3)).toEqual(['high numeric', 'wide numeric', 'kind categorical'])
    expect(dataset.rows).toBe(20)
  })
})

describe('what parts the cells', () => {
  const cells = (row: number) => [noise(row), String(row % 7), kind(row) ?? '']
  test.each([
    [
      'runs of blanks',
      (row: number) =>
        `  ${cells(row)
          .map((cell) => cell.padEnd(9))
          .join('')}`
    ],
    ['two signs', (row: number) => cells(row).join('||')],
    ['a tilde', (row: number) => cells(row).join('~')],
    ['whole rows in quotes', (row: number) => `"${cells(row).join(',')}"`],
    [
      'single quotes',
      (row: number) =>
        cells(row)
          .map((cell) => `'${cell}'`)
          .join(',')
    ]
  ])('%s', async (_, line) => {
    const dataset = await read(lines(40, line), {}, 'table.txt')
    expect(dataset.rows).toBe(40)
    expect(dataset.columns.map(({ type }) => type)).toEqual(['numeric', 'numeric', 'categorical'])
  })

  test('fixed places', async () => {
    const names = ['red oak', 'elm', 'mountain ash']
    const line = (row: number) => `${noise(row).padStart(6)}  ${(names[row % 3] ?? '').padEnd(14)}${row % 9}`
    const dataset = await read(`high    tree          age\n${lines(40, line)}`, {}, 'table.txt')
    expect(dataset.columns.map(({ name }) => name)).toEqual(['high', 'tree', 'age'])
    expect(dataset.columns[1]?.distinct).toBe(3)
  })

  test('sentences stay one column', async () => {
    const dataset = await read(`note,kind\n${lines(30, (row) => `the ${row} words of a note,${kind(row)}`)}`)
    expect(dataset.columns.map(({ name }) => name)).toEqual(['note', 'kind'])
  })

  test('a word in quotes at the start of a cell keeps them', async () => {
    const dataset = await read(`say,n\n${lines(12, (row) => `"so" it is,${row}`)}`)
    expect(dataset.columns[0]?.examples).toEqual(['"so" it is'])
  })
})
