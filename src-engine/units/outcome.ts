/** What the training of a historical unit comes to, and the run that most of them share: pass by pass until all is right. */
import { pairsOf, type UnitTable } from '#engine/units/table.ts'

export interface UnitOutcome<Unit> {
  /** The unit that was kept: the first with the fewest wrong rows at the end of an epoch; for an Adaline the last. */
  readonly unit: Unit
  /** Wrong rows at the end of each epoch. */
  readonly wrong: readonly number[]
  /** Whether `unit` has every row right. */
  readonly isLearned: boolean
  /** Why training ended, in words for a person. */
  readonly reason: string
}

/** A unit's own rule. */
export interface LearningRule<Unit> {
  readonly step: (unit: Unit, x: readonly number[], t: number) => Unit
  readonly output: (unit: Unit, x: readonly number[]) => number
}

/** Errors: throws RangeError for a run of no epochs. */
export function expectEpochs(epochs: number): void {
  if (!(epochs >= 1)) throw new RangeError(`A run takes at least 1 epoch; ${epochs} were asked for.`)
}

/** Does one pass over the rows, in order; returns the unit after it and how many rows it has wrong. */
export function passOver<Unit>(table: UnitTable, start: Unit, { step, output }: LearningRule<Unit>) {
  const pairs = pairsOf(table)
  const unit = pairs.reduce((before, { x, t }) => step(before, x, t), start)
  return { unit, wrong: pairs.filter(({ x, t }) => output(unit, x) !== t).length }
}

/**
 * Trains row by row, in order, until every row is right or the epochs are over.
 * `hint` says, after a run that was not enough, why or what to try.
 */
export function trainUntilRight<Unit>(
  table: UnitTable,
  start: Unit,
  epochs: number,
  rule: LearningRule<Unit>,
  hint: () => string
): UnitOutcome<Unit> {
  expectEpochs(epochs)
  const wrong: number[] = []
  let unit = start
  let best = start
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const pass = passOver(table, unit, rule)
    unit = pass.unit
    if (pass.wrong < Math.min(...wrong)) best = unit
    wrong.push(pass.wrong)
    if (pass.wrong === 0) {
      const reason = `Every row is right after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}.`
      return { unit, wrong, isLearned: true, reason }
    }
  }
  const reason = `Not learned in ${epochs} epochs; the best ended with ${wrongOf(Math.min(...wrong), table)}. ${hint()}`
  return { unit: best, wrong, isLearned: false, reason }
}

/** Says how many rows are wrong: `2 of 4 rows wrong`. */
export function wrongOf(wrong: number, table: UnitTable): string {
  return `${wrong} of ${table.rows.length} rows wrong`
}
