/** What the frame of a small chart hands to what is drawn in it, and takes as its table. */
import { toCsv } from '#renderer/pure/csv.ts'

export interface PlotScales {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  /** The area inside the axes, in the units of the picture. */
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The figures behind a chart, for reading and for saving. */
export interface PlotTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Writes a table as CSV. */
export const tableToCsv = ({ columns, rows }: PlotTable): string => toCsv([columns, ...rows])

/** Joins points to the path of a line. */
export function linePath(xs: readonly number[], ys: readonly number[], { x, y }: PlotScales): string {
  return xs.map((value, at) => `${at === 0 ? 'M' : 'L'}${x(value).toFixed(1)} ${y(ys[at] ?? 0).toFixed(1)}`).join('')
}
