/** Lines on a surface: where one class gives way to another, and where a number has a round value. Pure. */
import { extent, ticks } from 'd3-array'
import { contours } from 'd3-contour'

/** A line in steps of the grid: [x, y], from the middle of the first step. */
export type Line = readonly (readonly [number, number])[]

export interface ValueLine {
  readonly value: number
  readonly lines: readonly Line[]
}

/**
 * Finds the borders of the classes' regions.
 * Shapes: values (rows, columns, classes) row-major.
 */
export function classBorders(values: Float32Array, classes: number, columns: number, rows: number): Line[] {
  // Of two classes the one's border is the other's.
  const looked = classes === 2 ? [0] : Array.from({ length: classes }, (_, index) => index)
  return looked.flatMap((index) => {
    const lead = Array.from({ length: columns * rows }, (_, place) => {
      let other = -Infinity
      for (let rival = 0; rival < classes; rival++) {
        if (rival !== index) other = Math.max(other, values[place * classes + rival] ?? 0)
      }
      return (values[place * classes + index] ?? 0) - other
    })
    return linesAt(lead, columns, rows, 0)
  })
}

/** Finds about `count` lines of equal value, at round values. Shapes: values (rows, columns) row-major. */
export function valueLines(values: Float32Array, columns: number, rows: number, count: number): ValueLine[] {
  const [low = 0, high = 0] = extent(values)
  if (!(high > low)) return []
  return ticks(low, high, count).map((value) => ({ value, lines: linesAt([...values], columns, rows, value) }))
}

function linesAt(values: number[], columns: number, rows: number, value: number): Line[] {
  const { coordinates } = contours().size([columns, rows]).contour(values, value)
  return coordinates.flatMap((polygon) =>
    polygon.map((ring) => ring.map(([x = 0, y = 0]) => [x - 0.5, y - 0.5] as const))
  )
}
