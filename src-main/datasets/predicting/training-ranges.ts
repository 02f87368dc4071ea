/** What the training rows of an experiment held in the columns that are numbers: their ranges. */
import { columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import { selectRows } from '#lab/datasets/row-table.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

export interface TrainingRange {
  readonly minimum: number
  readonly maximum: number
  /** Whether every value is whole. */
  readonly integer: boolean
  readonly date: boolean
}

/** Columns asked in one pass: DuckDB plans a few hundred aggregates at once, and takes long over thousands. */
const columnsPerPass = 256

/** Reads the ranges of numeric columns over the training rows, by column; 0 to 0 for a column without a value. */
export function trainingRanges(
  duckDb: DuckDb,
  file: string,
  columns: readonly string[],
  rows: Uint32Array
): Promise<Map<string, TrainingRange>> {
  return duckDb.use(undefined, async (session) => {
    const types = await columnTypes(session, file)
    const relation = await selectRows(session, file, rows)
    const ranges = new Map<string, TrainingRange>()
    for (const pass of cutIntoPieces(columns, columnsPerPass)) {
      const asked = pass.map((column) => {
        const value = valueExpression(column, 'numeric', types.get(column) ?? '')
        return `min(${value}), max(${value}), coalesce(bool_and(${value} = trunc(${value})), false)`
      })
      const found = await session.row(`SELECT ${asked.join(', ')} FROM ${relation}`)
      pass.forEach((column, index) => {
        const [minimum, maximum, integer] = found.slice(3 * index, 3 * index + 3)
        const type = types.get(column) ?? ''
        ranges.set(column, {
          minimum: Number(minimum ?? 0),
          maximum: Number(maximum ?? 0),
          integer: integer === true,
          date: type === 'DATE' || type.startsWith('TIMESTAMP')
        })
      })
    }
    return ranges
  })
}
