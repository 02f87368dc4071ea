/** Values that are not of their column's kind, and what is told of them: a row of such values once, not in each column. */
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { TableDoubt } from '#lab/datasets/import/table-source.ts'
import { formatCount } from '#words/numbers.ts'

/** A value of a column that is not of its kind: the first of them, with its row from 1. */
export interface OddValue {
  readonly column: string
  readonly rows: number
  readonly row: number
  readonly example: string
}

/** The doubt on a column that holds such values. */
export function oddDoubt({ odd, reading }: StoredColumn, { rows, row, example }: OddValue): ColumnDoubt {
  const kind = reading.as === 'date' ? 'date' : 'number'
  const one = rows === 1
  const where = `such as "${example}" in row ${formatCount(row)}`
  return {
    taken: `${kind}s; what is none is missing`,
    other: 'text',
    why: `${formatCount(rows)} of its ${formatCount(odd?.values ?? 0)} values ${one ? `is no ${kind}` : `are no ${kind}s`}, ${where}; ${one ? 'it is' : 'they are'} read as missing.`,
    count: rows,
    options: { as: 'text' }
  }
}

/** With fewer columns a value each is told of. */
const fewestColumns = 5

/** The row that holds the only odd value of most columns of numbers; null where there is none. */
export function findOddRow(columns: readonly StoredColumn[], odd: readonly OddValue[]): OddValue[] | null {
  const numbers = columns.filter(({ reading }) => reading.as === 'number').length
  const rows = new Map<number, OddValue[]>()
  for (const value of odd) {
    if (value.rows === 1) rows.set(value.row, [...(rows.get(value.row) ?? []), value])
  }
  const [most] = [...rows.values()].toSorted((a, b) => b.length - a.length)
  return most && most.length >= Math.max(fewestColumns, numbers / 2) ? most : null
}

/** The doubt on such a row. */
export function oddRowDoubt(values: readonly OddValue[]): TableDoubt {
  const [first] = values
  const count = formatCount(values.length)
  return {
    why:
      `Row ${formatCount(first?.row ?? 1)} holds words in ${count} columns of numbers, such as "${first?.example}" in "${first?.column}"; ` +
      'they are read as missing. A row of units or of groups does not belong among the cases.',
    taken: 'numbers; the words of that row are missing',
    other: null,
    count: values.length,
    options: null
  }
}
