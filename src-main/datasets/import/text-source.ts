/** Delimited text as a source: CSV, TSV and their kin, in any of the encodings. */
import { open } from 'node:fs/promises'
import type { ReadOptions } from '#contract/datasets.ts'
import { cleanNames } from '#lab/datasets/import/column-names.ts'
import { detectDialect } from '#lab/datasets/import/csv-dialect.ts'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { defaultMissing, mostColumns, type TableSource, tooManyColumns } from '#lab/datasets/import/table-source.ts'
import * as sql from '#lab/datasets/sql.ts'

/** Enough for a header of a few thousand columns and some rows. */
const headBytes = 1024 * 1024

/**
 * Opens a UTF-8 text as a table. Every value is read as text; types are told over the whole file later.
 * Errors: `bad_file` for a text without rows, and for too many columns.
 */
export async function openText(path: string, file: string, options: ReadOptions): Promise<TableSource> {
  const { text, isWhole } = await readHead(path)
  const dialect = detectDialect(text, isWhole, options)
  if (!dialect) {
    const why = text.trim() === '' ? 'is empty' : 'has no line end in its first megabyte, so it is no table'
    throw badFile(file, `${file} ${why}.`)
  }
  if (dialect.columns > mostColumns) throw badFile(file, tooManyColumns(file, dialect.columns))
  if (!dialect.hasRows) throw badFile(file, `${file} has a header and no rows below it.`)
  const numbered = Array.from({ length: dialect.columns }, (_, index) => `column ${index + 1}`)
  const { names, warnings } = cleanNames(dialect.header ? dialect.names : numbered)
  const internal = names.map((_, index) => `c${index}`)
  const arguments_ = [
    sql.path(path),
    'auto_detect = false',
    'strict_mode = true',
    'hive_partitioning = false',
    `columns = {${internal.map((column) => `'${column}': 'VARCHAR'`).join(', ')}}`,
    `header = ${dialect.header}`,
    `skip = ${dialect.skippedLines}`,
    `delim = ${sql.text(dialect.delimiter)}`,
    `quote = ${sql.text(dialect.quote)}`,
    `escape = ${sql.text(dialect.escape)}`
  ]
  if (!dialect.header) {
    warnings.unshift('The file has no header: its first line holds values. Its columns are numbered.')
  }
  return {
    relation: `read_csv(${arguments_.join(', ')})`,
    columns: names.map((name, index) => ({ name, expression: internal[index] ?? '', type: 'VARCHAR' })),
    decimal: dialect.decimal,
    missing: options.missing ?? defaultMissing,
    warnings,
    reading: { ...dialect, missing: options.missing ?? null }
  }
}

async function readHead(path: string): Promise<{ text: string; isWhole: boolean }> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const { size } = await handle.stat()
    return { text: new TextDecoder().decode(buffer.subarray(0, bytesRead)), isWhole: bytesRead === size }
  } finally {
    await handle.close()
  }
}
