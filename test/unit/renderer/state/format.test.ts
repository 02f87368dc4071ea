import { expect, test } from 'vitest'
import {
  formatBytes,
  formatFigure,
  formatRate,
  formatRoughSeconds,
  formatSeconds,
  formatShare
} from '#renderer/state/format.ts'

test.each([
  [0, '0'],
  [0.08234, '0.0823'],
  [12.345, '12.3'],
  [215245.4, '215,245'],
  [0.00001234, '1.23e-5'],
  [NaN, '\u2013'],
  [null, '\u2013']
])('the figure %s is written %s', (value, text) => expect(formatFigure(value)).toBe(text))

test('shares, rates, times and sizes have their units', () => {
  expect(formatShare(0.9726)).toBe('97.3\u00a0%')
  expect(formatRate(412_345)).toBe('412k')
  expect(formatSeconds(0.0384)).toBe('38 ms')
  expect(formatSeconds(75)).toBe('1 min 15 s')
  expect(formatSeconds(7260)).toBe('2 h 1 min')
  expect(formatRoughSeconds(333)).toBe('6 min')
  expect(formatBytes(123_456)).toBe('121 kB')
})
