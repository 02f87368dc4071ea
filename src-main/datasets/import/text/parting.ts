/** Finds out what parts the cells of a text: a sign, runs of blanks, or fixed places; and whether rows stand in quotes. */
import type { ReadOptions } from '#contract/reading.ts'
import { isNumber, mostFrequent } from '#lab/datasets/import/text/cells.ts'
import { type Format, type Parting, splitText } from '#lab/datasets/import/text/records.ts'

const signs = [',', ';', '\t', '|', '::', '||', '~', '^', '\u0001', '\u001f', '\u00a6']
const plainNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i
/** Records looked at. */
const most = 300

/** Finds the format of a text by its beginning; what the person chose is never overruled. */
export function findFormat(
  text: string,
  isWhole: boolean,
  comment: string,
  options: ReadOptions,
  declared: string | null
): Format {
  const quote = options.quote ?? findQuote(text)
  const escape = quote !== '' && text.includes(`\\${quote}`) && !text.includes(quote + quote) ? '\\' : quote
  const format = (parting: Parting): Format => ({ parting, quote, escape, isWrapped: false, comment })
  const given = options.delimiter ?? declared
  if (given !== null) return format(given === ' ' ? { kind: 'blanks' } : { kind: 'sign', sign: given })
  const lines = linesOf(text, isWhole, comment)
  if (quote !== '' && isWrappedIn(lines, quote)) {
    const inner = lines.map((line) => line.slice(1, -1).replaceAll(quote + quote, quote)).join('\n')
    const best = bestSign(inner, true, format)
    if (best.width >= 2 && best.even > 0.9) return { ...best.format, isWrapped: true }
  }
  const sign = bestSign(text, isWhole, format)
  const blanks = scored(text, isWhole, format({ kind: 'blanks' }))
  // Words are parted by blanks as well: only columns of numbers show that blanks part columns, and many of them where a
  // sign would part the lines too.
  const isPoor = sign.width < 2 || sign.even < 0.6
  const isBlanks = blanks.even >= 0.95 && blanks.width >= 2 && blanks.hasNumbers && (isPoor || blanks.numbers >= 0.5)
  if (isBlanks && blanks.score > sign.score) return blanks.format
  if (isPoor) {
    const widths = findWidths(lines)
    if (widths) return format(widths)
  }
  return sign.format
}

interface Scored {
  readonly format: Format
  readonly width: number
  /** Share of records with this width. */
  readonly even: number
  /** Share of cells that are numbers. */
  readonly numbers: number
  readonly score: number
  /** Whether one of its columns is one of numbers. */
  readonly hasNumbers: boolean
}

/** The sign that cuts the records most evenly, then into the most cells that are numbers. */
function bestSign(text: string, isWhole: boolean, format: (parting: Parting) => Format): Scored {
  let best: Scored = {
    format: format({ kind: 'sign', sign: ',' }),
    width: 1,
    even: 1,
    numbers: 0,
    score: 0,
    hasNumbers: false
  }
  for (const sign of signs) {
    if (!text.includes(sign)) continue
    const candidate = scored(text, isWhole, format({ kind: 'sign', sign }))
    if (candidate.width >= 2 && candidate.score > best.score) best = candidate
  }
  return best
}

function scored(text: string, isWhole: boolean, format: Format): Scored {
  const records = splitText(text, format, isWhole, most)
  const width = mostFrequent(records.map(({ cells }) => cells.length)) ?? 1
  const even = records.filter(({ cells }) => cells.length === width)
  const cells = even.flatMap((record) => record.cells)
  const numbers = cells.filter((cell) => plainNumber.test(cell) || isNumber(cell)).length / Math.max(cells.length, 1)
  const hasNumbers = Array.from({ length: Math.min(width, 100) }, (_, column) => column).some((column) => {
    // The first line may hold names.
    const below = even.slice(1).map((record) => record.cells[column] ?? '')
    return (
      below.length > 0 &&
      below.filter((cell) => plainNumber.test(cell) && !cell.endsWith(',')).length >= 0.9 * below.length
    )
  })
  const share = even.length / Math.max(records.length, 1)
  return { format, width, even: share, numbers, score: 2 * share + numbers, hasNumbers }
}

/** Double quotes, unless there are none and cells stand in single ones. */
function findQuote(text: string): string {
  if (text.includes('"')) return '"'
  return /(^|[,;\t|\n])'[^'\n]*'(?=[,;\t|\r\n]|$)/.test(text) ? "'" : '"'
}

function linesOf(text: string, isWhole: boolean, comment: string): string[] {
  const lines = text.slice(0, 200_000).split(/\r\n|\n|\r/)
  if (!isWhole || text.length > 200_000) lines.pop()
  const isComment = (line: string) => comment !== '' && line.trimStart().startsWith(comment)
  return lines.filter((line) => line.trim() !== '' && !isComment(line)).slice(0, most)
}

function isWrappedIn(lines: readonly string[], quote: string): boolean {
  if (lines.length < 2) return false
  const wrapped = lines.filter((line) => line.length > 2 && line.startsWith(quote) && line.endsWith(quote))
  // Quoted cells that stand side by side begin and end a line as well; a row in quotes has doubled ones inside alone.
  const isOne = (line: string) =>
    !line
      .slice(1, -1)
      .replaceAll(quote + quote, '')
      .includes(quote)
  return wrapped.length === lines.length && wrapped.every(isOne)
}

/** Places where columns begin: behind places that are blank in every line. */
function findWidths(lines: readonly string[]): Parting | null {
  if (lines.length < 5 || lines.some((line) => line.includes('\t'))) return null
  const length = Math.max(...lines.map((line) => line.length))
  if (length > 2000) return null
  const isFree = Array.from({ length }, (_, place) => lines.every((line) => (line[place] ?? ' ') === ' '))
  const gaps = isFree.flatMap((free, place) => (!free && (place === 0 || isFree[place - 1]) ? [place] : []))
  // Words of one column may happen to end at the same place: where the line of names is blank, no column begins.
  const [first = ''] = lines
  const hasNames = !/\d/.test(first)
  const starts = gaps.filter((start, index) => !hasNames || first.slice(start, gaps[index + 1]).trim() !== '')
  if (starts.length < 2) return null
  const cells = (start: number, index: number) =>
    lines.slice(1).map((line) => line.slice(start, starts[index + 1]).trim())
  const isNumeric = (values: readonly string[]) =>
    values.filter((value) => plainNumber.test(value)).length >= 0.9 * values.filter((value) => value !== '').length
  const numeric = starts.map(cells).filter((values) => values.some((value) => value !== '') && isNumeric(values))
  return numeric.length > 0 ? { kind: 'widths', starts: [0, ...starts.slice(1)] } : null
}
