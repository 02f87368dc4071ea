/**
 * The Madaline with rule II: a layer of Adalines and an output Adaline that all learn, by minimal disturbance.
 * A wrong row first tries to turn one hidden Adaline over, then two, those closest to turning first; a trial that makes
 * the output right is made real. Only where none does, the output Adaline itself learns.
 */
import type { Random } from '#engine/random.ts'
import { adalineOutput } from '#engine/units/adaline.ts'
import { type LinearUnit, weightedSum } from '#engine/units/linear-unit.ts'
import { randomLayer, randomUnit, stuckHint, towards } from '#engine/units/madaline.ts'
import { trainUntilRight, type UnitOutcome } from '#engine/units/outcome.ts'
import { expectTable, type UnitTable } from '#engine/units/table.ts'

export interface LearnedMadaline {
  readonly hidden: readonly LinearUnit[]
  readonly output: LinearUnit
}

export interface RuleTwoSettings {
  /** How many hidden Adalines. */
  readonly units: number
  /** The share of the way to its wanted output that an Adaline goes in a step: above 0, at most 1. */
  readonly learningRate: number
  readonly epochs: number
  /** Draws the first weights. */
  readonly random: Random
}

/** The Madaline's output: 1 or -1. */
export function learnedMadalineOutput({ hidden, output }: LearnedMadaline, x: readonly number[]): 1 | -1 {
  return adalineOutput(
    output,
    hidden.map((unit) => adalineOutput(unit, x))
  )
}

/** Learns from one row. Source: Winter & Widrow 1988 (Madaline rule II), trials of one and of two Adalines. */
export function ruleTwoStep(madaline: LearnedMadaline, x: readonly number[], t: number, rate: number): LearnedMadaline {
  if (learnedMadalineOutput(madaline, x) === t) return madaline
  const { hidden, output } = madaline
  const signs = hidden.map((unit) => adalineOutput(unit, x))
  const turnedOver = (trial: readonly number[]) => signs.map((sign, index) => (trial.includes(index) ? -sign : sign))
  const accepted = trialsOf(hidden.map((unit) => Math.abs(weightedSum(unit, x)))).find(
    (trial) => adalineOutput(output, turnedOver(trial)) === t
  )
  if (!accepted) return { hidden, output: towards(output, signs, t, rate) }
  const wanted = turnedOver(accepted)
  return {
    hidden: hidden.map((unit, index) =>
      accepted.includes(index) ? towards(unit, x, wanted[index] ?? NaN, rate) : unit
    ),
    output
  }
}

/** Single Adalines, then pairs, each by how little they must move. */
function trialsOf(distances: readonly number[]): number[][] {
  const distanceOf = (trial: readonly number[]) => trial.reduce((sum, index) => sum + (distances[index] ?? NaN), 0)
  const byDistance = (a: readonly number[], b: readonly number[]) => distanceOf(a) - distanceOf(b)
  const singles = [...distances.keys()].map((index) => [index])
  const pairs = [...distances.keys()].flatMap((a) => [...distances.keys()].slice(a + 1).map((b) => [a, b]))
  return [...singles.sort(byDistance), ...pairs.sort(byDistance)]
}

/**
 * Trains a Madaline by rule II, row by row, until every row is right.
 * Units: targets are -1 and 1.
 * Errors: throws RangeError for a table that expectTable() refuses.
 */
export function trainRuleTwo(table: UnitTable, settings: RuleTwoSettings): UnitOutcome<LearnedMadaline> {
  expectTable(table, [-1, 1])
  const { units, learningRate, epochs, random } = settings
  const rule = {
    step: (before: LearnedMadaline, x: readonly number[], t: number) => ruleTwoStep(before, x, t, learningRate),
    output: learnedMadalineOutput
  }
  const hidden = randomLayer(units, table.rows[0]?.length ?? 0, random)
  const start: LearnedMadaline = { hidden, output: randomUnit(units, random) }
  return trainUntilRight(table, start, epochs, rule, () => stuckHint)
}
