import { expect, test } from 'vitest'
import { suggestOrder } from '#words/level-order.ts'
import { readClock, readDate, writeClock, writeDate } from '#words/time-texts.ts'

test.each([
  ['4:35', 4 + 35 / 60],
  ['16:05:30', 16 + 5 / 60 + 30 / 3600],
  ['12:00 am', 0],
  ['12:30 PM', 12.5],
  ['4:05 p.m.', 16 + 5 / 60],
  ['-0:30', -0.5],
  ['1 day 02:30:00', 26.5],
  ['0 days, 00:00:01.5', 1.5 / 3600],
  ['135:00', 135]
])('%s is read as hours', (text, hours) => {
  expect(readClock(text)).toBeCloseTo(hours, 12)
})

test.each(['', '4', '4:5', '4:75', '1:2:3', 'noon', '10:00-11:00'])('"%s" is no clock text', (text) => {
  expect(readClock(text)).toBeNaN()
})

test('hours are written so that they are read back, to the second', () => {
  for (let seconds = -40; seconds < 200_000; seconds += 997) {
    expect(readClock(writeClock(seconds / 3600))).toBeCloseTo(seconds / 3600, 9)
  }
  expect(writeClock(4.5)).toBe('4:30')
})

test('dates are days since 1970 whatever the time zone, and no 30th of February', () => {
  expect(readDate('1970-01-01')).toBe(0)
  expect(readDate('2024-02-29T12:00')).toBe(19_782.5)
  expect(readDate('2024-02-29 12:00:00Z')).toBe(19_782.5)
  expect(readDate('1969-12-31 06:00')).toBe(-0.75)
  for (const text of ['2024-02-30', '2024-13-01', '29.2.2024', 'today', '']) expect(readDate(text)).toBeNaN()
  for (let day = -30_000; day < 40_000; day += 617) expect(readDate(writeDate(day))).toBe(day)
  expect(writeDate(19_782.5, true)).toBe('2024-02-29 12:00')
})

test.each([
  [
    ['large', 'small', 'medium'],
    ['small', 'medium', 'large']
  ],
  [
    ['Often', 'Never', 'Always', 'Sometimes'],
    ['Never', 'Sometimes', 'Often', 'Always']
  ],
  [
    ['XL', 'S', 'M', 'L'],
    ['S', 'M', 'L', 'XL']
  ],
  [
    ['60+', '<20', '20-39', '40-59'],
    ['<20', '20-39', '40-59', '60+']
  ],
  [
    ['10 years', '1 year', '>10 years'],
    ['1 year', '10 years', '>10 years']
  ],
  [
    ['Gd', 'TA', 'Ex', 'Fa', 'Po'],
    ['Po', 'Fa', 'TA', 'Gd', 'Ex']
  ]
])('the order of %s is known', (levels, order) => {
  expect(suggestOrder(levels)).toEqual(order)
})

test.each([
  [['red', 'green', 'blue']],
  [['low', 'high']],
  [['small', 'medium', 'tiny', 'blue']],
  [['1', '2', '3']],
  [['5 kg', '10 m', '<3 kg']],
  [['no', 'none', 'low']]
])('no order is made up for %s', (levels) => {
  expect(suggestOrder(levels)).toBeNull()
})
