/** What a column of numbers is, over all its rows: each case gives cells and what must be stored of them. */
import { expect, test } from 'vitest'
import { openDuckDb } from '#test/unit/datasets/support.ts'
import { csvOf, importText, readColumns } from '#test/unit/datasets/import/columns/support.ts'

const duckDb = openDuckDb()

/** Repeats cells so that a column is no handful of levels. */
const many = (...cells: string[]) => cells

const numbers: readonly (readonly [string, readonly string[], readonly (number | null)[]])[] = [
  [
    'dollars with groups of thousands',
    many('$1,234', '$99', '$12,345,678', '$5', '$77', '$1,000'),
    [1234, 99, 12345678, 5, 77, 1000]
  ],
  [
    'euros behind the number',
    many('1.234,50 €', '99,00 €', '12,25 €', '3,10 €', '8,00 €', '7,5 €'),
    [1234.5, 99, 12.25, 3.1, 8, 7.5]
  ],
  [
    'a currency by its letters',
    many('CHF 1200', 'CHF 80.5', 'CHF 7', 'CHF 13', 'CHF 21', 'CHF 9'),
    [1200, 80.5, 7, 13, 21, 9]
  ],
  ['percents', many('12.5%', '3 %', '-4%', '100%', '0%', '7.25%'), [12.5, 3, -4, 100, 0, 7.25]],
  ['a percent sign before the number', many('%7,4', '%8', '-', '%10,25', '%9', '%6'), [7.4, 8, null, 10.25, 9, 6]],
  ['units of weight', many('63 kg', '7.5 kg', '81kg', '90 KG', '55 kg', '60 kg'), [63, 7.5, 81, 90, 55, 60]],
  [
    'units with digits and strokes',
    many('2.1 mg/m3', '3 mg/m3', '0.4 mg/m3', '9 mg/m3', '8 mg/m3', '5 mg/m3'),
    [2.1, 3, 0.4, 9, 8, 5]
  ],
  ['degrees', many('21.5 °C', '-3 °C', '0 °C', '18 °C', '7 °C', '9 °C'), [21.5, -3, 0, 18, 7, 9]],
  [
    'a unit with a plural s',
    many('1 year', '2 years', '10 years', '7 years', '3 years', '4 years'),
    [1, 2, 10, 7, 3, 4]
  ],
  [
    'brackets as a minus',
    many('(852.76)', '17.5', '(3)', '898.55', '(1,200.00)', '12'),
    [-852.76, 17.5, -3, 898.55, -1200, 12]
  ],
  ['brackets around a currency', many('($5)', '$7', '($1,234.5)', '$8', '$9', '$10'), [-5, 7, -1234.5, 8, 9, 10]],
  [
    'a true minus sign',
    many('\u22120.41', '1.39', '\u22122.57', '13', '\u22129', '4'),
    [-0.41, 1.39, -2.57, 13, -9, 4]
  ],
  ['a minus behind the number', many('5.25-', '7', '3.5-', '12', '1', '2'), [-5.25, 7, -3.5, 12, 1, 2]],
  [
    'narrow and no-break blanks',
    many('69\u202f772', '1\u00a0234\u00a0567', '12', '75\u2009040', '999', '5 000'),
    [69772, 1234567, 12, 75040, 999, 5000]
  ],
  [
    'blanks and a decimal comma',
    many('29 813,36', '0,5', '1 234 567,8', '12', '7,25', '3'),
    [29813.36, 0.5, 1234567.8, 12, 7.25, 3]
  ],
  ['apostrophes', many("1'234.50", '99', "12'345'678", '0.5', '1\u2019000', '7'), [1234.5, 99, 12345678, 0.5, 1000, 7]],
  [
    'Indian groups',
    many('1,23,456.50', '12,34,567', '999', '1,000', '5', '10,00,000'),
    [123456.5, 1234567, 999, 1000, 5, 1000000]
  ],
  [
    'a comma behind a leading zero',
    many('0,800', '0,370', '1,250', '0,611', '0,236', '2,000'),
    [0.8, 0.37, 1.25, 0.611, 0.236, 2]
  ],
  [
    'points that part thousands, and a decimal comma',
    many('1.234,5', '12', '3.456.789', '0,25', '7', '1.000'),
    [1234.5, 12, 3456789, 0.25, 7, 1000]
  ],
  ['exponents with a sign', many('1.5e-7', '3.2E+08', '0', '7e-3', '1e2', '4'), [1.5e-7, 3.2e8, 0, 0.007, 100, 4]],
  [
    'bounds among measurements',
    many('<0.05', '0.95', '0.38', '< 0.05', '0.61', '1.2'),
    [0.05, 0.95, 0.38, 0.05, 0.61, 1.2]
  ],
  [
    'flags behind some values',
    many('18.2 u', '9.1', '7.7 b', '14.6', '12.4 e', '13'),
    [18.2, 9.1, 7.7, 14.6, 12.4, 13]
  ],
  [
    'thousands and millions by letters',
    many('1.2K', '950', '3M', '12.5k', '2K', '10'),
    [1200, 950, 3e6, 12500, 2000, 10]
  ],
  ['Arabic digits', many('١٢', '٣٫٥', '٧', '٩', '٤٠', '٦'), [12, 3.5, 7, 9, 40, 6]],
  ['digits of full width', many('１２', '３．５', '7', '９', '４０', '６'), [12, 3.5, 7, 9, 40, 6]],
  ['every spelling of NaN', many('1.5', 'NAN', '-nan(ind)', 'nan', '1.#QNAN', '2'), [1.5, null, null, null, null, 2]],
  [
    'marks that count among numbers alone',
    many('1.5', '--', 'n.d.', '2', '..', '(null)'),
    [1.5, null, null, 2, null, null]
  ],
  ['errors of a spreadsheet', many('1.5', '#DIV/0!', '#N/A', '2', '#REF!', '3'), [1.5, null, null, 2, null, 3]],
  ['infinities are missing', many('1.5', 'Infinity', '-inf', '2', '1e300', '3'), [1.5, null, null, 2, null, 3]],
  ['plus signs, points at the end and at the start', many('+1', '2.', '.5', '-.25', '3', '4'), [1, 2, 0.5, -0.25, 3, 4]]
]

test.each(numbers)('numbers: %s', async (_, cells, expected) => {
  const { x } = await readColumns(duckDb, { x: cells })
  expect(x?.type).toBe('numeric')
  expect(x?.values).toEqual(expected)
})

const codes: readonly (readonly [string, readonly string[]])[] = [
  ['exponents without a sign', ['1E2', '20E1', '5E10', '3E4', '12E1', '2E2']],
  ['exponents beyond all numbers', ['44E512', '31E754', '63E611', '76E774', '71E590', '28E425']],
  ['underscores', ['2019_01', '2019_02', '2020_01', '1_0', '1_1', '2_0']],
  ['leading zeros', ['01234', '56789', '00007', '10115', '04109', '80331']],
  ['more digits than a number keeps', ['9007199254740993', '9007199254740994', '1', '2', '3', '4']],
  ['addresses of machines', ['10.0.0.1', '192.168.0.12', '10.0.0.2', '10.0.0.3', '8.8.8.8', '1.1.1.1']],
  ['ranges', ['10-20', '20-30', '30-40', '40-50', '50-60', '60-70']],
  ['classes that are bounds', ['<=50K', '>50K', '<=50K', '>50K', '<=50K', '>50K']],
  ['hexadecimal numbers', ['0x1F', '0x2A', '0x3B', '0xFF', '0x10', '0x11']],
  ['different units', ['5 kg', '300 g', '2 kg', '120 g', '7 lb', '1 kg']],
  ['fractions', ['1/2', '3/4', '1/4', '2/3', '5/8', '7/8']],
  ['letters before the digits', ['A12', 'A13', 'B7', 'A14', 'B9', 'C1']]
]

test.each(codes)('no numbers: %s', async (_, cells) => {
  const { x } = await readColumns(duckDb, { x: cells })
  expect(x?.type).not.toBe('numeric')
  expect(x?.values).toEqual(cells)
})

test('a sign that may part thousands or decimals is told with the other way, which can be taken', async () => {
  const cells = ['5,211', '8,159', '2,357', '7,260', '3,853', '4,149']
  const first = await readColumns(duckDb, { x: cells })
  expect(first['x']?.values).toEqual([5211, 8159, 2357, 7260, 3853, 4149])
  const [doubt] = first['x']?.doubts ?? []
  expect(doubt).toMatchObject({
    taken: 'thousands: "2,357" is 2357',
    other: 'decimals: "2,357" is 2.357',
    count: 6,
    options: { columns: [{ column: 'x', decimal: ',' }] }
  })
  const other = await readColumns(duckDb, { x: cells }, doubt?.options ?? {})
  expect(other['x']?.values).toEqual([5.211, 8.159, 2.357, 7.26, 3.853, 4.149])
  expect(other['x']?.doubts).toEqual([])
})

test('three places behind a point are told where no column shows what a point is, and only there', async () => {
  const cells = ['878.369', '668.158', '339.765', '282.578', '480.382', '145.538']
  const alone = await readColumns(duckDb, { x: cells })
  expect(alone['x']?.values[0]).toBe(878.369)
  expect(alone['x']?.doubts).toHaveLength(1)
  const beside = await readColumns(duckDb, { x: cells, y: ['0.5', '1.25', '2', '3', '4', '5'] })
  expect(beside['x']?.doubts).toEqual([])
})

test('another column that shows the decimal comma decides for one that could be both', async () => {
  const { x, y } = await readColumns(duckDb, {
    x: ['4,152', '1,235', '2,946', '8,428', '4,764', '4,130'],
    y: ['44,49%', '31,36%', '33,57%', '52,42%', '51,72%', '5%']
  })
  expect(x?.values[0]).toBe(4.152)
  expect(x?.doubts).toEqual([])
  expect(y?.values).toEqual([44.49, 31.36, 33.57, 52.42, 51.72, 5])
})

test('columns of one file may have different decimal signs', async () => {
  const { de, us } = await readColumns(
    duckDb,
    { de: ['1,17', '2,22', '0,11', '5,75', '8,1', '4,38'], us: ['2.706', '0.223', '7.421', '8.055', '1.478', '2.714'] },
    {},
    ';'
  )
  expect(de?.values).toEqual([1.17, 2.22, 0.11, 5.75, 8.1, 4.38])
  expect(us?.values).toEqual([2.706, 0.223, 7.421, 8.055, 1.478, 2.714])
})

test('commas that begin behind a thousand rows of whole numbers are decimals', async () => {
  const cells = [...Array.from({ length: 2000 }, (_, row) => String(1 + (row % 9))), '6,319', '9,89', '7,5']
  const { x } = await readColumns(duckDb, { x: cells }, {}, ';')
  expect(x?.values.slice(-3)).toEqual([6.319, 9.89, 7.5])
})

test('codes that could be numbers, and numbers that could be texts, can be read so', async () => {
  const codes = await readColumns(
    duckDb,
    { x: ['1E2', '2E1', '3E0', '4E1', '5E2', '6E1'] },
    { columns: [{ column: 'x', as: 'number' }] }
  )
  expect(codes['x']?.values).toEqual([100, 20, 3, 40, 500, 60])
  const texts = await readColumns(
    duckDb,
    { x: ['1', '2', '3', '4', '5', '6'] },
    { columns: [{ column: 'X ', as: 'text' }] }
  )
  expect(texts['x']?.values).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('a column of numbers and other texts is text, and its numbers can be taken', async () => {
  const cells = ['1', '2', 'high', '4', 'low', '6.5', '7']
  const first = await readColumns(duckDb, { x: cells })
  expect(first['x']?.values).toEqual(cells)
  const [doubt] = first['x']?.doubts ?? []
  expect(doubt?.why).toBe('Column "x": 2 values of 7 are no numbers, such as "high", so it is read as text.')
  const other = await readColumns(duckDb, { x: cells }, doubt?.options ?? {})
  expect(other['x']?.values).toEqual([1, 2, null, 4, null, 6.5, 7])
})

test('an infinite number is told with its row', async () => {
  const { x } = await readColumns(duckDb, { x: ['1', '2', '3', 'Infinity', '5', '-inf'] })
  expect(x?.doubts.map(({ why }) => why)).toEqual([
    'Column "x": 2 of its values are infinite or beyond 1e100, such as "-inf": no network can be trained on them, so they are missing. The first stands in row 4.'
  ])
})

test('numbers with both decimal signs are kept as text, and told', async () => {
  const cells = Array.from({ length: 20 }, (_, row) => (row % 2 ? `${row}.25` : `${row},75`))
  const { doubts } = await importText(duckDb, csvOf({ x: cells }))
  expect(doubts).toEqual([
    expect.objectContaining({
      column: 'x',
      why: expect.stringMatching(/written in two ways, as ".*" and as ".*"/) as string
    })
  ])
})

test.each([
  ['dates without signs', 'day', (row: number) => `202401${String(10 + row)}`, /dates without signs.*2024-01-05/],
  ['seconds', 'timestamp', (row: number) => String(1_700_000_000 + 3600 * row), /seconds since 1970/],
  ['milliseconds', 'time', (row: number) => String(1_700_000_000_000 + 3600 * row), /milliseconds since 1970/]
])('%s are read as numbers, and told', async (_, name, write, told) => {
  const { doubts, columns } = await importText(
    duckDb,
    csvOf({ [name]: Array.from({ length: 12 }, (__, row) => write(row)) })
  )
  expect(columns[0]?.integer).toBe(true)
  expect(doubts).toEqual([
    expect.objectContaining({ column: name, why: expect.stringMatching(told) as string, options: null })
  ])
})

test('other whole numbers are nothing else', async () => {
  const cells = Array.from({ length: 12 }, (_, row) => String(20_240_190 + 7 * row))
  expect((await importText(duckDb, csvOf({ stock: cells }))).doubts).toEqual([])
})
