/** What is missing: the usual marks, and those that a person names for the table or for one column. */
import { expect, test } from 'vitest'
import { openDuckDb } from '#test/unit/datasets/support.ts'
import { importText, readColumns } from '#test/unit/datasets/import/columns/support.ts'

const duckDb = openDuckDb()

test('a named number is missing in all its spellings, and the usual marks stay', async () => {
  const { x } = await readColumns(duckDb, { x: ['-9', '-9.0', '-9.00', '9', 'NaN', '1.5'] }, { missing: ['-9'] })
  expect(x?.values).toEqual([null, null, null, 9, null, 1.5])
  expect(x?.note).toContain('3 of its values are "-9", named as missing.')
})

test('a named text is missing in every column, and one that is named for a column only there', async () => {
  const cells = { a: ['x', 'none', 'y', 'x', 'none', 'y'], b: ['x', 'none', 'y', 'x', 'none', 'y'] }
  const all = await readColumns(duckDb, cells, { missing: ['none'] })
  expect([all['a']?.values[1], all['b']?.values[1]]).toEqual([null, null])
  const one = await readColumns(duckDb, cells, { columns: [{ column: 'b', missing: ['none'] }] })
  expect([one['a']?.values[1], one['b']?.values[1]]).toEqual(['none', null])
})

test('a class that is lost to a named mark is told', async () => {
  const { y } = await readColumns(duckDb, { y: ['0', '1', '0', '1', '1', '0'] }, { missing: ['0'] })
  expect(y?.note).toContain('3 of its values are "0", named as missing.')
})

test('marks count in the texts of JSON: one among numbers makes no categories', async () => {
  const rows = [1.5, 2.5, 'NA', 3.5, 4, 'null'].map((x, row) => ({ x, y: ['a', 'b'][row % 2] }))
  const imported = await importText(duckDb, JSON.stringify(rows), 'table.json')
  expect(imported.columns[0]).toMatchObject({ name: 'x', type: 'numeric', missing: 2, distinct: 4 })
})

test('whole numbers beyond 2^53 in JSON are codes, as they stand in the file', async () => {
  const ids = ['9007199254740993', '9007199254740994', '9007199254740995']
  const text = `[${[...ids, ...ids, ...ids].map((id, row) => `{"id": ${id}, "x": ${row}}`).join(',')}]`
  const imported = await importText(duckDb, text, 'table.json')
  expect(imported.columns[0]?.type).not.toBe('numeric')
  expect(imported.columns[0]).toMatchObject({ distinct: 3, examples: ids })
})
