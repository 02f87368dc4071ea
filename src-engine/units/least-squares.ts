/** The weights of least squared error of a linear unit: what an Adaline goes to. */
import type { LinearUnit } from '#engine/units/linear-unit.ts'
import type { UnitTable } from '#engine/units/table.ts'

/**
 * Solves the normal equations of the rows, the bias as the weight of an input that is always 1; null where they have no
 * single solution, as with fewer rows than weights.
 * Source: Bishop & Bishop 2024, 4.1.3; by elimination with the largest pivot.
 */
export function leastSquaresUnit({ rows, targets }: UnitTable): LinearUnit | null {
  const inputs = rows.map((row) => [...row, 1])
  const size = (rows[0]?.length ?? 0) + 1
  const sum = (value: (row: readonly number[], index: number) => number) =>
    inputs.reduce((total, row, index) => total + value(row, index), 0)
  const system = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => sum((row) => (row[i] ?? 0) * (row[j] ?? 0))),
    sum((row, index) => (row[i] ?? 0) * (targets[index] ?? 0))
  ])
  const largest = Math.max(...system.flat().map(Math.abs))
  for (let column = 0; column < size; column++) {
    const below = system.slice(column)
    const pivot = below.reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best))
    const head = pivot[column] ?? 0
    if (!(Math.abs(head) > 1e-12 * largest)) return null
    system.splice(system.indexOf(pivot), 1)
    system.splice(column, 0, pivot)
    system.forEach((row, index) => {
      if (index === column) return
      const share = (row[column] ?? 0) / head
      row.forEach((value, at) => (row[at] = value - share * (pivot[at] ?? 0)))
    })
  }
  const solution = system.map((row, index) => (row[size] ?? 0) / (row[index] ?? NaN))
  return { weights: solution.slice(0, -1), bias: solution.at(-1) ?? 0 }
}
