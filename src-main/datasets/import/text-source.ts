/** Delimited text as a source: CSV, TSV and their kin, in any of the encodings. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanNames } from '#lab/datasets/import/column-names.ts'
import { type Dialect, detectDialect } from '#lab/datasets/import/csv-dialect.ts'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { copyWithLine, copyWithSpaces, misleadingBreaks, startOfRecords } from '#lab/datasets/import/plain-header.ts'
import { defaultMissing, mostColumns, type TableSource, tooManyColumns } from '#lab/datasets/import/table-source.ts'
import type { Work } from '#lab/datasets/import/work.ts'
import * as sql from '#lab/datasets/sql.ts'
import { formatNumbered } from '#words/numbers.ts'

/** Enough for a header of a few thousand columns and some rows. */
const headBytes = 1024 * 1024

/**
 * Opens a UTF-8 text as a table. Every value is read as text; types are told over the whole file later.
 * Errors: `bad_file` for a text without rows, and for too many columns.
 */
export async function openText(work: Work, path: string, file: string): Promise<TableSource> {
  const { options } = work
  const { bytes, text, isWhole } = await readHead(path)
  const dialect = detectDialect(text, isWhole, options)
  if (!dialect) {
    if (text.trim() === '') throw badFile(file, `${file} is empty.`, { empty: true })
    throw badFile(file, `${file} has no line end in its first megabyte, so it is no table.`)
  }
  if (dialect.columns > mostColumns) throw badFile(file, tooManyColumns(file, dialect.columns))
  if (!dialect.hasRows) throw badFile(file, `${file} has a header and no rows below it.`)
  // What follows from the rest stays out of the reading, which names the table.
  const { hasRowNames, rowWidth, ...way } = dialect
  if (way.header && rowWidth !== null) checkHeader(file, way.columns, rowWidth)
  const numbered = Array.from({ length: dialect.columns }, (_, index) => `column ${index + 1}`)
  const { names, warnings } = cleanNames(dialect.header ? dialect.names : numbered)
  const internal = names.map((_, index) => `c${index}`)
  const plain = await withPlainHeader(work, path, bytes, dialect, internal)
  const arguments_ = [
    sql.path(plain.path),
    'auto_detect = false',
    'strict_mode = true',
    'hive_partitioning = false',
    `columns = {${internal.map((column) => `'${column}': 'VARCHAR'`).join(', ')}}`,
    `header = ${plain.hasHeader}`,
    `skip = ${dialect.skippedLines}`,
    `delim = ${sql.text(dialect.delimiter)}`,
    `quote = ${sql.text(dialect.quote)}`,
    `escape = ${sql.text(dialect.escape)}`
  ]
  if (!dialect.header) {
    warnings.unshift('The file has no header: its first line holds values. Its columns are numbered.')
  }
  if (hasRowNames) {
    warnings.unshift(
      'The header has one name fewer than the rows have values, so the first value of each row is read as its name, ' +
        `in the column "${names[0]}".`
    )
  }
  return {
    relation: `read_csv(${arguments_.join(', ')})`,
    columns: names.map((name, index) => ({ name, expression: internal[index] ?? '', type: 'VARCHAR' })),
    decimal: dialect.decimal,
    missing: options.missing ?? defaultMissing,
    warnings,
    reading: { ...way, missing: options.missing ?? null }
  }
}

/** A header that fits none of the rows is at fault itself; where rows differ, those that stand out are told later. */
function checkHeader(file: string, columns: number, rowWidth: number): void {
  if (rowWidth === columns) return
  const told = `${formatNumbered(columns, 'column')}, but its rows have ${formatNumbered(rowWidth, 'value')}`
  const mend =
    rowWidth > columns
      ? 'Add the names that are missing, or read the first row as data.'
      : `Take ${columns - rowWidth === 1 ? 'a name' : 'names'} out of the header, or mend the rows.`
  throw badFile(file, `${file}: its header names ${told}. ${mend}`)
}

/**
 * The file, or a copy of it where line feeds in the first record would mislead DuckDB. In a header they become spaces,
 * as the names are known already; values must stay, so a header is put before them.
 */
async function withPlainHeader(
  work: Work,
  path: string,
  head: Uint8Array,
  dialect: Dialect,
  columns: readonly string[]
): Promise<{ path: string; hasHeader: boolean }> {
  const breaks = misleadingBreaks(head, dialect, dialect.skippedLines)
  if (breaks.size === 0) return { path, hasHeader: dialect.header }
  const copy = join(work.folder, 'plain-header.txt')
  if (dialect.header) await copyWithSpaces(path, copy, breaks, work.signal)
  else {
    const line = `${columns.join(dialect.delimiter)}\r\n`
    await copyWithLine(path, copy, startOfRecords(head, dialect.skippedLines), line, work.signal)
  }
  return { path: copy, hasHeader: true }
}

async function readHead(path: string): Promise<{ bytes: Uint8Array; text: string; isWhole: boolean }> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const { size } = await handle.stat()
    const bytes = buffer.subarray(0, bytesRead)
    return { bytes, text: new TextDecoder().decode(bytes), isWhole: bytesRead === size }
  } finally {
    await handle.close()
  }
}
