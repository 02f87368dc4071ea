/**
 * How far the classes of a table are apart, as the perceptron sees it: the margin of the best line, and with it the most
 * updates that the rule can take. The bias counts as the weight of an input that is always 1.
 */
import { pairsOf, type UnitTable } from '#engine/units/table.ts'

export interface Margin {
  /** The least distance of a row from the line found, all weights together of length 1; at most 1e-3 of itself too small. */
  readonly margin: number
  /** The length of the longest row, its 1 for the bias included. */
  readonly radius: number
  /** (radius / margin)^2: a perceptron that starts at zero weights makes no more updates. Source: Novikoff 1962. */
  readonly mostUpdates: number
}

const precision = 1e-3

/**
 * Finds the margin between the rows whose target is above 0 and the others, or null where no line was found in `steps`:
 * there is none, or the margin is too small to be told.
 * The best line's weights point to that place of the convex hull of the rows (negated where the target is not above 0)
 * which lies nearest to 0. The place is a mean of rows; each step hands share from the row that is most right to the one
 * that is least right.
 * Source: Mitchell, Dem'yanov & Malozemov 1974 (the nearest point of a convex hull); Novikoff 1962 (the bound).
 */
export function marginOf(table: UnitTable, steps = 5000): Margin | null {
  const rows = pairsOf(table).map(({ x, t }) => [...x, 1].map((value) => (t > 0 ? value : -value)))
  const radius = Math.sqrt(Math.max(...rows.map((row) => dot(row, row))))
  const shares: number[] = rows.map((_, index) => (index === 0 ? 1 : 0))
  let nearest = rows[0] ?? []
  for (let step = 0; step < steps; step++) {
    const length = Math.sqrt(dot(nearest, nearest))
    if (!(length > 1e-9 * radius)) return null
    const products = rows.map((row) => dot(nearest, row))
    const least = products.indexOf(Math.min(...products))
    const most = products.reduce(
      (best, value, index) => {
        return (shares[index] ?? 0) > 0 && value > (products[best] ?? -Infinity) ? index : best
      },
      shares.findIndex((share) => share > 0)
    )
    const margin = (products[least] ?? NaN) / length
    // The margin of every line is at most `length`, that of this one is `margin`.
    const isClose = margin >= (1 - precision) * length || (margin > 0 && step === steps - 1)
    if (isClose) return { margin, radius, mostUpdates: (radius / margin) ** 2 }
    const from = rows[most] ?? []
    const way = (rows[least] ?? []).map((value, index) => value - (from[index] ?? 0))
    const share = Math.min(shares[most] ?? 0, -dot(nearest, way) / dot(way, way))
    shares[most] = (shares[most] ?? 0) - share
    shares[least] = (shares[least] ?? 0) + share
    nearest = nearest.map((value, index) => value + share * (way[index] ?? 0))
  }
  return null
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}
