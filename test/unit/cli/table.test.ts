import { expect, test } from 'vitest'
import { formatCount, formatFacts, formatFigure, formatSeconds, formatShare, formatTable } from '#lab/cli/table.ts'

test('columns are aligned, numbers at the right, and no line ends in spaces', () => {
  const rows = [
    { name: 'iris', rows: 150 },
    { name: 'breast_cancer', rows: 569 }
  ]
  const text = formatTable(rows, [
    { title: 'name', text: ({ name }) => name },
    { title: 'rows', text: ({ rows }) => String(rows), right: true },
    { title: 'note', text: ({ rows }) => (rows > 200 ? 'large' : '') }
  ])
  expect(text).toBe(['name           rows  note', 'iris            150', 'breast_cancer   569  large'].join('\n'))
})

test('facts without a value are left out', () => {
  expect(
    formatFacts([
      ['run', '3'],
      ['note', null],
      ['parameters', '4 162']
    ])
  ).toBe('run         3\nparameters  4 162')
})

test.each([
  [0.0823456, '0.0823'],
  [0, '0.00'],
  [1, '1.00'],
  [97.36, '97.4'],
  [999.96, '1000'],
  [123456, '123000'],
  [-2.5, '-2.50'],
  [0.00001234, '1.23e-5'],
  [NaN, '-'],
  [Infinity, '-'],
  [null, '-'],
  [undefined, '-']
])('%s has three significant digits: %s', (value, text) => expect(formatFigure(value)).toBe(text))

test('shares, counts and durations read well', () => {
  expect(formatShare(0.97368)).toBe('97.4 %')
  expect(formatShare(null)).toBe('-')
  expect(formatCount(1234567)).toBe('1 234 567')
  expect(formatSeconds(12.345)).toBe('12.3 s')
  expect(formatSeconds(75)).toBe('1 min 15 s')
  expect(formatSeconds(3725)).toBe('1 h 2 min')
  expect(formatSeconds(null)).toBe('-')
})
