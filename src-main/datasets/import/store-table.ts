/** Writes a source as the Parquet file the lab keeps; what was noticed on the way goes into the file itself. */
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { TableSource } from '#lab/datasets/import/table-source.ts'
import * as sql from '#lab/datasets/sql.ts'
import { writeRemarks } from '#lab/datasets/remarks.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

/** Values in one row group: its buffers stay near 64 MB, however wide the table is. */
const groupValues = 8_000_000

/** Writes the table and returns how many rows it has; their order is that of the source. Overwrites `file`. */
export async function storeTable(
  session: Session,
  source: TableSource,
  columns: readonly StoredColumn[],
  file: string,
  onFraction: (fraction: number) => void
): Promise<number> {
  const selected = columns.map(({ name, expression }) => `${expression} AS ${sql.name(name)}`)
  const groupRows = Math.min(122_880, Math.max(2048, Math.floor(groupValues / columns.length)))
  const remarks = {
    warnings: [...source.warnings, ...columns.flatMap(({ warning }) => warning ?? [])],
    notes: Object.fromEntries(columns.flatMap(({ name, note }) => (note === null ? [] : [[name, note]])))
  }
  const [rows] = await session.row(
    `COPY (SELECT ${selected.join(', ')} FROM ${source.relation}) TO ${sql.text(file)} ` +
      `(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}, KV_METADATA ${writeRemarks(remarks)})`,
    onFraction
  )
  return Number(rows)
}
