/** What a cell looks like by itself: a number, a date, a missing value, or a text. */
import { defaultMissing, numberMarks } from '#lab/datasets/import/columns/missing-marks.ts'
import { dateFormsOf } from '#lab/datasets/import/columns/date-forms.ts'
import { fits, parseNumber, readings } from '#lab/datasets/import/columns/number-parts.ts'
import { shapeOf } from '#lab/datasets/import/columns/shapes.ts'

export type CellKind = 'number' | 'date' | 'missing' | 'text'

const marks = new Set(defaultMissing)

export function kindOf(cell: string): CellKind {
  if (cell === '' || marks.has(cell) || numberMarks.has(shapeOf(cell).toLowerCase())) return 'missing'
  if (isNumber(cell)) return 'number'
  if (!/[0-9]/.test(cell)) return 'text'
  return dateFormsOf([{ text: shapeOf(cell), count: 1, example: cell }]).length > 0 ? 'date' : 'text'
}

/** Whether a cell is a number in some way of writing; units and currencies may stand around it. */
export function isNumber(cell: string): boolean {
  if (!/[0-9]/.test(cell)) return false
  const parts = parseNumber(cell)
  return parts !== null && readings.some((reading) => fits(parts.core, reading))
}

/** The kinds of the cells of one column. */
export interface ColumnKinds {
  readonly number: number
  readonly date: number
  readonly text: number
  /** Cells that are not missing. */
  readonly values: number
}

export function countKinds(cells: readonly string[]): ColumnKinds {
  const counts = { number: 0, date: 0, text: 0, missing: 0 }
  for (const cell of cells) counts[kindOf(cell)]++
  return { ...counts, values: counts.number + counts.date + counts.text }
}

/** The value that occurs most often, the first of equally frequent ones. */
export function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
