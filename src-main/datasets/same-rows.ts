/** Rows of a stored table that are equal in some columns, found by a hash of 64 bits over them. */
import { createPause } from '#lab/datasets/pause.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

/**
 * Gives every row that has an equal one, with the first row of its group.
 * Units: numbers of rows from 0, in the order of the table.
 */
export async function sameRows(
  session: Session,
  file: string,
  columns: readonly string[]
): Promise<{ readonly row: number; readonly first: number }[]> {
  const found: { row: number; first: number }[] = []
  const pause = createPause()
  const query =
    `SELECT CAST(row AS UINTEGER), CAST(first AS UINTEGER) FROM (` +
    `SELECT row, min(row) OVER (PARTITION BY content) AS first, count(*) OVER (PARTITION BY content) AS count FROM (` +
    `SELECT file_row_number AS row, hash(${columns.map(sql.name).join(', ')}) AS content FROM ${sql.storedRows(file)})) ` +
    `WHERE count > 1 ORDER BY row`
  for await (const chunk of session.chunks(query)) {
    const [rows, firsts] = [0, 1].map((column) => chunk.getColumnVector(column))
    for (let index = 0; index < chunk.rowCount; index++) {
      found.push({ row: Number(rows?.getItem(index)), first: Number(firsts?.getItem(index)) })
    }
    await pause()
  }
  return found
}
