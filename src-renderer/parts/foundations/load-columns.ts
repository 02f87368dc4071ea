/** Points for a figure out of the columns of a table: standardised, so that every figure has them in sight. Pure. */
import type { Dataset } from '#contract/datasets.ts'
import { type Point, rounded } from '#renderer/parts/foundations/address.ts'

/** As many rows as a figure takes, and the lab gives at once. */
export const mostRows = 200

export interface ColumnChoice {
  readonly x: string
  readonly y: string
  /** Of `group` the rows with its value in this column are class 1; null where y is what is wanted of x. */
  readonly classColumn: string | null
  readonly classValue: string
}

export interface Preview {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** The columns that can lie along an axis, and those with the classes that can be taken apart. */
export function columnsFor(dataset: Pick<Dataset, 'columns'>, preview: Preview) {
  const numeric = dataset.columns.filter(({ type }) => type === 'numeric').map(({ name }) => name)
  const classes = dataset.columns
    .filter(({ type }) => type === 'categorical' || type === 'numeric')
    .map(({ name }) => ({ name, values: valuesOf(preview, name) }))
    .filter(({ values }) => values.length >= 2 && values.length <= 12)
  return { numeric, classes }
}

function valuesOf({ columns, rows }: Preview, name: string): string[] {
  const at = columns.indexOf(name)
  return [...new Set(rows.flatMap((row) => row[at] ?? []))].sort()
}

/**
 * Makes points of the rows that have all values: x and y in standard deviations from their means, within 3 of it.
 * Units: t is 1 for the class that was chosen, else 0.
 */
export function pointsOf(preview: Preview, choice: ColumnChoice): Point[] {
  const place = (name: string) => preview.columns.indexOf(name)
  const [atX, atY] = [place(choice.x), place(choice.y)]
  const atClass = choice.classColumn === null ? -1 : place(choice.classColumn)
  const known = preview.rows.flatMap((row) => {
    const [x, y, group] = [row[atX], row[atY], atClass < 0 ? '' : row[atClass]]
    if (typeof x !== 'string' || typeof y !== 'string' || typeof group !== 'string') return []
    const [a, b] = [Number(x), Number(y)]
    return Number.isFinite(a) && Number.isFinite(b) ? [{ x: a, y: b, t: group === choice.classValue ? 1 : 0 }] : []
  })
  const scaled = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return values.map((value) => rounded(Math.min(2.95, Math.max(-2.95, (value - mean) / (deviation || 1)))))
  }
  const [xs, ys] = [scaled(known.map(({ x }) => x)), scaled(known.map(({ y }) => y))]
  return known.slice(0, mostRows).map(({ t }, index) => ({ x: xs[index] ?? 0, y: ys[index] ?? 0, t }))
}
