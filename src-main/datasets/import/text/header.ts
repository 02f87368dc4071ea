/** Tells whether the first record holds the names of the columns, and how sure that is. */
import { type CellKind, countKinds, isNumber, kindOf } from '#lab/datasets/import/text/cells.ts'
import { shapeOf } from '#lab/datasets/import/columns/shapes.ts'

export interface HeaderVerdict {
  readonly isHeader: boolean
  /** Whether a look at the values can't settle it. */
  readonly isUnsure: boolean
}

/** Rows looked at. */
const most = 300
/** So few rows tell nothing of what is usual in them. */
const fewRows = 10

/**
 * A name differs from what stands below it: it is a text above numbers or dates, or none of the few values of its column.
 * A first row of values is like the others. Numbers that count on from one another are names, as years and pixels are.
 */
export function judgeHeader(first: readonly string[], rows: readonly (readonly string[])[]): HeaderVerdict {
  const others = rows
    .slice(0, most)
    .filter((row) => row.length !== first.length || row.some((cell, at) => cell !== first[at]))
  const counting = countsOn(first)
  if (counting && others.length > 0) {
    const isAlone = first.every((cell) => cell !== '' && isNumber(cell))
    const alike = others.filter((row) => countsOn(row)).length
    if (alike === 0 && (!isAlone || startsLow(first))) return { isHeader: true, isUnsure: isAlone }
  }
  let names = 0
  let values = 0
  first.forEach((cell, column) => {
    const vote = voteOf(
      cell,
      others.flatMap((row) => row[column] ?? [])
    )
    if (vote > 0) names += vote
    else values -= vote
  })
  const named = first.filter((cell) => cell !== '')
  if (new Set(named).size < named.length) values++
  if (names === 0 && values === 0) {
    // Nothing tells: names are usual, and numbers are no names.
    return { isHeader: !first.some((cell) => isNumber(cell)), isUnsure: others.length >= fewRows }
  }
  return {
    isHeader: names >= values && names > 0,
    isUnsure: Math.min(names, values) > 0 && Math.abs(names - values) <= 2
  }
}

/** Positive for a name, negative for a value, 0 where the cell says nothing. */
function voteOf(cell: string, below: readonly string[]): number {
  const kind = kindOf(cell)
  const kinds = countKinds(below)
  if (kinds.values === 0) return 0
  const typed: CellKind | null =
    kinds.number >= 0.9 * kinds.values ? 'number' : kinds.date >= 0.9 * kinds.values ? 'date' : null
  if (typed !== null) {
    if (kind === 'missing') return 0
    // A number with a unit above numbers without: a wavelength, a dose, a time.
    if (kind === 'number' && hasLetters(cell) && !below.some(hasLetters)) return 1
    return kind === typed ? -2 : 2
  }
  if (kind === 'number') return kinds.number > 0 ? -1 : 0
  if (kind === 'missing') return 0
  const texts = below.filter((value) => kindOf(value) === 'text')
  const distinct = new Set(texts)
  if (distinct.has(cell)) return -2
  const isFew = texts.length >= 4 && distinct.size <= texts.length / 2
  if (isFew) return 2
  const shapes = new Set(texts.map(shapeOf))
  // Codes of one form, such as A-123: a name has another form.
  if (texts.length >= 4 && shapes.size === 1 && /[0-9]/.test(texts[0] ?? '')) return shapes.has(shapeOf(cell)) ? -1 : 1
  return 0
}

/** Whether there are letters besides those of an exponent. */
function hasLetters(cell: string): boolean {
  return /\p{L}/u.test(cell.replace(/\d[eE][-+]?\d+$/, ''))
}

/** Whether its numbers count on from one another, or are years one after another, beside a text or an empty cell or two. */
function countsOn(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => /^\d+$/.test(cell)).map(Number)
  const others = cells.length - numbers.length
  if (numbers.length < 2 || cells.some((cell) => isNumber(cell) && !/^\d+$/.test(cell))) return false
  if (others > Math.max(2, numbers.length)) return false
  const isYears = numbers.every((value, index) => value >= 1800 && value <= 2100 && value > (numbers[index - 1] ?? 0))
  return isYears || numbers.every((value, index) => value === (numbers[0] ?? 0) + index)
}

/** Programs number columns from 0 or 1. */
function startsLow(cells: readonly string[]): boolean {
  const [first] = cells.filter((cell) => /^\d+$/.test(cell))
  return cells.length > 2 && (first === '0' || first === '1')
}
