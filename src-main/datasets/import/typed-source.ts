/** JSON and Parquet as sources: files that bring types of their own. */
import type { ReadOptions } from '#contract/reading.ts'
import { cleanNames } from '#lab/datasets/import/column-names.ts'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import {
  missingTexts,
  mostColumns,
  type SourceColumn,
  type TableSource,
  tooManyColumns
} from '#lab/datasets/import/table-source.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

/** A record longer than this is no row of a table. */
const longestRecord = 16 * 1024 * 1024

/**
 * Opens JSON as a table: a list of records, or a record a line. The whole file decides on columns and types.
 * Errors: `bad_file` where it is no list of records.
 */
export async function openJson(
  session: Session,
  path: string,
  file: string,
  options: ReadOptions,
  isLines: boolean
): Promise<TableSource> {
  const format = isLines ? 'newline_delimited' : 'auto'
  const relation =
    `read_json(${sql.path(path)}, format = '${format}', sample_size = -1, hive_partitioning = false, ` +
    `maximum_object_size = ${longestRecord})`
  return openTyped(session, relation, file, options, (columns) => {
    const [only] = columns
    if (columns.length === 1 && only?.expression === sql.name('json')) {
      throw badFile(file, `${file} holds no records. It should be a list such as [{"a": 1}, {"a": 2}].`)
    }
    if (columns.every((column) => column.type.endsWith('[]'))) {
      throw badFile(file, `${file} holds columns instead of records. Write it as a list such as [{"a": 1}, {"a": 2}].`)
    }
  })
}

/** Opens a Parquet file as a table. Errors: `bad_file` for too many columns. */
export function openParquet(session: Session, path: string, file: string, options: ReadOptions): Promise<TableSource> {
  return openTyped(
    session,
    `read_parquet(${sql.path(path)}, hive_partitioning = false)`,
    file,
    options,
    () => undefined
  )
}

/** Values of more than one type in one column come as JSON: their texts without quotes decide what they are. */
function valueOf(name: string, type: string): { expression: string; type: string } {
  return type === 'JSON' && name !== sql.name('json')
    ? { expression: `(${name} ->> '$')`, type: 'VARCHAR' }
    : { expression: name, type }
}

/** What decides on the values of a table that brings its own columns. */
function tableReading({ decimal, missing = [], columns = [] }: ReadOptions): unknown {
  return { decimal: decimal ?? null, missing, columns }
}

async function openTyped(
  session: Session,
  relation: string,
  file: string,
  options: ReadOptions,
  check: (columns: readonly SourceColumn[]) => void
): Promise<TableSource> {
  const described = await session.rows(`DESCRIBE SELECT * FROM ${relation}`)
  if (described.length > mostColumns) throw badFile(file, tooManyColumns(file, described.length))
  const { names, warnings } = cleanNames(described.map((row) => String(row[0])))
  const columns = described.map((row, index) => ({
    name: names[index] ?? '',
    ...valueOf(sql.name(String(row[0])), String(row[1]))
  }))
  check(columns)
  return {
    relation,
    columns,
    decimal: options.decimal ?? null,
    semicolons: false,
    missing: missingTexts(options),
    options: options.columns ?? [],
    warnings,
    doubts: [],
    facts: [],
    reading: tableReading(options)
  }
}
