/** Reads rows of a stored table as the texts a person sees. */
import { columnTypes } from '#lab/datasets/column-values.ts'
import { formatValue } from '#lab/datasets/format-value.ts'
import { createPause } from '#lab/datasets/pause.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

export interface Preview {
  readonly columns: string[]
  /** Null where a value is missing. */
  readonly rows: (string | null)[][]
}

/** Reads `limit` rows from row `offset`, in the order of the table. */
export function previewRows(duckDb: DuckDb, file: string, offset: number, limit: number): Promise<Preview> {
  return readTexts(duckDb, file, `file_row_number >= ${offset} AND file_row_number < ${offset + limit}`)
}

/** Reads some rows by their numbers, at most a few hundred, in the order of `numbers`. */
export async function previewRowsAt(duckDb: DuckDb, file: string, numbers: Uint32Array): Promise<Preview> {
  const { columns, rows } = await readTexts(duckDb, file, `file_row_number IN (${numbers.join(', ') || 'NULL'})`)
  const inTable = numbers.toSorted()
  const byNumber = new Map(rows.map((row, index) => [inTable[index], row]))
  return { columns, rows: Array.from(numbers, (number) => byNumber.get(number) ?? []) }
}

async function readTexts(duckDb: DuckDb, file: string, condition: string): Promise<Preview> {
  return duckDb.use(undefined, async (session) => {
    const columns = [...(await columnTypes(session, file)).keys()]
    const rows: (string | null)[][] = []
    const pause = createPause()
    const query =
      `SELECT ${columns.map(sql.name).join(', ')} FROM ${sql.storedRows(file)} ` +
      `WHERE ${condition} ORDER BY file_row_number`
    for await (const chunk of session.chunks(query)) {
      for (let row = 0; row < chunk.rowCount; row++) {
        rows.push(columns.map((_, column) => formatValue(chunk.getColumnVector(column).getItem(row))))
        await pause()
      }
    }
    return { columns, rows }
  })
}
