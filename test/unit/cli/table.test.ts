import { expect, test } from 'vitest'
import { formatFacts, formatTable } from '#lab/cli/table.ts'

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
      ['parameters', '4,162']
    ])
  ).toBe('run         3\nparameters  4,162')
})
