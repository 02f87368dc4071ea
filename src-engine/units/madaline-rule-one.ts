/**
 * The Madaline with rule I: a layer of Adalines that learn, and an output that is fixed: OR, AND or majority.
 * Of the Adalines that would have to change for the output to be right, those closest to changing do.
 */
import type { Random } from '#engine/random.ts'
import { adalineOutput } from '#engine/units/adaline.ts'
import { type LinearUnit, weightedSum } from '#engine/units/linear-unit.ts'
import { randomLayer, stuckHint, towards } from '#engine/units/madaline.ts'
import { trainUntilRight, type UnitOutcome } from '#engine/units/outcome.ts'
import { expectTable, type UnitTable } from '#engine/units/table.ts'

export type FixedOutput = 'or' | 'and' | 'majority'

export interface FixedMadaline {
  readonly hidden: readonly LinearUnit[]
  readonly output: FixedOutput
}

export interface RuleOneSettings {
  /** How many Adalines; an odd number for majority. */
  readonly units: number
  readonly output: FixedOutput
  /** The share of the way to its wanted output that an Adaline goes in a step: above 0, at most 1. */
  readonly learningRate: number
  readonly epochs: number
  /** Draws the first weights. */
  readonly random: Random
}

/** Combines the outputs (-1 and 1) of the Adalines. */
export function combine(output: FixedOutput, signs: readonly number[]): 1 | -1 {
  const positive = signs.filter((sign) => sign > 0).length
  const needed = { or: 1, and: signs.length, majority: (signs.length + 1) / 2 }[output]
  return positive >= needed ? 1 : -1
}

/** The Madaline's output: 1 or -1. */
export function fixedMadalineOutput({ hidden, output }: FixedMadaline, x: readonly number[]): 1 | -1 {
  return combine(
    output,
    hidden.map((unit) => adalineOutput(unit, x))
  )
}

/**
 * Learns from one row: where the output is wrong, the fewest Adalines whose change would make it right are moved, those
 * with sums closest to 0 first.
 * Source: Widrow & Lehr 1990, Madaline rule I.
 */
export function ruleOneStep(madaline: FixedMadaline, x: readonly number[], t: number, rate: number): FixedMadaline {
  if (fixedMadalineOutput(madaline, x) === t) return madaline
  const sums = madaline.hidden.map((unit) => weightedSum(unit, x))
  const signs = madaline.hidden.map((unit) => adalineOutput(unit, x))
  const opposed = [...signs.keys()]
    .filter((index) => signs[index] !== t)
    .sort((a, b) => Math.abs(sums[a] ?? NaN) - Math.abs(sums[b] ?? NaN))
  const changed = new Set<number>()
  for (const index of opposed) {
    changed.add(index)
    const flipped = signs.map((sign, place) => (changed.has(place) ? t : sign))
    if (combine(madaline.output, flipped) === t) break
  }
  const hidden = madaline.hidden.map((unit, index) => (changed.has(index) ? towards(unit, x, t, rate) : unit))
  return { ...madaline, hidden }
}

/**
 * Trains a Madaline by rule I, row by row, until every row is right.
 * Units: targets are -1 and 1.
 * Errors: throws RangeError for a table that expectTable() refuses, and for an even number of voters.
 */
export function trainRuleOne(table: UnitTable, settings: RuleOneSettings): UnitOutcome<FixedMadaline> {
  expectTable(table, [-1, 1])
  const { units, output, learningRate, epochs, random } = settings
  if (output === 'majority' && units % 2 === 0) {
    throw new RangeError(`A majority needs an odd number of Adalines, or votes can tie; ${units} were asked for.`)
  }
  const rule = {
    step: (before: FixedMadaline, x: readonly number[], t: number) => ruleOneStep(before, x, t, learningRate),
    output: fixedMadalineOutput
  }
  const start: FixedMadaline = { hidden: randomLayer(units, table.rows[0]?.length ?? 0, random), output }
  return trainUntilRight(table, start, epochs, rule, () => stuckHint)
}
