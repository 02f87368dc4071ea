/** The small tables that historical units learn: rows of inputs and one target each. */

export interface UnitTable {
  readonly rows: readonly (readonly number[])[]
  readonly targets: readonly number[]
}

/**
 * Checks a table before training.
 * Errors: throws RangeError for no rows, rows of unlike length, a missing target, or a target that is none of `allowed`.
 */
export function expectTable({ rows, targets }: UnitTable, allowed: readonly [number, number]): void {
  const inputs = rows[0]?.length ?? 0
  if (inputs === 0) throw new RangeError('A unit learns from at least one row with one input.')
  if (targets.length !== rows.length) {
    throw new RangeError(`There are ${rows.length} rows, but ${targets.length} targets.`)
  }
  rows.forEach((row, index) => {
    if (row.length !== inputs || !row.every(Number.isFinite)) {
      throw new RangeError(`Row ${index + 1} must hold ${inputs} finite numbers, as row 1.`)
    }
    const target = targets[index] ?? NaN
    if (!allowed.includes(target)) {
      throw new RangeError(`The target of row ${index + 1} must be ${allowed.join(' or ')}; it is ${target}.`)
    }
  })
}

/** Pairs each row with its target. */
export function pairsOf({ rows, targets }: UnitTable): { x: readonly number[]; t: number }[] {
  return rows.map((x, index) => ({ x, t: targets[index] ?? NaN }))
}
