/**
 * The Adaline (adaptive linear element): learns on its linear output, before the sign is taken, so that it goes on to the
 * least squared error instead of stopping at the first line that separates.
 */
import { type LinearUnit, moved, weightedSum, zeroUnit } from '#engine/units/linear-unit.ts'
import { expectEpochs, passOver, type UnitOutcome, wrongOf } from '#engine/units/outcome.ts'
import { separabilityOf } from '#engine/units/separability.ts'
import { expectTable, pairsOf, type UnitTable } from '#engine/units/table.ts'

export interface AdalineSettings {
  readonly learningRate: number
  /** The most passes over the rows. */
  readonly epochs: number
  /** Training has settled when no weight moves more than this over an epoch. */
  readonly tolerance: number
  /** All weights 0 where it is left out. */
  readonly start?: LinearUnit
}

export interface AdalineOutcome extends UnitOutcome<LinearUnit> {
  /** The mean of (t - z)^2 at the end of each epoch. */
  readonly squaredErrors: readonly number[]
}

/** The Adaline's output: 1 where the weighted sum is at least 0, else -1. */
export function adalineOutput(unit: LinearUnit, x: readonly number[]): 1 | -1 {
  return weightedSum(unit, x) >= 0 ? 1 : -1
}

/** Learns from one row by least mean squares: w <- w + a (t - z) x, z the linear output. Source: Widrow & Hoff 1960. */
export function adalineStep(unit: LinearUnit, x: readonly number[], t: number, learningRate: number): LinearUnit {
  return moved(unit, x, learningRate * (t - weightedSum(unit, x)))
}

/**
 * Trains an Adaline row by row, in order, until its weights settle.
 * Units: targets are -1 and 1.
 * Errors: throws RangeError for a table that expectTable() refuses. Weights that do not settle, grow without bound or
 * leave rows wrong are a result, with its reason.
 */
export function trainAdaline(table: UnitTable, settings: AdalineSettings): AdalineOutcome {
  expectTable(table, [-1, 1])
  expectEpochs(settings.epochs)
  const pairs = pairsOf(table)
  const rule = {
    step: (unit: LinearUnit, x: readonly number[], t: number) => adalineStep(unit, x, t, settings.learningRate),
    output: adalineOutput
  }
  let unit = settings.start ?? zeroUnit(table.rows[0]?.length ?? 0)
  const wrong: number[] = []
  const squaredErrors: number[] = []
  let isSettled = false
  while (wrong.length < settings.epochs && !isSettled) {
    const pass = passOver(table, unit, rule)
    const squared = pairs.map(({ x, t }) => (t - weightedSum(pass.unit, x)) ** 2)
    const error = squared.reduce((sum, value) => sum + value, 0) / pairs.length
    if (!Number.isFinite(error)) {
      const reason = `The weights grow without bound at learning rate ${settings.learningRate}; take a smaller one.`
      return { unit, wrong, squaredErrors, isLearned: false, reason }
    }
    isSettled = largestMove(unit, pass.unit) <= settings.tolerance
    unit = pass.unit
    wrong.push(pass.wrong)
    squaredErrors.push(error)
  }
  const isLearned = wrong.at(-1) === 0
  const end = isSettled ? `settled after ${wrong.length} epochs` : `not settled in ${wrong.length} epochs`
  const error = (squaredErrors.at(-1) ?? NaN).toPrecision(3)
  const rows = isLearned ? 'with every row right' : `with ${wrongOf(wrong.at(-1) ?? NaN, table)}`
  const reason = `The weights have ${end}, at a mean squared error of ${error} and ${rows}.`
  return { unit, wrong, squaredErrors, isLearned, reason: isLearned ? reason : `${reason} ${hint(table)}`.trimEnd() }
}

/** Why an Adaline leaves rows wrong, where that can be told. */
function hint(table: UnitTable): string {
  switch (separabilityOf(table)) {
    case 'inseparable':
      return 'No straight line separates the classes, so no weights of a single unit can be right on every row.'
    case 'separable':
      return 'A straight line separates the classes, but least squares need not find one.'
    case 'unknown':
      return ''
  }
}

function largestMove(before: LinearUnit, after: LinearUnit): number {
  const moves = after.weights.map((weight, index) => Math.abs(weight - (before.weights[index] ?? NaN)))
  return Math.max(...moves, Math.abs(after.bias - before.bias))
}
