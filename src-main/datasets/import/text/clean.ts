/**
 * Rewrites a text as the plainest CSV: one record a line, commas, double quotes, LF, no names, no lines that are no rows.
 * DuckDB reads that whatever the original was. It works piece by piece, in a thread of its own (worker.ts).
 */
import { RecordReader, type TextRecord } from '#lab/datasets/import/text/records.ts'
import { isFooter, isTotal } from '#lab/datasets/import/text/tail.ts'
import type { Format } from '#lab/datasets/import/text/records.ts'

export interface Cleaning {
  readonly format: Format
  /** Records before this line are left out. */
  readonly firstLine: number
  readonly width: number
  readonly dropsTotal: boolean
  /** The names of the columns: a record that repeats them is no row. Null where no line holds them. */
  readonly repeated: readonly string[] | null
}

/** What was left out, for the person. */
export interface CleaningReport {
  rows: number
  /** Last lines that are no rows. */
  footers: { line: number; text: string }[]
  /** Lines that repeat the names. */
  repeats: number[]
}

/** A row that has other cells than the columns. */
export class WidthError extends Error {
  readonly line: number
  readonly found: number

  constructor(line: number, found: number) {
    super(`Line ${line} has ${found} cells.`)
    this.line = line
    this.found = found
  }
}

/** At most so many last lines are no rows; more are rows that are damaged. */
const mostFooters = 100
const mostRepeats = 100_000

export class Cleaner {
  readonly #cleaning: Cleaning
  readonly #reader: RecordReader
  readonly report: CleaningReport = { rows: 0, footers: [], repeats: [] }
  /** Records that are rows only if a full row follows. */
  #pending: TextRecord[] = []
  /** The last full row, which may be a total. */
  #last: TextRecord | null = null

  constructor(cleaning: Cleaning) {
    this.#cleaning = cleaning
    this.#reader = new RecordReader(cleaning.format)
  }

  /** Gives the lines that are complete. Errors: WidthError; OpenQuoteError. */
  push(piece: string, isEnd: boolean): string {
    const lines: string[] = []
    for (const record of this.#reader.push(piece, isEnd)) {
      if (record.line >= this.#cleaning.firstLine) this.#take(record, lines)
    }
    if (isEnd) this.#finish(lines)
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }

  #take(record: TextRecord, lines: string[]): void {
    const { width, repeated } = this.#cleaning
    if (repeated !== null && isRepeat(record.cells, repeated)) {
      if (this.report.repeats.length < mostRepeats) this.report.repeats.push(record.line)
      return
    }
    if (isFooter(record.cells, width)) {
      this.#pending.push(record)
      if (this.#pending.length > mostFooters) throw widthError(this.#pending, width)
      return
    }
    const extra = record.cells.slice(width)
    if (extra.some((cell) => cell !== '')) throw new WidthError(record.line, record.cells.length)
    this.#flush(lines)
    this.#put(record, lines)
  }

  /** A full row follows, so what was held back are rows: whole ones, or damaged. */
  #flush(lines: string[]): void {
    if (this.#pending.length === 0) return
    const { width } = this.#cleaning
    const short = this.#pending.find(({ cells }) => cells.length < width)
    if (short) throw new WidthError(short.line, short.cells.length)
    for (const record of this.#pending) this.#put(record, lines)
    this.#pending = []
  }

  #put(record: TextRecord, lines: string[]): void {
    if (this.#last) this.#write(this.#last, lines)
    this.#last = record
  }

  #write({ cells }: TextRecord, lines: string[]): void {
    const { width } = this.#cleaning
    const line = cells.slice(0, width).map(quoted).join(',')
    // An empty line would be no row.
    lines.push(line === '' ? '""' : line)
    this.report.rows++
  }

  #finish(lines: string[]): void {
    this.report.footers = this.#pending.map(({ line, cells }) => ({
      line,
      text: cells.filter(Boolean).join(' ').slice(0, 60)
    }))
    if (this.#last && !(this.#cleaning.dropsTotal && isTotal(this.#last.cells, []))) this.#write(this.#last, lines)
  }
}

/** Names are compared as they came; those that were empty, or filled in, say nothing. */
function isRepeat(cells: readonly string[], names: readonly string[]): boolean {
  const filled = names.filter((name) => name !== '')
  return filled.length > 0 && cells.length >= names.length && names.every((name, at) => cells[at] === name)
}

function widthError(pending: readonly TextRecord[], width: number): WidthError {
  const first = pending.find(({ cells }) => cells.length < width) ?? pending[0]
  return new WidthError(first?.line ?? 0, first?.cells.length ?? 0)
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell
}
