/** Row numbers as a temporary table of a connection, so that queries can be restricted to a part of the data. */
import { createPause } from '#lab/datasets/pause.ts'
import * as sql from '#lab/datasets/sql.ts'
import { loadDuckDb, type Session } from '#lab/datasets/duckdb.ts'

const chunkRows = 2048

/**
 * Makes row numbers known to the connection; returns SQL of the stored table with these rows alone.
 * One such table a connection.
 */
export async function selectRows(session: Session, file: string, rows: Uint32Array): Promise<string> {
  await session.rows('CREATE TEMP TABLE chosen (row UINTEGER)')
  const appender = await session.appender('chosen')
  const { DuckDBDataChunk, UINTEGER } = await loadDuckDb()
  const pause = createPause()
  try {
    for (let start = 0; start < rows.length; start += chunkRows) {
      const part = rows.subarray(start, start + chunkRows)
      const chunk = DuckDBDataChunk.create([UINTEGER], part.length)
      chunk.setColumnValues(0, Array.from(part))
      appender.appendDataChunk(chunk)
      appender.flushSync()
      await pause()
    }
  } finally {
    appender.closeSync()
  }
  return `(SELECT * FROM ${sql.storedRows(file)} SEMI JOIN chosen ON file_row_number = chosen.row)`
}
