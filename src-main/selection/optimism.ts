/**
 * How much of a best validation error is luck: the more topologies are tried against one validation part,
 * the better the best of them looks, even if all are equal.
 */
import { mean } from '#lab/selection/statistics.ts'

/**
 * Simulates the optimism that trying `tried` equally good topologies explains, in standard errors of one.
 * Method: `rounds` times, draw one standard normal figure per topology, and keep the lowest; the optimism is how far the
 * mean of the lowest lies below 0. `normal` draws standard normal numbers, seeded by the caller.
 * Source: the winner's curse of selecting by validation; Cawley & Talbot 2010, JMLR 11.
 */
export function simulatedOptimism(tried: number, normal: () => number, rounds = 2000): number {
  if (tried < 2) return 0
  const lowest = Array.from({ length: rounds }, () => {
    let least = Number.POSITIVE_INFINITY
    for (let draw = 0; draw < tried; draw++) least = Math.min(least, normal())
    return least
  })
  return -mean(lowest)
}

/**
 * The noise of figures that are repeated over the same parts, once what all figures of a part share is taken away: what
 * one part is harder than another moves all of them alike, and says nothing of which is best.
 * Method: for each row the spread of its residuals in the two-way table without interaction, over the parts.
 * Shapes: a row a figure, a column a part; all rows of one length; returns one noise a row. Units: standard error of the
 * mean of a row; 0 for a single row or column.
 */
export function unsharedNoise(table: readonly (readonly number[])[]): number[] {
  const [first = []] = table
  const columns = first.length
  if (table.length < 2 || columns < 2) return table.map(() => 0)
  const columnMeans = first.map((_, column) => mean(table.map((row) => row[column] ?? NaN)))
  const centre = mean(columnMeans)
  const degrees = (columns - 1) * (1 - 1 / table.length)
  return table.map((row) => {
    const own = mean(row)
    const squares = row.map((value, at) => (value - own - (columnMeans[at] ?? NaN) + centre) ** 2)
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / degrees / columns)
  })
}
