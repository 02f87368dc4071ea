/** Writes a source as the Parquet file the lab keeps; what was noticed on the way goes into the file itself. */
import type { Doubt, TableReading } from '#contract/reading.ts'
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import { toldReading } from '#lab/datasets/import/columns/rules.ts'
import { stagedRelation } from '#lab/datasets/import/columns/staged.ts'
import { columnFacts } from '#lab/datasets/import/reading-facts.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { TableSource } from '#lab/datasets/import/table-source.ts'
import * as sql from '#lab/datasets/sql.ts'
import { writeRemarks } from '#lab/datasets/remarks.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

/** Values in one row group: its buffers stay near 64 MB, however wide the table is. */
const groupValues = 8_000_000

/** A doubt on a column as the data set tells it. */
function doubtOn(column: string, { why, options, ...others }: ColumnDoubt): Doubt {
  return {
    column,
    why: `Column "${column}": ${why}`,
    ...others,
    options: options && { columns: [{ column, ...options }] }
  }
}

/** Writes the table and returns how many rows it has; their order is that of the source. Overwrites `file`. */
export async function storeTable(
  session: Session,
  source: TableSource,
  columns: readonly StoredColumn[],
  file: string,
  reading: Pick<TableReading, 'options' | 'bytes'>,
  onFraction: (fraction: number) => void
): Promise<number> {
  const selected = columns.map(({ name }, index) => `x${index} AS ${sql.name(name)}`)
  const groupRows = Math.min(122_880, Math.max(2048, Math.floor(groupValues / columns.length)))
  const remarks = {
    warnings: [
      ...source.warnings,
      ...columns.flatMap(({ name, warnings = [] }) => warnings.map((text) => `Column "${name}": ${text}`))
    ],
    doubts: [
      ...source.doubts.map((told): Doubt => ({ column: null, ...told })),
      ...columns.flatMap(({ name, doubts }) => doubts.map((doubt) => doubtOn(name, doubt)))
    ],
    notes: columns.flatMap(({ name, notes }) => (notes.length === 0 ? [] : [{ column: name, note: notes.join(' ') }])),
    reading: {
      ...reading,
      facts: [...source.facts, ...columnFacts(columns, reading.options)],
      columns: columns.flatMap(toldReading)
    }
  }
  const [rows] = await session.row(
    `COPY (SELECT ${selected.join(', ')} FROM ${stagedRelation(source.relation, columns)}) TO ${sql.text(file)} ` +
      `(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}, KV_METADATA ${writeRemarks(remarks)})`,
    onFraction
  )
  return Number(rows)
}
