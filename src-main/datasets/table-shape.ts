/** What a stored table says of itself: the names of its columns, in order, and how many rows it has. */
import { columnTypes } from '#lab/datasets/column-values.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Tables } from '#lab/datasets/duckdb.ts'

export interface TableShape {
  readonly columns: readonly string[]
  readonly rows: number
}

/** Reads the shape of a Parquet file. Errors: what DuckDB says of a file that is none. */
export function tableShape(tables: Tables, file: string, signal: AbortSignal): Promise<TableShape> {
  return tables.use(signal, async (session) => {
    const columns = [...(await columnTypes(session, file)).keys()]
    const [rows] = await session.row(`SELECT count(*) FROM ${sql.storedRows(file)}`)
    return { columns, rows: Number(rows) }
  })
}
