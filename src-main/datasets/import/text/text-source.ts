/** Delimited text as a source: CSV, TSV and their kin, parted by any sign, by blanks or by places. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanNames } from '#lab/datasets/import/column-names.ts'
import { badFile, openQuote } from '#lab/datasets/import/file-errors.ts'
import { inThread } from '#lab/datasets/import/reading-thread.ts'
import {
  missingTexts,
  mostColumns,
  type TableDoubt,
  type TableSource,
  tooManyColumns
} from '#lab/datasets/import/table-source.ts'
import type { CleaningReport } from '#lab/datasets/import/text/clean.ts'
import { textFacts } from '#lab/datasets/import/text/facts.ts'
import { findLayout, type Layout, type NoLayout, type TextEnds } from '#lab/datasets/import/text/layout.ts'
import { repeatsLine } from '#lab/datasets/import/text/repeats-line.ts'
import { step, type Work } from '#lab/datasets/import/work.ts'
import * as sql from '#lab/datasets/sql.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'

/** Enough for a header of some thousand columns and some rows; doubled up to the most where a line is longer. */
const headBytes = 1024 * 1024
const mostHeadBytes = 16 * 1024 * 1024
const tailBytes = 64 * 1024

/**
 * Opens a UTF-8 text as a table. Every value is read as text; types are told over the whole file later.
 * Plain CSV is read by DuckDB as it is; everything else is rewritten as such first.
 * Errors: `bad_file` for a text without rows, for names that do not fit, for too many columns, and for damaged lines.
 */
export async function openText(work: Work, path: string, file: string): Promise<TableSource> {
  const { options } = work
  const { layout, ends } = await layoutOf(work, path)
  if ('problem' in layout) throw noTable(file, layout)
  if (layout.width > mostColumns) throw badFile(file, tooManyColumns(file, layout.width))
  const numbered = Array.from({ length: layout.width }, (_, index) => `column ${index + 1}`)
  const { names, warnings } = cleanNames(layout.names.length > 0 ? layout.names : numbered)
  const internal = names.map((_, index) => `c${index}`)
  const source = {
    columns: names.map((name, index) => ({ name, expression: internal[index] ?? '', type: 'VARCHAR' })),
    decimal: options.decimal ?? null,
    semicolons: layout.format.parting.kind === 'sign' && layout.format.parting.sign === ';',
    missing: missingTexts(options),
    options: options.columns ?? [],
    warnings,
    facts: textFacts(layout),
    reading: {
      format: layout.format,
      namesLine: layout.namesLine,
      names: layout.names,
      firstLine: layout.firstLine,
      dropsTotal: layout.dropsTotal,
      decimal: options.decimal ?? null,
      missing: options.missing ?? [],
      columns: options.columns ?? []
    }
  }
  const rewritten = async (): Promise<TableSource> => {
    const { relation, report } = await rewrite(work, path, file, layout, internal)
    return { ...source, relation, doubts: [...layout.doubts, ...reportDoubts(report, layout)] }
  }
  if (!layout.isPlain || (await repeatsLine(path, ends.head, layout.namesLine))) return rewritten()
  return { ...source, relation: plainRelation(path, layout, internal), doubts: layout.doubts, rewritten }
}

function plainRelation(path: string, { format, firstLine }: Layout, columns: readonly string[]): string {
  const delimiter = format.parting.kind === 'sign' ? format.parting.sign : ','
  return readCsv(path, columns, [
    `skip = ${firstLine - 1}`,
    `delim = ${sql.text(delimiter)}`,
    `quote = ${sql.text(format.quote)}`,
    `escape = ${sql.text(format.escape)}`
  ])
}

function readCsv(path: string, columns: readonly string[], format: readonly string[]): string {
  const arguments_ = [
    sql.path(path),
    'auto_detect = false',
    'strict_mode = true',
    'hive_partitioning = false',
    'header = false',
    `columns = {${columns.map((column) => `'${column}': 'VARCHAR'`).join(', ')}}`,
    ...format
  ]
  return `read_csv(${arguments_.join(', ')})`
}

/** Has a thread write the rows as plain CSV into the folder of the import. */
async function rewrite(
  work: Work,
  path: string,
  file: string,
  layout: Layout,
  columns: readonly string[]
): Promise<{ relation: string; report: CleaningReport }> {
  const to = join(work.folder, 'rows.csv')
  const { format, firstLine, width, dropsTotal, names, namesLine } = layout
  const repeated = namesLine === null ? null : names
  const onFraction = step(work, 'reading', 'Reading the lines', [0.1, 0.2])
  const task = { task: 'clean', from: path, to, file, format, firstLine, width, dropsTotal, repeated } as const
  const { report } = await inThread(task, file, { signal: work.signal, onFraction })
  if (report.rows === 0) throw noTable(file, { problem: 'no rows' })
  const relation = readCsv(to, columns, [`delim = ','`, `quote = '"'`, `escape = '"'`, `max_line_size = 16777216`])
  return { relation, report }
}

function reportDoubts({ footers, repeats }: CleaningReport, { namesLine }: Layout): TableDoubt[] {
  const doubts: TableDoubt[] = []
  const [footer] = footers
  if (footer) {
    const one = footers.length === 1
    doubts.push({
      why:
        `${formatNumbered(footers.length, 'line')} below the table ${one ? 'is' : 'are'} left out as ` +
        `${one ? 'a note' : 'notes'}: "${footer.text}"${one ? '' : ' and so on'}.`,
      taken: 'left out',
      other: null,
      count: footers.length,
      options: null
    })
  }
  const [repeat] = repeats
  if (repeat !== undefined) {
    const one = repeats.length === 1
    doubts.push({
      why:
        `The names of line ${formatCount(namesLine ?? 1)} are repeated in ${formatNumbered(repeats.length, 'line')} ` +
        `inside the table, ${one ? 'line' : 'first in line'} ${formatCount(repeat)}; ${one ? 'it is' : 'they are'} left out.`,
      taken: 'left out',
      other: null,
      count: repeats.length,
      options: null
    })
  }
  return doubts
}

function noTable(file: string, { problem, names = 0, width = 0, line = 1 }: NoLayout): Error {
  if (problem === 'nothing') return badFile(file, `${file} is empty.`, { empty: true })
  if (problem === 'no line end') {
    return badFile(file, `${file} has no line end in its first megabytes, so it is no table.`)
  }
  if (problem === 'open quote') return badFile(file, openQuote(file, line), { row: line })
  if (problem === 'no rows') return badFile(file, `${file} has a header and no rows below it.`)
  const told = `${formatNumbered(names, 'column')}, but its rows have ${formatNumbered(width, 'value')}`
  const mend =
    width > names
      ? 'Add the names that are missing, or read the first row as data.'
      : `Take ${names - width === 1 ? 'a name' : 'names'} out of the header, or mend the rows.`
  return badFile(file, `${file}: its header names ${told}. ${mend}`)
}

async function layoutOf({ options }: Work, path: string): Promise<{ layout: Layout | NoLayout; ends: TextEnds }> {
  for (let bytes = headBytes; ; bytes *= 4) {
    const ends = await readEnds(path, bytes)
    const layout = findLayout(ends, options)
    const isCut = 'problem' in layout && (layout.problem === 'no line end' || layout.problem === 'no rows')
    if (!isCut || ends.isWhole || bytes >= mostHeadBytes) return { layout, ends }
  }
}

async function readEnds(path: string, bytes: number): Promise<TextEnds> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const decode = (buffer: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer)
    const first = await handle.read(Buffer.alloc(Math.min(bytes, size)), 0, Math.min(bytes, size), 0)
    const head = decode(first.buffer.subarray(0, first.bytesRead))
    if (first.bytesRead >= size) return { head, isWhole: true, tail: head }
    const last = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, size - tailBytes)
    const end = decode(last.buffer.subarray(0, last.bytesRead))
    return { head, isWhole: false, tail: end.slice(end.search(/[\r\n]/) + 1) }
  } finally {
    await handle.close()
  }
}
