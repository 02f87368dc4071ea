/** One writing of a number for window, terminal, reports and sentences. */
import { expect, test } from 'vitest'
import { errorWriter } from '#words/errors.ts'
import { listOf, listSome } from '#words/lists.ts'
import {
  formatBytes,
  formatCount,
  formatFigure,
  formatNumbered,
  formatRate,
  formatSetShare,
  formatShare
} from '#words/numbers.ts'
import { formatRoughRange, formatSeconds } from '#words/times.ts'

test.each([
  [0, '0'],
  [1, '1.00'],
  [0.08234, '0.0823'],
  [0.0005, '0.000500'],
  [0.00001234, '1.23e-5'],
  [12.345, '12.3'],
  [-2.5, '-2.50'],
  [999.96, '1,000'],
  [12345, '12,345'],
  [12345.6, '12,346'],
  [123456789, '1.23e8'],
  [NaN, '\u2013'],
  [Infinity, '\u2013'],
  [null, '\u2013'],
  [undefined, '\u2013']
])('the figure %s is written %s', (value, text) => expect(formatFigure(value)).toBe(text))

test('shares are percent, and small ones have as many digits as tell them apart', () => {
  const written = [0.368, 0.1, 0.0263, 0.00877, 0.000351, 1, 0].map(formatShare)
  expect(written).toEqual(['36.8', '10.0', '2.6', '0.88', '0.035', '100.0', '0'].map((text) => `${text}\u00a0%`))
  expect([null, undefined, NaN].map(formatShare)).toEqual(['\u2013', '\u2013', '\u2013'])
  expect(formatSetShare(0.25)).toBe('25\u00a0%')
})

test('counts, rates, times and sizes have their units', () => {
  expect(formatCount(1234567)).toBe('1,234,567')
  expect([1, 2, 1200].map((count) => formatNumbered(count, 'run'))).toEqual(['1 run', '2 runs', '1,200 runs'])
  expect([412_345, 999_999, 12].map(formatRate)).toEqual(['412k', '1M', '12'])
  expect([0, 1, 999, 123_456, 2_500_000].map(formatBytes)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '123 kB',
    '2.5 MB'
  ])
  const seconds = [0.0002, 0.0384, 12.345, 59.9, 75, 7260, null].map(formatSeconds)
  expect(seconds).toEqual(['0.2 ms', '38 ms', '12 s', '1 min 0 s', '1 min 15 s', '2 h 1 min', '\u2013'])
  expect([formatRoughRange(180, 300), formatRoughRange(40, 120)]).toEqual(['3 to 5 min', '40 s to 2 min'])
})

test('errors are written by their measure', () => {
  expect([errorWriter('error')(0.0171), errorWriter('rmse')(12345.6)]).toEqual(['1.7\u00a0%', '12,346'])
})

test('names are listed with a word before the last, and long lists say how many more there are', () => {
  expect([listOf([]), listOf(['a']), listOf(['a', 'b', 'c'], 'or')]).toEqual(['', 'a', 'a, b or c'])
  expect(listSome(['a', 'b', 'c'], 3)).toBe('a, b and c')
  expect(listSome(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more')
  expect(listSome(['a', 'b', 'c', 'd'], 3, 'column')).toBe('a, b and 2 more columns')
})
