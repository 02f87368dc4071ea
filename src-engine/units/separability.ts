/** Whether a straight line (a plane) separates two classes: the limit of every unit with one weighted sum. */
import { moved, weightedSum, zeroUnit } from '#engine/units/linear-unit.ts'
import { passOver } from '#engine/units/outcome.ts'
import type { UnitTable } from '#engine/units/table.ts'

export type Separability = 'separable' | 'inseparable' | 'unknown'

/** Whole inputs up to this size keep every sum of the search exact in float64. */
const largestExactInput = 1000

/**
 * Decides whether a line separates the rows whose target is above 0 from the others, by the perceptron rule with step 1
 * from zero weights: it ends where there is a line (Novikoff 1962), and its weights stay bounded where there is none
 * (Block & Levin 1970). On whole numbers they then come back to some they had, and from there the same rows give the
 * same steps for ever, which proves that there is no line.
 * Errors: none; unknown where neither happens within `epochs`, or where inputs are not whole and no line was found.
 */
export function separabilityOf({ rows, targets }: UnitTable, epochs = 1000): Separability {
  const table = { rows, targets: targets.map((target) => (target > 0 ? 1 : -1)) }
  const isExact = rows.every((row) => row.every((x) => Number.isInteger(x) && Math.abs(x) <= largestExactInput))
  let unit = zeroUnit(rows[0]?.length ?? 0)
  const seen = new Set<string>()
  for (let epoch = 0; epoch < epochs; epoch++) {
    const key = [...unit.weights, unit.bias].join(' ')
    if (isExact && seen.has(key)) return 'inseparable'
    seen.add(key)
    const pass = passOver(table, unit, {
      step: (before, x, t) => (signOf(weightedSum(before, x)) === t ? before : moved(before, x, t)),
      output: (after, x) => signOf(weightedSum(after, x))
    })
    if (pass.wrong === 0) return 'separable'
    unit = pass.unit
  }
  return 'unknown'
}

function signOf(sum: number): 1 | -1 {
  return sum >= 0 ? 1 : -1
}
