/** Finds the columns a network reads in a table it was not trained on: by name, as SQL of the values it wants. */
import {
  columnTypes,
  readColumn,
  valueExpression,
  type ColumnValues,
  type WantedColumn
} from '#lab/datasets/column-values.ts'
import { clockHours } from '#lab/datasets/clock.ts'
import { plainName } from '#lab/datasets/import/columns/rules.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

export interface MatchedColumn extends WantedColumn {
  /** Its name in the file; null where the file has no such column. */
  readonly found: string | null
  /** SQL of its values, missing ones null; of a column that is absent, all of them are. */
  readonly expression: string
  /** SQL of whether a value is there that can't be read as a number; null where all can. */
  readonly unreadable: string | null
  /** SQL of a value as levels are named: whole numbers without a point. */
  readonly level: string
}

export interface MatchedTable {
  readonly columns: readonly MatchedColumn[]
  /** Columns of the file that were not asked for. */
  readonly others: readonly string[]
}

/** Matches columns by name: exactly, else without regard to case, spaces around it and the form of accents where only one fits. */
export async function matchColumns(
  session: Session,
  file: string,
  wanted: readonly WantedColumn[]
): Promise<MatchedTable> {
  const types = await columnTypes(session, file)
  const names = [...types.keys()]
  const columns = wanted.map(({ column, kind }): MatchedColumn => {
    const found = findName(column, names)
    if (found === null) {
      return {
        column,
        kind,
        found,
        expression: `CAST(NULL AS ${kind === 'categorical' ? 'VARCHAR' : 'DOUBLE'})`,
        unreadable: null,
        level: 'NULL'
      }
    }
    const type = types.get(found) ?? ''
    if (kind !== 'categorical' && (type === 'VARCHAR' || kind === 'clock')) {
      const expression = numberInText[kind](`CAST(${sql.name(found)} AS VARCHAR)`)
      const unreadable = `${sql.name(found)} IS NOT NULL AND ${expression} IS NULL`
      return { column, kind, found, expression, unreadable, level: sql.name(found) }
    }
    const expression = valueExpression(found, kind, type)
    const text = `CAST(${expression} AS VARCHAR)`
    const level = type === 'VARCHAR' ? expression : `regexp_replace(${text}, '\\.0$', '')`
    return { column, kind, found, expression, unreadable: null, level }
  })
  const taken = new Set(columns.map(({ found }) => found))
  return { columns, others: names.filter((name) => !taken.has(name)) }
}

/** SQL of the number in a text, null where it is none: as it stands, or as what the column holds is written. */
const numberInText = {
  numeric: (text: string) => `TRY_CAST(${text} AS DOUBLE)`,
  date: (text: string) => `coalesce(TRY_CAST(${text} AS DOUBLE), epoch(TRY_CAST(${text} AS TIMESTAMP)) / 86400.0)`,
  clock: (text: string) => `coalesce(TRY_CAST(${text} AS DOUBLE), ${clockHours(text)})`
} as const

/** Rows of a table that follow one another: one array a column. */
export interface NewRows {
  readonly rows: number
  readonly column: (index: number) => ColumnValues
}

/** Streams the matched columns of a table in row order, at most 2,048 rows at a time. */
export async function* readNewRows(
  session: Session,
  file: string,
  columns: readonly MatchedColumn[]
): AsyncGenerator<NewRows, void, void> {
  const query = `SELECT ${columns.map(({ expression }) => expression).join(', ')} FROM ${sql.storedRows(file)}`
  for await (const chunk of session.chunks(query)) {
    yield {
      rows: chunk.rowCount,
      column: (index) => readColumn(chunk, index, columns[index]?.kind ?? 'numeric')
    }
  }
}

function findName(column: string, names: readonly string[]): string | null {
  if (names.includes(column)) return column
  const alike = names.filter((name) => plainName(name) === plainName(column))
  return alike.length === 1 ? (alike[0] ?? null) : null
}
