/** Numbers at the edge of a column that may stand for a missing value are pointed out; ordinary edges are not. */
import { describe, expect, test } from 'vitest'
import { openDuckDb } from '#test/unit/datasets/support.ts'
import { importText, csvOf } from '#test/unit/datasets/import/columns/support.ts'

const duckDb = openDuckDb()

const noise = (row: number) => ((row * 7919) % 997) / 997
/** Values made from a number between 0 and 1, every seventh of them the code. */
const withCode = (code: number | string, value: (x: number) => string, every = 7) =>
  Array.from({ length: 120 }, (_, row) => (row % every === 3 ? String(code) : value(noise(row))))
const between = (from: number, to: number, places: number) => (x: number) => (from + x * (to - from)).toFixed(places)

describe('pointed out', () => {
  test.each([
    ['-999 among degrees', -999, withCode(-999, between(-8, 31, 1))],
    ['-9999 among heights', -9999, withCode('-9999.0', between(0, 900, 0))],
    ['9999 among weights', 9999, withCode(9999, between(40, 120, 1))],
    ['99 among ages, near their end', 99, withCode(99, between(18, 88, 0))],
    ['9 among answers from 1 to 5', 9, withCode(9, between(1, 5, 0))],
    ['0 among pressures', 0, withCode(0, between(55, 122, 0))],
    ['-1 among days', -1, withCode(-1, between(1, 90, 0), 4)],
    ['99.9 among shares of hundred', 99.9, withCode(99.9, between(5, 40, 1))],
    ['a fill value of netCDF', 9.969209968386869e36, withCode('9.969209968386869e36', between(270, 300, 2))],
    ['a single -999', -999, withCode(-999, between(0, 20, 1), 118)]
  ])('%s', async (_, value, cells) => {
    const { doubts, columns } = await importText(duckDb, csvOf({ measured: cells }))
    const count = cells.filter((cell) => Number(cell) === value).length
    const [doubt] = doubts.filter(({ why }) => why.includes('stand for a missing value'))
    expect(doubt).toMatchObject({ column: 'measured', other: 'missing', count })
    expect(columns[0]?.note).toContain(`${value} (${count} times)`)
  })

  test('in several columns at once, with a mend that takes it out of them all', async () => {
    const text = csvOf({ a: withCode(-200, between(0, 9, 2)), b: withCode(-200, between(3, 70, 1)) })
    const { doubts } = await importText(duckDb, text)
    const [doubt] = doubts
    expect(doubts).toHaveLength(1)
    expect(doubt?.why).toContain('-200 stands far from all other values of 2 columns')
    const mended = await importText(duckDb, text, 'table.csv', doubt?.options ?? {})
    expect(mended.columns.slice(0, 2).map(({ missing }) => missing)).toEqual([17, 17])
    expect(mended.doubts).toEqual([])
  })

  test('beside columns whose names the query could take for its own', async () => {
    const text = csvOf({ x: withCode(-999, between(0, 20, 1)), n: withCode(-999, between(3, 70, 1)) })
    const { doubts } = await importText(duckDb, text)
    expect(doubts[0]?.why).toContain('-999 stands far from all other values of 2 columns')
  })

  test('two codes side by side, each with its count', async () => {
    const cells = withCode(999, between(1, 40, 1)).map((cell, row) => (row % 10 === 2 ? '998' : cell))
    const { doubts } = await importText(duckDb, csvOf({ dose: cells }))
    expect(doubts.map(({ why }) => /are (\d+)/.exec(why)?.[1])).toEqual(['999', '998'])
  })
})

describe('not pointed out', () => {
  test.each([
    ['counts from 0', withCode(0, between(0, 6, 0))],
    ['many zeros of a tail', withCode(0, (x) => String(Math.round(Math.exp(12 * x))), 4)],
    ['shares from 0 to 1', withCode('0.000', between(0, 1, 3))],
    ['degrees around 0', withCode(-1, between(-1, 25, 0))],
    ['the classes -1 and 1', withCode(-1, () => '1', 4)],
    ['marks up to 99', withCode(99, between(0, 99, 0))],
    ['two classes, 0 and 100', withCode(0, () => '100', 4)],
    ['steps of hundred from 0', withCode(0, (x) => String(100 * Math.ceil(9 * x)))],
    ['debts of -100 to 100', withCode(-100, between(-100, 100, 0))],
    ['an outlier that is no code', withCode(-437, between(0, 20, 1), 118)]
  ])('%s', async (_, cells) => {
    const { doubts, columns } = await importText(duckDb, csvOf({ measured: cells }))
    expect(doubts).toEqual([])
    expect(columns[0]?.note ?? '').not.toContain('stand for')
  })
})
