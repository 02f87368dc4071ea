/** Reads some rows of a stored table as they came, for predictions that are compared with others. */
import {
  columnTypes,
  type ColumnValues,
  readColumn,
  valueExpression,
  type WantedColumn
} from '#lab/datasets/column-values.ts'
import { selectRows } from '#lab/datasets/row-table.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

/**
 * Reads columns of chosen rows, in the order of the table. Meant for thousands of rows, not for all.
 * Shapes: one array a wanted column, one value a row.
 */
export function readRows(
  duckDb: DuckDb,
  file: string,
  wanted: readonly WantedColumn[],
  rows: Uint32Array
): Promise<ColumnValues[]> {
  return duckDb.use(undefined, async (session) => {
    const types = await columnTypes(session, file)
    const relation = await selectRows(session, file, rows)
    const selected = wanted.map(({ column, kind, joins }) =>
      valueExpression(column, kind, types.get(column) ?? '', joins)
    )
    const columns: (number | string | null)[][] = wanted.map(() => [])
    for await (const chunk of session.chunks(
      `SELECT ${selected.join(', ')} FROM ${relation} ORDER BY file_row_number`
    )) {
      wanted.forEach(({ kind }, index) => {
        for (const value of readColumn(chunk, index, kind)) columns[index]?.push(value)
      })
    }
    return wanted.map(({ kind }, index) => {
      const values = columns[index] ?? []
      return kind === 'categorical' ? values.map((value) => value as string | null) : Float64Array.from(values, Number)
    })
  })
}
