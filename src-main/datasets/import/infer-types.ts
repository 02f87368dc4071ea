/** Tells the stored type of every column over the whole table: whole number, number, date or text. */
import { answer, decideColumns } from '#lab/datasets/import/columns/decide-columns.ts'
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import type { TableRules } from '#lab/datasets/import/columns/rules.ts'
import { stagedRelation } from '#lab/datasets/import/columns/staged.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { SourceColumn, TableSource } from '#lab/datasets/import/table-source.ts'
import { storeTyped } from '#lab/datasets/import/typed-columns.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { formatCount } from '#words/numbers.ts'

/** A value of a column that is not of its kind: the first of them, with its row from 1. */
export interface OddValue {
  readonly column: string
  readonly rows: number
  readonly row: number
  readonly example: string
}

/** Tells how each column of the source is stored, in their order; `rules` are those of a table that it is
 * to fit, whose reader tells of odd values by itself. */
export async function inferTypes(
  session: Session,
  source: TableSource,
  rules: TableRules | null,
  onFraction: (fraction: number) => void
): Promise<{ columns: StoredColumn[]; odd: OddValue[] }> {
  const isText = (column: SourceColumn) => column.type === 'VARCHAR'
  const texts = await decideColumns(session, source, source.columns.filter(isText), rules, onFraction)
  const typed = source.columns.filter((column) => !isText(column)).map((column) => storeTyped(column, source))
  const stored = [...texts, ...(await answer(session, source.relation, typed))]
  const byName = new Map<string, StoredColumn>()
  const odd: OddValue[] = []
  for (const column of stored) {
    const placed = await withRow(session, source.relation, column)
    const first = await firstOdd(session, source.relation, column)
    if (first) odd.push(first)
    byName.set(
      column.name,
      first && rules === null ? { ...placed, doubts: [...placed.doubts, oddDoubt(column, first)] } : placed
    )
  }
  return { columns: source.columns.flatMap((column) => byName.get(column.name) ?? []), odd }
}

function oddDoubt({ odd, reading }: StoredColumn, { rows, row, example }: OddValue): ColumnDoubt {
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

/** The columns of a source with the number of the row, their text and their value as `line`, `v` and `x`. */
function numbered(relation: string, column: StoredColumn): string {
  const read = stagedRelation(`(SELECT *, row_number() OVER () AS line FROM ${relation})`, [
    { value: 'line', stages: [] },
    { value: column.value, stages: [] },
    column
  ])
  return `(SELECT x0 AS line, x1 AS v, x2 AS x FROM ${read})`
}

async function firstOdd(session: Session, relation: string, column: StoredColumn): Promise<OddValue | null> {
  const { odd, name } = column
  if (odd === undefined) return null
  const query = `SELECT min(line), arg_min(v, line) FROM ${numbered(relation, column)} WHERE ${odd.where}`
  const [row, example] = await session.row(query)
  return { column: name, rows: odd.count, row: Number(row ?? 1), example: String(example).slice(0, 40) }
}

/** Tells of infinite numbers where the first of them stands. */
async function withRow(session: Session, relation: string, column: StoredColumn): Promise<StoredColumn> {
  const { infinite, doubts } = column
  if (infinite === undefined) return column
  const query = `SELECT min(line) FROM ${numbered(relation, column)} WHERE ${infinite}`
  const [row] = await session.row(query)
  if (row === null) return column
  const last = doubts.length - 1
  const told = doubts.map((doubt, index) =>
    index === last ? { ...doubt, why: `${doubt.why} The first stands in row ${formatCount(Number(row))}.` } : doubt
  )
  return { ...column, doubts: told }
}
