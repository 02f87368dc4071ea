/** What findings look at: a sample of the rows that are in a part, with the part of each. */
import type { Session } from '#lab/datasets/duckdb.ts'
import { loadDuckDb } from '#lab/datasets/duckdb.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { SplitRows } from '#lab/datasets/split.ts'
import * as sql from '#lab/datasets/sql.ts'

/** More rows than these are not needed to see what a column tells. */
const mostRowsSeen = 50_000
const chunkRows = 2048

/** SQL of a sample of the stored rows; the same ones each time. */
export function sampleOf(file: string): string {
  return `(SELECT * FROM ${sql.storedRows(file)} USING SAMPLE reservoir(${mostRowsSeen} ROWS) REPEATABLE (1))`
}

/**
 * Makes the part of every row known to the connection as the table `parted` (row, part): 0 training, 1 validation, 2 test.
 * One such table a connection.
 */
export async function createParted(session: Session, { train, validation, test }: SplitRows): Promise<void> {
  await session.rows('CREATE TEMP TABLE parted (row UINTEGER, part UTINYINT)')
  const appender = await session.appender('parted')
  const { DuckDBDataChunk, UINTEGER, UTINYINT } = await loadDuckDb()
  const pause = createPause()
  try {
    for (const [part, rows] of [train, validation, test].entries()) {
      for (let start = 0; start < rows.length; start += chunkRows) {
        const own = Array.from(rows.subarray(start, start + chunkRows))
        const chunk = DuckDBDataChunk.create([UINTEGER, UTINYINT], own.length)
        chunk.setColumnValues(0, own)
        chunk.setColumnValues(1, own.fill(part))
        appender.appendDataChunk(chunk)
        appender.flushSync()
        await pause()
      }
    }
  } finally {
    appender.closeSync()
  }
}
