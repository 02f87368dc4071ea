/** Forms of dates, each over a column of its own: what is stored, and what is told. */
import { expect, test } from 'vitest'
import { openDuckDb } from '#test/unit/datasets/support.ts'
import { importText, csvOf, readColumns } from '#test/unit/datasets/import/columns/support.ts'

const duckDb = openDuckDb()

const dates: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['ISO', ['2024-01-31', '2024-2-9', '2023-12-01'], ['2024-01-31', '2024-02-09', '2023-12-01']],
  [
    'ISO with T and Z',
    ['2024-01-31T10:30:00Z', '2024-02-09T00:00:00Z'],
    ['2024-01-31 10:30:00', '2024-02-09 00:00:00']
  ],
  ['points', ['31.1.2024', '09.02.2024'], ['2024-01-31', '2024-02-09']],
  ['points and years of two digits', ['2.2.21', '31.12.99'], ['2021-02-02', '1999-12-31']],
  ['strokes, the month first', ['1/31/2024', '2/9/2024'], ['2024-01-31', '2024-02-09']],
  ['strokes, the day first', ['31/1/2024', '9/2/2024'], ['2024-01-31', '2024-02-09']],
  ['AM and PM', ['1/31/2024 1:05 AM', '2/9/2024 12:30 PM'], ['2024-01-31 01:05:00', '2024-02-09 12:30:00']],
  ['a.m. and p.m.', ['1/31/2024 1:05 a.m.', '2/9/2024 11:30 p.m.'], ['2024-01-31 01:05:00', '2024-02-09 23:30:00']],
  ['hyphens, the year last', ['31-01-2024', '09-02-2024'], ['2024-01-31', '2024-02-09']],
  ['English names', ['3 Mar 2021', '14 September 2020'], ['2021-03-03', '2020-09-14']],
  ['English names first', ['Mar 3, 2021', 'September 14, 2020'], ['2021-03-03', '2020-09-14']],
  ['ordinals', ['3rd of March 2021', '14th of May 2020'], ['2021-03-03', '2020-05-14']],
  ['short years with names', ['03-Mar-21', '14-SEP-20'], ['2021-03-03', '2020-09-14']],
  ['German names', ['3. März 2021', '14. Dezember 2020'], ['2021-03-03', '2020-12-14']],
  ['French names', ['3 août 2021', '14 février 2020'], ['2021-08-03', '2020-02-14']],
  ['French June and July', ['3 juin 2021', '14 juil. 2020'], ['2021-06-03', '2020-07-14']],
  ['Spanish names', ['3 de enero de 2021', '14 de agosto de 2020'], ['2021-01-03', '2020-08-14']],
  ['Chinese signs', ['2021年3月3日', '2020年12月14日'], ['2021-03-03', '2020-12-14']],
  ['months without a day', ['Mar 2021', 'Dec 2020'], ['2021-03-01', '2020-12-01']],
  ['hours parted by points', ['31.01.2024 10.30', '09.02.2024 23.59'], ['2024-01-31 10:30:00', '2024-02-09 23:59:00']]
]

test.each(dates)('dates: %s', async (_, cells, expected) => {
  const imported = await importText(duckDb, csvOf({ when: cells }))
  expect(imported.columns[0]?.type).toBe('date')
  const stored = await duckDb.use(undefined, (session) =>
    session.rows(`SELECT CAST("when" AS VARCHAR) FROM read_parquet('${imported.file}')`)
  )
  expect(stored.flat()).toEqual(expected)
})

test('no dates: days that do not exist, versions, and months beyond twelve', async () => {
  const { a, b, c } = await readColumns(duckDb, {
    a: ['2024-01-31', '2024-02-30', '2024-03-01'],
    b: ['1.2.3', '1.10.0', '2.0.1'],
    c: ['2019-20', '2020-21', '2021-22']
  })
  expect([a?.type, b?.type, c?.type]).toEqual(['categorical', 'categorical', 'categorical'])
})

test('an order that fits too is told, and can be taken', async () => {
  const cells = ['03/04/2020', '05/06/2020', '07/08/2020']
  const first = await readColumns(duckDb, { when: cells })
  const [doubt] = first['when']?.doubts ?? []
  expect(doubt).toMatchObject({ taken: 'month/day/year', other: 'day/month/year', count: 3 })
  const other = await importText(duckDb, csvOf({ when: cells }), 'table.csv', doubt?.options ?? {})
  expect(other.columns[0]?.note).toContain('From 2020-04-03 to 2020-08-07.')
})
