/** The column that says what each row counts in training: read, and checked before an experiment is made of it. */
import { LabError } from '#contract/errors.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { columnTypes, readPieces, valueExpression } from '#lab/datasets/column-values.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, DuckDb } from '#lab/datasets/duckdb.ts'

/** The column of weights; null where all rows count alike. */
export function weightColumn({ columns }: Pick<ExperimentSettings, 'columns'>): string | null {
  return columns.find(({ role }) => role === 'weight')?.name ?? null
}

/**
 * Checks that every row of a stored table that has a target has a weight: a number of 0 or more.
 * Errors: `bad_settings` with the first row where it is not so, counted from 1, and the column.
 */
export async function checkWeights(duckDb: DuckDb, file: string, settings: ExperimentSettings): Promise<void> {
  const column = weightColumn(settings)
  if (column === null) return
  await duckDb.use(undefined, async (session) => {
    const x = valueExpression(column, 'numeric', (await columnTypes(session, file)).get(column) ?? '')
    const [found] = await session.rows(
      `SELECT file_row_number, ${x} FROM ${sql.storedRows(file)} WHERE ${sql.name(settings.target)} IS NOT NULL ` +
        `AND (${x} IS NULL OR NOT (${x} >= 0 AND isfinite(${x}))) ORDER BY file_row_number LIMIT 1`
    )
    if (!found) return
    const [row, value] = found
    const what = value === null ? 'no weight' : `the weight ${String(value)}`
    throw new LabError(
      'bad_settings',
      `Row ${Number(row) + 1} has ${what} in "${column}"; every row needs a number of 0 or more. ` +
        'Mend the table, or give the column another role.',
      { field: 'columns', column }
    )
  })
}

/** Reads the weights of rows, in their order. */
export async function readWeights(
  session: Session,
  file: string,
  column: string,
  rows: Uint32Array
): Promise<Float32Array> {
  const last = rows.reduce((largest, row) => Math.max(largest, row), 0)
  const all = new Float32Array(last + 1)
  for await (const piece of readPieces(session, file, [{ column, kind: 'numeric' }], 0, last + 1)) {
    all.set(piece.column(0) as Float64Array, piece.first)
  }
  return Float32Array.from(rows, (row) => all[row] ?? NaN)
}
