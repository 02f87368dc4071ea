/** What a stored table says of itself: the names of its columns, in order, and how many rows it has. */
import { columnTypes } from '#lab/datasets/column-values.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

/** DuckDB plans a few hundred aggregates at once, and takes long over thousands. */
const columnsPerPass = 256

export interface TableShape {
  readonly columns: readonly string[]
  readonly rows: number
}

/**
 * Reads a Parquet file whole and gives its shape: a footer may be well where pages are not.
 * Errors: what DuckDB says of a file that is none, or damaged anywhere.
 */
export function tableShape(duckDb: DuckDb, file: string, signal: AbortSignal): Promise<TableShape> {
  return duckDb.use(signal, async (session) => {
    const columns = [...(await columnTypes(session, file)).keys()]
    let rows = 0
    for (const pass of cutIntoPieces(columns, columnsPerPass)) {
      const hashes = pass.map((column) => `bit_xor(hash(${sql.name(column)}))`)
      const [count] = await session.row(`SELECT count(*), ${hashes.join(', ')} FROM ${sql.storedRows(file)}`)
      rows = Number(count)
    }
    return { columns, rows }
  })
}
