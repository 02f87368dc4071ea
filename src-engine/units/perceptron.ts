/**
 * Rosenblatt's perceptron: a step output, and a rule that moves the weights only where the output is wrong.
 * It finds a separating line wherever there is one (Novikoff 1962); where there is none, it never ends by itself.
 */
import { type LinearUnit, moved, weightedSum, zeroUnit } from '#engine/units/linear-unit.ts'
import { trainUntilRight, type UnitOutcome } from '#engine/units/outcome.ts'
import { separabilityOf } from '#engine/units/separability.ts'
import { expectTable, type UnitTable } from '#engine/units/table.ts'

export interface PerceptronSettings {
  /** The a of the rule. */
  readonly learningRate: number
  /** The most passes over the rows. */
  readonly epochs: number
  /** All weights 0 where it is left out. */
  readonly start?: LinearUnit
}

/** The perceptron's output: 1 where the weighted sum is at least 0, else 0. */
export function perceptronOutput(unit: LinearUnit, x: readonly number[]): 0 | 1 {
  return weightedSum(unit, x) >= 0 ? 1 : 0
}

/** Learns from one row: w <- w + a x (t - y), and the same for the bias with x = 1. Source: Rosenblatt 1958. */
export function perceptronStep(unit: LinearUnit, x: readonly number[], t: number, learningRate: number): LinearUnit {
  return moved(unit, x, learningRate * (t - perceptronOutput(unit, x)))
}

/**
 * Trains a perceptron row by row, in order, until every row is right.
 * Units: targets are 0 and 1.
 * Errors: throws RangeError for a table that expectTable() refuses. A run that does not learn is a result, with its reason.
 */
export function trainPerceptron(table: UnitTable, settings: PerceptronSettings): UnitOutcome<LinearUnit> {
  expectTable(table, [0, 1])
  const rule = {
    step: (unit: LinearUnit, x: readonly number[], t: number) => perceptronStep(unit, x, t, settings.learningRate),
    output: perceptronOutput
  }
  const start = settings.start ?? zeroUnit(table.rows[0]?.length ?? 0)
  return trainUntilRight(table, start, settings.epochs, rule, () => {
    switch (separabilityOf(table)) {
      case 'inseparable':
        return 'No straight line separates the classes, so no weights of a single unit can be right on every row.'
      case 'separable':
        return 'A straight line separates the classes, so more epochs will find one.'
      case 'unknown':
        return 'Either no straight line separates the classes, or more epochs are needed.'
    }
  })
}
