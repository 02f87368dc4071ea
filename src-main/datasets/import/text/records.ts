/**
 * Splits delimited text into records of cells, as programs really write it: any line ends, quotes that hold delimiters and
 * line ends, words in quotes at the start of a cell, blanks as delimiter, fixed widths, whole rows in quotes.
 */

export type Parting =
  | { readonly kind: 'sign'; readonly sign: string }
  /** Runs of blanks and tabs. */
  | { readonly kind: 'blanks' }
  /** Columns begin at these places of the line. */
  | { readonly kind: 'widths'; readonly starts: readonly number[] }

export interface Format {
  readonly parting: Parting
  /** Empty where nothing is quoted. */
  readonly quote: string
  readonly escape: string
  /** Each row stands in one pair of quotes. */
  readonly isWrapped: boolean
  /** Lines that begin with it are no records; empty for none. */
  readonly comment: string
}

export interface TextRecord {
  /** Of its first sign, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A quote that is opened and never closed. */
export class OpenQuoteError extends Error {
  readonly line: number

  constructor(line: number) {
    super(`A quote in line ${line} is not closed.`)
    this.line = line
  }
}

/** Longer records come from a quote that is not closed. */
const longestRecord = 4 * 1024 * 1024

/** Takes a text piece by piece, and gives the records that are complete. */
export class RecordReader {
  readonly #format: Format
  #rest = ''
  #line = 1
  comments = 0
  /** Lines without a sign, or of blanks alone. */
  blankLines = 0

  constructor(format: Format) {
    this.#format = format
  }

  /** Line of what comes next, from 1. */
  get line(): number {
    return this.#line
  }

  /**
   * Gives the records that end within the text so far; with `isEnd` the last one as well.
   * Errors: OpenQuoteError; the records before it are in `records`.
   */
  push(piece: string, isEnd: boolean, records: TextRecord[] = []): TextRecord[] {
    const text = this.#rest + piece
    let at = 0
    while (at < text.length) {
      const end = lineEndOf(text, at)
      // A carriage return at the end may be half of a line end.
      if (!isEnd && (end < 0 || (text[end] === '\r' && end + 1 === text.length))) break
      const stop = end < 0 ? text.length : end
      const line = text.slice(at, stop)
      if (this.#isSkipped(line)) {
        at = afterLineEnd(text, stop)
        this.#line++
        continue
      }
      const found = this.#read(text, at, line, stop, isEnd)
      if (found === null) {
        if (text.length - at > longestRecord) throw new OpenQuoteError(this.#line)
        break
      }
      records.push({ line: this.#line, cells: found.cells })
      this.#line += found.lines
      at = found.next
    }
    this.#rest = text.slice(at)
    return records
  }

  #isSkipped(line: string): boolean {
    const { comment, parting } = this.#format
    if (comment !== '' && line.trimStart().startsWith(comment)) {
      this.comments++
      return true
    }
    const isTabbed = parting.kind === 'sign' && parting.sign === '\t'
    const isBlank = line === '' || (isTabbed ? /^[ \r\f\v]*$/.test(line) : line.trim() === '')
    if (isBlank) this.blankLines++
    return isBlank
  }

  #read(text: string, at: number, line: string, stop: number, isEnd: boolean): Read | null {
    const { parting, quote, isWrapped } = this.#format
    if (isWrapped) {
      const inner = unwrapped(line, quote)
      const { cells } = splitLine(inner, { ...this.#format, isWrapped: false }, this.#line)
      return { cells, next: afterLineEnd(text, stop), lines: 1 }
    }
    if (parting.kind === 'sign' && quote !== '' && line.includes(quote)) {
      return readQuoted(text, at, parting.sign, this.#format, isEnd, this.#line)
    }
    return { ...splitLine(line, this.#format, this.#line), next: afterLineEnd(text, stop), lines: 1 }
  }
}

/** Splits the beginning of a text, or all of it; a record that may go on beyond the text is left out. */
export function splitText(text: string, format: Format, isWhole: boolean, most = Infinity): TextRecord[] {
  const reader = new RecordReader(format)
  const records: TextRecord[] = []
  // In pieces, so that a long text is not read further than is needed.
  const size = 64 * 1024
  for (let at = 0; at < text.length && records.length < most; at += size) {
    const piece = text.slice(at, at + size)
    const isLast = at + size >= text.length
    try {
      reader.push(piece, isLast && isWhole, records)
    } catch (error) {
      if (error instanceof OpenQuoteError) break
      throw error
    }
  }
  return records.length > most ? records.slice(0, most) : records
}

/** The line of a quote in a whole text that is opened and not closed; null where there is none. */
export function openQuoteLine(text: string, format: Format): number | null {
  try {
    new RecordReader(format).push(text, true)
    return null
  } catch (error) {
    if (error instanceof OpenQuoteError) return error.line
    throw error
  }
}

interface Read {
  readonly cells: string[]
  readonly next: number
  readonly lines: number
}

function lineEndOf(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  const line = feed < 0 ? text.length : feed
  // Only within the line: a search to the end of the text for each line would take long.
  const carriage = text.slice(from, line).indexOf('\r')
  if (carriage >= 0) return from + carriage
  return feed
}

function afterLineEnd(text: string, end: number): number {
  if (end >= text.length) return text.length
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1
}

function splitLine(line: string, { parting, quote, escape }: Format, number: number): { cells: string[] } {
  if (parting.kind === 'widths') {
    const cells = parting.starts.map((start, index) => line.slice(start, parting.starts[index + 1]).trim())
    return { cells }
  }
  if (parting.kind === 'blanks') return { cells: splitAtBlanks(line, quote) }
  if (quote !== '' && line.includes(quote)) {
    const format = { parting, quote, escape, isWrapped: false, comment: '' }
    const read = readQuoted(line, 0, parting.sign, format, true, number)
    return { cells: read?.cells ?? [line] }
  }
  return { cells: line.split(parting.sign).map((cell) => cell.trim()) }
}

function splitAtBlanks(line: string, quote: string): string[] {
  const cells: string[] = []
  const text = line.trim()
  for (let at = 0; at < text.length;) {
    const sign = text.charAt(at)
    if (sign === ' ' || sign === '\t') {
      at++
    } else if (quote !== '' && sign === quote && text.indexOf(quote, at + 1) > 0) {
      const close = text.indexOf(quote, at + 1)
      cells.push(text.slice(at + 1, close))
      at = close + 1
    } else {
      const end = text.slice(at).search(/[ \t]/)
      cells.push(end < 0 ? text.slice(at) : text.slice(at, at + end))
      at = end < 0 ? text.length : at + end
    }
  }
  return cells
}

function unwrapped(line: string, quote: string): string {
  const text = line.trim()
  if (text.length < 2 || !text.startsWith(quote) || !text.endsWith(quote)) return text
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}

const isBlank = (sign: string) => sign === ' ' || sign === '\t'

/** Reads one record that has quotes in its first line; null where it may go on beyond the text. */
function readQuoted(
  text: string,
  start: number,
  sign: string,
  format: Format,
  isEnd: boolean,
  line: number
): Read | null {
  const cells: string[] = []
  let at = start
  for (;;) {
    let from = at
    while (isBlank(text.charAt(from)) && text.charAt(from) !== sign) from++
    if (text.startsWith(format.quote, from)) {
      const quoted = readCell(text, from, sign, format, isEnd)
      if (quoted === null) {
        if (isEnd) throw new OpenQuoteError(line + countLines(text, start, from))
        return null
      }
      cells.push(quoted.cell)
      at = quoted.next
    } else {
      const end = endOfCell(text, at, sign)
      cells.push(text.slice(at, end).trim())
      at = end
    }
    if (text.startsWith(sign, at)) {
      at += sign.length
      continue
    }
    const next = afterLineEnd(text, at)
    return { cells, next, lines: countLines(text, start, next) || 1 }
  }
}

function endOfCell(text: string, from: number, sign: string): number {
  const line = lineEndOf(text, from)
  const stop = line < 0 ? text.length : line
  const found = text.indexOf(sign, from)
  return found < 0 || found > stop ? stop : found
}

/** Reads a cell from its quote on, up to the delimiter or line end behind it. */
function readCell(
  text: string,
  from: number,
  sign: string,
  { quote, escape }: Format,
  isEnd: boolean
): { cell: string; next: number } | null {
  let content = ''
  let at = from + quote.length
  for (;;) {
    const close = text.indexOf(quote, at)
    if (close < 0) return null
    if (escape !== quote) {
      const escaped = text.indexOf(escape, at)
      if (escaped >= 0 && escaped < close) {
        content += text.slice(at, escaped) + text.charAt(escaped + 1)
        at = escaped + 2
        continue
      }
    } else if (text.startsWith(quote, close + 1)) {
      content += text.slice(at, close) + quote
      at = close + 2
      continue
    } else if (close + 1 >= text.length && !isEnd) return null
    let behind = close + 1
    while (isBlank(text.charAt(behind)) && text.charAt(behind) !== sign) behind++
    const follower = text.charAt(behind)
    if (behind >= text.length || follower === '\n' || follower === '\r' || text.startsWith(sign, behind)) {
      if (behind >= text.length && !isEnd) return null
      return { cell: content + text.slice(at, close), next: behind }
    }
    const inside = content + text.slice(at, close)
    if (!inside.includes(sign) && !/[\r\n]/.test(inside)) {
      // A word in quotes at the start of a cell: the quotes are part of its text.
      const end = endOfCell(text, from, sign)
      return { cell: text.slice(from, end).trim(), next: end }
    }
    content = inside + quote
    at = close + 1
  }
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0
  for (let at = from; at < to; lines++) {
    const end = lineEndOf(text, at)
    if (end < 0 || end >= to) return lines
    at = afterLineEnd(text, end)
  }
  return lines
}
