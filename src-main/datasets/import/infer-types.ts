/** Tells the stored type of every column over the whole table: whole number, number, date or text. */
import { answer, decideColumns } from '#lab/datasets/import/columns/decide-columns.ts'
import { stagedRelation } from '#lab/datasets/import/columns/staged.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { SourceColumn, TableSource } from '#lab/datasets/import/table-source.ts'
import { storeTyped } from '#lab/datasets/import/typed-columns.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { formatCount } from '#words/numbers.ts'

/** Tells how each column of the source is stored, in their order. */
export async function inferTypes(
  session: Session,
  source: TableSource,
  onFraction: (fraction: number) => void
): Promise<StoredColumn[]> {
  const isText = (column: SourceColumn) => column.type === 'VARCHAR'
  const texts = await decideColumns(session, source, source.columns.filter(isText), onFraction)
  const typed = source.columns.filter((column) => !isText(column)).map(storeTyped)
  const stored = [...texts, ...(await answer(session, source.relation, typed))]
  const byName = new Map<string, StoredColumn>()
  for (const column of stored) byName.set(column.name, await withRow(session, source.relation, column))
  return source.columns.flatMap((column) => byName.get(column.name) ?? [])
}

/** Tells of infinite numbers where the first of them stands. */
async function withRow(session: Session, relation: string, column: StoredColumn): Promise<StoredColumn> {
  const { infinite, doubts, value } = column
  if (infinite === undefined) return column
  const read = stagedRelation(`(SELECT *, row_number() OVER () AS line FROM ${relation})`, [
    { value: 'line', stages: [] },
    { value, stages: [] },
    column
  ])
  const numbered = `SELECT line, ${infinite} AS wild FROM (SELECT x0 AS line, x1 AS v, x2 AS x FROM ${read})`
  const [row] = await session.row(`SELECT min(line) FROM (${numbered}) WHERE wild`)
  if (row === null) return column
  const last = doubts.length - 1
  const told = doubts.map((doubt, index) =>
    index === last ? { ...doubt, why: `${doubt.why} The first stands in row ${formatCount(Number(row))}.` } : doubt
  )
  return { ...column, doubts: told }
}
