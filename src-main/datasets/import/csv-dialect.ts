/**
 * Finds out how a delimited text is written: delimiter, quote, and whether its first record is a header.
 * It looks at the first records only; what the person chose is never overruled.
 */
import type { ReadOptions } from '#contract/reading.ts'
import { type Format, splitRecords } from '#lab/datasets/import/csv-records.ts'
import { defaultMissing } from '#lab/datasets/import/columns/missing-marks.ts'

export interface Dialect extends Format {
  readonly header: boolean
  /** Lines before the first record: empty ones and Excel's `sep=;`. */
  readonly skippedLines: number
  /** The header as it came, with a name for row names that have none; empty without a header. */
  readonly names: readonly string[]
  /** Whether the rows have names of their own, before the columns that the header names. */
  readonly hasRowNames: boolean
  /** Cells of a record. */
  readonly columns: number
  /** Cells of every row looked at; null where they differ, or there are none. */
  readonly rowWidth: number | null
  /** Whether there is a record that is no header. */
  readonly hasRows: boolean
}

const delimiters = [',', ';', '\t', '|']
const pointNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const commaNumber = /^[+-]?(\d+(,\d*)?|,\d+)(e[+-]?\d+)?$/i
/** Tells the dialect of a text by its beginning; null where no record is in it. */
export function detectDialect(text: string, isWhole: boolean, options: ReadOptions): Dialect | null {
  const { body, skippedLines, delimiter: declared } = skipPreamble(text)
  const quote = options.quote ?? detectQuote(body)
  const escape = body.includes(`\\${quote}`) && !body.includes(quote + quote) ? '\\' : quote
  const delimiter = options.delimiter ?? declared ?? detectDelimiter(body, isWhole, { quote, escape })
  const format = { delimiter, quote, escape }
  const records = splitRecords(body, format, isWhole)
  const [first, ...others] = records
  if (!first) return null
  const header = options.header ?? isHeader(first, others)
  const rows = header ? others : records
  const width = mostFrequent(rows.map((row) => row.length)) ?? first.length
  const isEven = rows.length > 0 && rows.every((row) => row.length === width)
  const hasOneMore = header && isEven && width === first.length + 1
  // Rows that end with a delimiter have an empty cell more.
  const endsEmpty = hasOneMore && rows.every((row) => row.at(-1) === '')
  // R writes row names without a name for their column: every row has one cell more than the header.
  const hasRowNames = hasOneMore && !endsEmpty
  const names = endsEmpty ? [...first, ''] : hasRowNames ? ['row', ...first] : first
  return {
    ...format,
    header,
    skippedLines,
    names: header ? names : [],
    hasRowNames,
    columns: header ? names.length : width,
    rowWidth: isEven ? width : null,
    hasRows: rows.length > 0
  }
}

function skipPreamble(text: string): { body: string; skippedLines: number; delimiter?: string } {
  let body = text.startsWith('\ufeff') ? text.slice(1) : text
  let skippedLines = 0
  let delimiter: string | undefined
  for (let match = emptyOrDeclared.exec(body); match; match = emptyOrDeclared.exec(body)) {
    if (match[1]) delimiter = match[1]
    body = body.slice(match[0].length)
    skippedLines++
  }
  return delimiter === undefined ? { body, skippedLines } : { body, skippedLines, delimiter }
}

const emptyOrDeclared = /^[ \t]*(?:sep=(.))?(?:\r\n|\n|\r)/i

/** Double quotes, unless there are none and cells stand in single ones. */
function detectQuote(text: string): string {
  if (text.includes('"')) return '"'
  return /(^|[,;\t|\n])'[^'\n]*'(?=[,;\t|\r\n]|$)/.test(text) ? "'" : '"'
}

/** The delimiter that cuts the records most evenly, then into the most cells that are plain numbers. */
function detectDelimiter(text: string, isWhole: boolean, quoting: Omit<Format, 'delimiter'>): string {
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const records = splitRecords(text, { delimiter, ...quoting }, isWhole)
    const width = mostFrequent(records.map((record) => record.length)) ?? 1
    if (width < 2) continue
    const even = records.filter((record) => record.length === width)
    const cells = even.flat()
    const numbers = cells.filter((cell) => pointNumber.test(cell) || commaNumber.test(cell)).length
    const score = (2 * even.length) / records.length + numbers / cells.length
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/**
 * Whether the first record names the columns: it has no number; or it has a text above numbers; or its numbers count
 * on from one another, as years and pixels in names do, beside some text.
 */
function isHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const isNumber = (cell: string) => pointNumber.test(cell) || commaNumber.test(cell)
  const numbers = first.filter(isNumber).map(Number)
  if (numbers.length === 0) return true
  if (others.length === 0 || new Set(first).size < first.length) return false
  const isText = (cell: string) => cell !== '' && !isNumber(cell) && !defaultMissing.includes(cell)
  if (first.some((cell, index) => isText(cell) && others.every((row) => isNumber(row[index] ?? '')))) return true
  const countsOn = numbers.length > 1 && numbers.every((value, index) => value === (numbers[0] ?? 0) + index)
  return countsOn && first.some(isText)
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
