/** Tells the stored type of every column over the whole table: whole number, number, date or text. */
import { answer, decideColumns } from '#lab/datasets/import/columns/decide-columns.ts'
import type { TableRules } from '#lab/datasets/import/columns/rules.ts'
import { stagedRelation } from '#lab/datasets/import/columns/staged.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import { findOddRow, oddDoubt, oddRowDoubt, type OddValue } from '#lab/datasets/import/odd-values.ts'
import type { SourceColumn, TableDoubt, TableSource } from '#lab/datasets/import/table-source.ts'
import { storeTyped } from '#lab/datasets/import/typed-columns.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { formatCount } from '#words/numbers.ts'

/**
 * Tells how each column of the source is stored, in their order, and what is doubtful of the table; `rules` are those of
 * a table that it is to fit, whose reader tells of odd values by itself.
 */
export async function inferTypes(
  session: Session,
  source: TableSource,
  rules: TableRules | null,
  onFraction: (fraction: number) => void
): Promise<{ columns: StoredColumn[]; odd: OddValue[]; doubts: TableDoubt[] }> {
  const isText = (column: SourceColumn) => column.type === 'VARCHAR'
  const texts = await decideColumns(session, source, source.columns.filter(isText), rules, onFraction)
  const typed = source.columns.filter((column) => !isText(column)).map((column) => storeTyped(column, source))
  const stored = [...texts, ...(await answer(session, source.relation, typed))]
  const placed: StoredColumn[] = []
  const odd: OddValue[] = []
  for (const column of stored) {
    placed.push(await withRow(session, source.relation, column))
    const first = await firstOdd(session, source.relation, column)
    if (first) odd.push(first)
  }
  const oddRow = findOddRow(placed, odd)
  const single = new Map(odd.filter((value) => !oddRow?.includes(value)).map((value) => [value.column, value]))
  const told = placed.map((column): StoredColumn => {
    const value = rules === null ? single.get(column.name) : undefined
    return value ? { ...column, doubts: [...column.doubts, oddDoubt(column, value)] } : column
  })
  const byName = new Map(told.map((column) => [column.name, column]))
  return {
    columns: source.columns.flatMap((column) => byName.get(column.name) ?? []),
    odd,
    doubts: oddRow && rules === null ? [oddRowDoubt(oddRow)] : []
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
