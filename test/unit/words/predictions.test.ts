/** What is told of a file before it is predicted: numbers that agree, and what to do. */
import { expect, it } from 'vitest'
import type { CheckedTable, ColumnRemark } from '#contract/predictions.ts'
import { describeCheck } from '#words/predictions.ts'

const about = (...remarks: ColumnRemark[]) =>
  describeCheck({
    absent: [],
    unused: [],
    remarks,
    target: 'absent',
    targetRows: 0,
    rows: 9
  } as unknown as CheckedTable)

const outside = (column: string, rows: number): ColumnRemark => ({
  kind: 'outside',
  column,
  rows,
  minimum: 3,
  maximum: 28.1099
})

it('agrees in number with one row and with many, and says what to do once a kind', () => {
  expect(about(outside('radius', 1), outside('area', 1200))).toEqual([
    'radius: 1 row has a value outside what training saw (3 to 28.11).',
    'area: 1,200 rows have values outside what training saw (3 to 28.11). ' +
      'There the network can only guess: check units and typing, or train on rows like these.'
  ])
  expect(about({ kind: 'unreadable', column: 'mass', rows: 2, example: 'heavy' })[0]).toMatch(
    /^mass: 2 rows have values that are no numbers, such as "heavy"\. Such a value counts as missing/
  )
  expect(about({ kind: 'unseen', column: 'island', rows: 1, distinct: 1, values: ['Atlantis'] })[0]).toMatch(
    /^island: 1 row has a category without an input of its own: "Atlantis"\. The network has learned nothing of such/
  )
})

it('puts many columns into one sentence, with one of them as example', () => {
  const many = Array.from({ length: 19 }, (_, index) => outside(`c${index}`, 1))
  expect(about(...many)).toEqual([
    '19 columns have values outside what training saw. In c0, for one, 1 row has a value outside what training saw ' +
      '(3 to 28.11). There the network can only guess: check units and typing, or train on rows like these.'
  ])
})

it('counts what it does not name', () => {
  const unused = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const told = describeCheck({ absent: [], unused, remarks: [], target: 'absent' } as unknown as CheckedTable)
  expect(told).toEqual(['Not read by the network, and kept in the result: a, b, c, d, e, f and 2 more columns.'])
})
