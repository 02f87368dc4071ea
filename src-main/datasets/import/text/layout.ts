/**
 * Finds the table in a text: what parts its cells, which lines stand above and below it, whether the first holds names, and
 * how many columns there are. It looks at the beginning and the end of the text; what the person chose is never overruled.
 */
import type { ReadOptions } from '#contract/reading.ts'
import { mostFrequent } from '#lab/datasets/import/text/cells.ts'
import { judgeHeader } from '#lab/datasets/import/text/header.ts'
import { findFormat } from '#lab/datasets/import/text/parting.ts'
import { type Format, openQuoteLine, splitText, type TextRecord } from '#lab/datasets/import/text/records.ts'
import type { TableDoubt } from '#lab/datasets/import/table-source.ts'
import { isFooter, isTotal } from '#lab/datasets/import/text/tail.ts'
import { countUnitLines, isOrange } from '#lab/datasets/import/text/units.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'

export interface Layout {
  readonly format: Format
  /** The line of the names, from 1; null where the columns are numbered. */
  readonly namesLine: number | null
  /** As they came, with a name for row names that have none; as many as there are columns. */
  readonly names: readonly string[]
  /** The line of the first row. */
  readonly firstLine: number
  readonly width: number
  /** Whether the last record is a total that is left out. */
  readonly dropsTotal: boolean
  /** Whether the text is plain CSV from its first row on, as far as was seen. */
  readonly isPlain: boolean
  readonly doubts: readonly TableDoubt[]
}

/** Why there is no layout. */
export interface NoLayout {
  readonly problem: 'nothing' | 'no line end' | 'open quote' | 'no rows' | 'names do not fit'
  readonly line?: number
  readonly names?: number
  readonly width?: number
}

export interface TextEnds {
  readonly head: string
  /** Whether the head is the whole text. */
  readonly isWhole: boolean
  /** The last lines, from a line's start; the head itself where it is the whole. */
  readonly tail: string
}

/** Rows of the head that are looked at. */
const most = 1000
/** Lines that may stand above the table. */
const mostAbove = 100

export function findLayout(ends: TextEnds, options: ReadOptions): Layout | NoLayout {
  const head = ends.head.startsWith('\ufeff') ? ends.head.slice(1) : ends.head
  const { declared, lines: declaredLines } = declaredSign(head)
  const body = head.slice(startOfLine(head, declaredLines))
  if (body.trim() === '') return { problem: 'nothing' }
  const comment = options.comment ?? findComment(body)
  const format = findFormat(body, ends.isWhole, comment, options, declared)
  const open = ends.isWhole ? openQuoteLine(body, format) : null
  if (open !== null) return { problem: 'open quote', line: open + declaredLines }
  const records = splitText(body, format, ends.isWhole, most).map((record) => ({
    ...record,
    line: record.line + declaredLines
  }))
  if (records.length === 0) return { problem: ends.isWhole ? 'nothing' : 'no line end' }
  return build(records, head, ends, format, options)
}

function build(
  all: readonly TextRecord[],
  head: string,
  ends: TextEnds,
  format: Format,
  options: ReadOptions
): Layout | NoLayout {
  const above =
    options.skip === undefined ? countAbove(all) : all.filter(({ line }) => line <= (options.skip ?? 0)).length
  const records = all.slice(above)
  const [first, ...others] = records
  if (!first) return { problem: 'no rows' }
  const commentNames = namesInComment(head, first, format, options)
  const verdict = judgeHeader(
    first.cells,
    others.map(({ cells }) => cells)
  )
  const isHeader = options.header ?? (verdict.isHeader && !commentNames)
  const rows = isHeader ? others : records
  if (rows.length === 0) return { problem: 'no rows' }
  const footers = ends.isWhole ? countFooters(rows) : 0
  const kept = rows.slice(0, rows.length - footers)
  if (kept.length === 0) return { problem: 'no rows' }
  const named = isHeader ? first.cells : (commentNames ?? [])
  const units =
    options.below ??
    (isHeader
      ? countUnitLines(
          named,
          kept.map(({ cells }) => cells)
        )
      : 0)
  const body = kept.slice(units)
  const start = body[0]
  if (!start) return { problem: 'no rows' }
  const widths = body.map(({ cells }) => cells.length)
  const width = mostFrequent(widths) ?? first.cells.length
  const columns = isHeader ? fitNames(named, body, width) : { names: commentNames ?? [], width, hasRowNames: false }
  if (!columns) return { problem: 'names do not fit', names: named.length, width }
  const totals = totalOf(ends, format, body, columns.width, footers)
  const dropsTotal = totals !== null && options.keepTotal !== true
  const isEven = widths.every((found) => found === width)
  const isSimple =
    format.parting.kind === 'sign' && new TextEncoder().encode(format.parting.sign).length <= 4 && !format.isWrapped
  return {
    format,
    namesLine: isHeader ? first.line : null,
    names: columns.names,
    firstLine: start.line,
    width: columns.width,
    dropsTotal,
    isPlain:
      isSimple &&
      isEven &&
      !dropsTotal &&
      footers === 0 &&
      !hasCommentBelow(head, start.line, format) &&
      hasPlainLines(head, format),
    doubts: [
      ...aboveDoubts(all.slice(0, above), isHeader ? first : start),
      ...commentDoubts(head, format, options),
      ...headerDoubts(isHeader, verdict.isUnsure, first, commentNames !== null, options),
      ...unitDoubts(kept.slice(0, units)),
      ...(columns.hasRowNames ? [rowNames(columns.names[0] ?? '')] : []),
      ...(totals === null ? [] : [totalDoubt(totals, dropsTotal)])
    ]
  }
}

/** `sep=;` in the first line, as Excel reads it. */
function declaredSign(text: string): { declared: string | null; lines: number } {
  const match = /^(?:[ \t]*(?:\r\n|\n|\r))*[ \t]*"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)/i.exec(text)
  if (!match) return { declared: null, lines: 0 }
  return { declared: match[1] ?? null, lines: match[0].split(/\r\n|\n|\r/).length - 1 }
}

function startOfLine(text: string, lines: number): number {
  let at = 0
  for (let line = 0; line < lines; line++) {
    const end = /\r\n|\n|\r/g
    end.lastIndex = at
    const match = end.exec(text)
    if (!match) return text.length
    at = match.index + match[0].length
  }
  return at
}

const commentSigns = ['#', '%', '//', '--', ';', '!']

/** The sign that begins the first lines, where they have another form than the lines below; empty for none. */
function findComment(text: string): string {
  const lines = text
    .slice(0, 100_000)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 200)
  const sign = commentSigns.find((candidate) => lines[0]?.trimStart().startsWith(candidate))
  if (sign === undefined || lines.length < 2) return ''
  const marked = lines.filter((line) => line.trimStart().startsWith(sign))
  // A column may be called #: then the line is one of names, and no other begins so.
  const isName = /^\s*["']?(#|%|!|;)["']?\s*[,;\t|]/.test(lines[0] ?? '')
  return isName || marked.length === lines.length ? '' : sign
}

/** Lines above the table: those that have other numbers of cells, or few of them filled. */
function countAbove(records: readonly TextRecord[]): number {
  const width = mostFrequent(records.map(({ cells }) => cells.length)) ?? 1
  if (width < 2) return 0
  const isBody = ({ cells }: TextRecord) => {
    const filled = cells.filter((cell) => cell !== '').length
    return Math.abs(cells.length - width) <= 1 && filled >= Math.max(2, Math.ceil(width / 2))
  }
  if (isTitle(records, width)) return 1
  const first = records.findIndex(isBody)
  if (first <= 0 || first > mostAbove || first >= records.length - 1) return 0
  // Names that do not fit their rows stand right above them, and are no title: at least two texts, no number.
  const before = records[first - 1]
  const isNames =
    before && before.cells.length >= 2 && before.cells.every((cell) => cell !== '' && !/^[-+]?[\d.,]+$/.test(cell))
  const verdict = judgeHeader(
    records[first]?.cells ?? [],
    records.slice(first + 1).map(({ cells }) => cells)
  )
  return isNames && !verdict.isHeader && first === 1 ? 0 : first
}

/** A title with a delimiter in it is of another width than the names below it, which are of the rows' own. */
function isTitle([title, names, ...rows]: readonly TextRecord[], width: number): boolean {
  if (!title || !names || title.cells.length >= width || names.cells.length !== width) return false
  if (names.cells.includes('')) return false
  const { isHeader, isUnsure } = judgeHeader(
    names.cells,
    rows.map(({ cells }) => cells)
  )
  return isHeader && !isUnsure
}

/** Names that stand in the last comment line above the rows, as numerical programs write them. */
function namesInComment(head: string, first: TextRecord, format: Format, options: ReadOptions): string[] | null {
  if (format.comment === '' || options.header === true) return null
  const lines = head.split(/\r\n|\n|\r/, first.line)
  const last = lines.slice(0, first.line - 1).findLast((line) => line.trim() !== '')
  if (!last?.trimStart().startsWith(format.comment)) return null
  const text = last.trimStart().slice(format.comment.length).trim()
  const [record] = splitText(text, { ...format, comment: '' }, true, 1)
  const cells = record?.cells ?? []
  const isFit =
    cells.length === first.cells.length &&
    cells.length >= 2 &&
    cells.every((cell) => cell !== '' && !/^[-+]?[\d.,]+$/.test(cell))
  return isFit && first.cells.some((cell) => /[0-9]/.test(cell)) ? [...cells] : null
}

/** Names as many as there are columns; null where they don't fit the rows. */
function fitNames(
  names: readonly string[],
  rows: readonly TextRecord[],
  width: number
): { names: string[]; width: number; hasRowNames: boolean } | null {
  const given = [...names]
  while (given.length > width && given.at(-1) === '') given.pop()
  const isEmptyFrom = (column: number) => rows.every(({ cells }) => cells.slice(column).every((cell) => cell === ''))
  if (given.length === width) return { names: given, width, hasRowNames: false }
  if (given.length > width) return null
  // Rows that end with delimiters have empty cells more.
  if (isEmptyFrom(given.length)) {
    return { names: [...given, ...Array.from({ length: width - given.length }, () => '')], width, hasRowNames: false }
  }
  const isEven = rows.every(({ cells }) => cells.length === width)
  // R writes row names without a name for their column.
  return given.length === width - 1 && isEven ? { names: ['row', ...given], width, hasRowNames: true } : null
}

function countFooters(rows: readonly TextRecord[]): number {
  const width = mostFrequent(rows.map(({ cells }) => cells.length)) ?? 1
  let count = 0
  while (count < rows.length - 2 && count < 30 && isFooter(rows.at(-1 - count)?.cells ?? [], width)) count++
  return count
}

/** The cells of the last row, where it is a total; null else. */
function totalOf(
  { isWhole, tail }: TextEnds,
  format: Format,
  rows: readonly TextRecord[],
  width: number,
  footers: number
): readonly string[] | null {
  const last = isWhole ? rows : lastRows(tail, format, width)
  const cells = last.at(-1)?.cells ?? []
  void footers
  const labels = last.slice(0, -1).map((row) => row.cells[0] ?? '')
  return last.length > 3 && isTotal(cells, labels) ? cells : null
}

function lastRows(tail: string, format: Format, width: number): TextRecord[] {
  return splitText(tail, format, true).filter(({ cells }) => cells.length === width && !isFooter(cells, width))
}

function hasCommentBelow(head: string, firstLine: number, { comment }: Format): boolean {
  if (comment === '') return false
  return head
    .split(/\r\n|\n|\r/)
    .slice(firstLine)
    .some((line) => line.trimStart().startsWith(comment))
}

/** Whether all line ends are alike, no line is of blanks alone, and each quote is where a reader of CSV expects it. */
function hasPlainLines(head: string, { quote, parting }: Format): boolean {
  const feeds = head.includes('\n')
  const pairs = head.includes('\r\n')
  if (feeds && /\r(?!\n|$)/.test(head)) return false
  if (pairs && /(?<!\r)\n/.test(head)) return false
  if (parting.kind === 'sign' && parting.sign !== '\t' && /(^|[\r\n])[ \t]+(?=[\r\n]|$)/.test(head)) return false
  if (quote === '' || parting.kind !== 'sign') return true
  const sign = parting.sign.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const mark = quote.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  // A closing quote with something else than a delimiter behind it.
  return !new RegExp(
    `(?:^|[\\r\\n]|${sign})[ \\t]*${mark}[^${mark}\\r\\n]*${mark}(?![ \\t]*(?:${sign}|[\\r\\n]|$)|${mark})`
  ).test(head)
}

const shown = (record: TextRecord | undefined) => {
  const text = record?.cells.filter((cell) => cell !== '').join(' ') ?? ''
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

function aboveDoubts(above: readonly TextRecord[], names: TextRecord): TableDoubt[] {
  if (above.length === 0) return []
  const lines = formatNumbered(above.length, 'line')
  // A title has other cells than the table: with it the table could not be read.
  const isAlike = above[0]?.cells.length === names.cells.length
  return [
    {
      why: `${lines} above the table, such as "${shown(above[0])}", ${above.length === 1 ? 'is' : 'are'} left out; the table begins in line ${formatCount(names.line)}.`,
      taken: `the table begins in line ${formatCount(names.line)}`,
      other: isAlike ? 'the first line is part of the table' : null,
      count: above.length,
      options: isAlike ? { skip: 0 } : null
    }
  ]
}

function commentDoubts(head: string, { comment }: Format, options: ReadOptions): TableDoubt[] {
  if (comment === '' || options.comment !== undefined) return []
  const count = head.split(/\r\n|\n|\r/).filter((line) => line.trimStart().startsWith(comment)).length
  return [
    {
      why: `${formatNumbered(count, 'line')} that ${count === 1 ? 'begins' : 'begin'} with "${comment}" ${count === 1 ? 'is a comment' : 'are comments'} and left out.`,
      taken: `comments begin with "${comment}"`,
      other: 'there are no comments',
      count,
      options: { comment: '' }
    }
  ]
}

function headerDoubts(
  isHeader: boolean,
  isUnsure: boolean,
  first: TextRecord,
  fromComment: boolean,
  options: ReadOptions
): TableDoubt[] {
  if (options.header !== undefined || fromComment) return []
  if (!isHeader) {
    return [
      {
        why: 'The file has no header: its first line holds values. Its columns are numbered.',
        taken: 'no names',
        other: `the first line holds names: ${shown(first)}`,
        count: 1,
        options: { header: true }
      }
    ]
  }
  if (!isUnsure) return []
  return [
    {
      why: `Line ${formatCount(first.line)} is read as the names of the columns (${shown(first)}); it could be a row as well.`,
      taken: 'names',
      other: 'the first row',
      count: 1,
      options: { header: false }
    }
  ]
}

function unitDoubts(lines: readonly TextRecord[]): TableDoubt[] {
  if (lines.length === 0) return []
  const what = isOrange(lines.map(({ cells }) => cells))
    ? 'kinds and roles of the columns, as Orange writes them'
    : 'units or kinds of the columns'
  const places = lines.map(({ line }) => formatCount(line)).join(' and ')
  return [
    {
      why: `${lines.length === 1 ? `Line ${places} holds` : `Lines ${places} hold`} ${what} (${shown(lines[0])}) and ${lines.length === 1 ? 'is' : 'are'} left out.`,
      taken: 'units, no row',
      other: lines.length === 1 ? 'a row' : 'rows',
      count: lines.length,
      options: { below: 0 }
    }
  ]
}

function rowNames(name: string): TableDoubt {
  return {
    why: `The header has one name fewer than the rows have values, so the first value of each row is read as its name, in the column "${name}".`,
    taken: 'row names',
    other: null,
    count: 1,
    options: null
  }
}

function totalDoubt(cells: readonly string[], isDropped: boolean): TableDoubt {
  const text = cells
    .filter((cell) => cell !== '')
    .join(', ')
    .slice(0, 60)
  return {
    why: `The last row (${text}) is a total of the others${isDropped ? ', and left out' : ''}.`,
    taken: isDropped ? 'left out' : 'a row',
    other: isDropped ? 'a row' : 'left out',
    count: 1,
    options: { keepTotal: isDropped }
  }
}
