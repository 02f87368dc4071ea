/**
 * Values of a column on their way to the network: numbers with NaN for a missing one, or texts with null.
 * They are read from stored tables here; predictions bring their own.
 */
import type { DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api'
import { formatValue } from '#lab/datasets/format-value.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import { clockHours } from '#lab/datasets/clock.ts'
import { stepsOf } from '#lab/datasets/preparation-steps.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

export type ColumnValues = Float64Array | readonly (string | null)[]

export interface WantedColumn {
  readonly column: string
  /** How its values are read: numbers and dates as days since 1970, clock texts as hours, all else as levels. */
  readonly kind: 'numeric' | 'date' | 'clock' | 'categorical'
  /** Other spellings of its levels, each with the one that is read for it. */
  readonly joins?: Readonly<Record<string, string>> | undefined
}

/** Rows `first` to `first + rows - 1` of a table: one array a wanted column. */
export interface Piece {
  readonly first: number
  readonly rows: number
  /** Reads one column of the piece; some tens of microseconds for 2,048 rows. */
  readonly column: (index: number) => ColumnValues
}

/** Streams columns of a stored table in row order, from row `start` up to but not including row `end`. */
export async function* readPieces(
  session: Session,
  file: string,
  columns: readonly WantedColumn[],
  start: number,
  end: number
): AsyncGenerator<Piece, void, void> {
  const types = await columnTypes(session, file)
  const selected = columns.map(({ column, kind, joins }) =>
    valueExpression(column, kind, types.get(column) ?? '', joins)
  )
  const query =
    `SELECT ${[...selected, 'file_row_number'].join(', ')} FROM ${sql.storedRows(file)} ` +
    `WHERE file_row_number >= ${start} AND file_row_number < ${end}`
  for await (const chunk of session.chunks(query)) {
    const first = Number(chunk.getColumnVector(columns.length).getItem(0))
    yield {
      first,
      rows: chunk.rowCount,
      column: (index) => readColumn(chunk, index, columns[index]?.kind ?? 'numeric')
    }
  }
}

/** Other spellings of a column's levels by the settings of a question; the columns of groups and parts have none. */
export function aliasesOf({ columns }: Pick<ExperimentSettings, 'columns'>, name: string): WantedColumn['joins'] {
  return columns.find((column) => column.name === name)?.aliases
}

/** Types of a stored table's columns, as DuckDB names them, in the order of the table. */
export async function columnTypes(session: Session, file: string): Promise<Map<string, string>> {
  const described = await session.rows(
    `DESCRIBE SELECT * FROM read_parquet(${sql.path(file)}, hive_partitioning = false)`
  )
  return new Map(described.map(([name, type]) => [String(name), String(type)]))
}

/** Whether DuckDB calls a column a date, with or without a time of day. */
export function isDateType(type: string): boolean {
  return type === 'DATE' || type.startsWith('TIMESTAMP')
}

/** How the values of an encoded column are read. */
export function wantedOf(encoding: ColumnEncoding): WantedColumn {
  const { reads } = stepsOf(encoding)
  return { column: encoding.column, kind: reads === 'text' ? 'categorical' : reads === 'number' ? 'numeric' : reads }
}

/**
 * SQL of a column's values: dates as numbers count days since 1970, clock texts hours, numbers as categories stay numbers
 * until they are named, and other spellings of a text are taken for the one they mean.
 */
export function valueExpression(
  column: string,
  kind: WantedColumn['kind'],
  type: string,
  joins?: Readonly<Record<string, string>>
): string {
  const name = sql.name(column)
  const isDate = isDateType(type)
  // The only texts that are numbers are those of clocks.
  if (kind === 'clock' || (kind === 'numeric' && (type === 'VARCHAR' || type.startsWith('TIME ') || type === 'TIME'))) {
    return clockHours(`CAST(${name} AS VARCHAR)`)
  }
  if (kind !== 'categorical') return isDate ? `epoch(${name}) / 86400.0` : `CAST(${name} AS DOUBLE)`
  const level = type === 'VARCHAR' || isDate ? `CAST(${name} AS VARCHAR)` : `CAST(${name} AS DOUBLE)`
  const others = type === 'VARCHAR' ? Object.entries(joins ?? {}) : []
  if (others.length === 0) return level
  const lists = [0, 1].map((side) => `[${others.map((pair) => sql.text(pair[side] ?? '')).join(', ')}]`)
  return `coalesce(map_extract(MAP(${lists.join(', ')}), ${level})[1], ${level})`
}

/** Reads one column of a chunk. */
export function readColumn(chunk: DuckDBDataChunk, index: number, kind: WantedColumn['kind']): ColumnValues {
  const vector = chunk.getColumnVector(index) as DuckDBVector<string | number>
  if (kind === 'categorical')
    return Array.from({ length: chunk.rowCount }, (_, row) => formatValue(vector.getItem(row)))
  const values = new Float64Array(chunk.rowCount)
  for (let row = 0; row < values.length; row++) {
    const value = vector.getItem(row)
    values[row] = typeof value === 'number' ? value : NaN
  }
  return values
}
