/** A Madaline that learns row by row, by either of its rules. */
import { adalineOutput } from '#engine/units/adaline.ts'
import type { LinearUnit } from '#engine/units/linear-unit.ts'
import { type FixedMadaline, fixedMadalineOutput, ruleOneStep } from '#engine/units/madaline-rule-one.ts'
import { type LearnedMadaline, learnedMadalineOutput, ruleTwoStep } from '#engine/units/madaline-rule-two.ts'
import { randomLayer, randomUnit } from '#engine/units/madaline.ts'
import type { UnitTable } from '#engine/units/table.ts'
import { Random } from '#engine/random.ts'

/** Rule I with a fixed OR or AND behind the Adalines, and rule II with one more Adaline. */
export const madalineRules = ['or', 'and', 'two'] as const
export type MadalineRule = (typeof madalineRules)[number]

export interface MadalineSettings {
  readonly rule: MadalineRule
  readonly units: number
  readonly seed: number
}

const rate = 1

export class Madaline {
  steps = 0
  /** Rows that moved weights. */
  updates = 0
  learned: boolean
  readonly table: UnitTable
  #fixed: FixedMadaline | null
  #full: LearnedMadaline | null

  constructor(table: UnitTable, { rule, units, seed }: MadalineSettings) {
    this.table = table
    const random = new Random(seed)
    const hidden = randomLayer(units, table.rows[0]?.length ?? 0, random)
    this.#fixed = rule === 'two' ? null : { hidden, output: rule }
    this.#full = rule === 'two' ? { hidden, output: randomUnit(units, random) } : null
    this.learned = this.wrong.length === 0
  }

  get hidden(): readonly LinearUnit[] {
    return this.#fixed?.hidden ?? this.#full?.hidden ?? []
  }

  /** The output Adaline, where it learns too. */
  get outputUnit(): LinearUnit | null {
    return this.#full?.output ?? null
  }

  output(x: readonly number[]): 1 | -1 {
    if (this.#fixed) return fixedMadalineOutput(this.#fixed, x)
    return this.#full ? learnedMadalineOutput(this.#full, x) : -1
  }

  /** What each Adaline says, 1 or -1. */
  signs(x: readonly number[]): (1 | -1)[] {
    return this.hidden.map((unit) => adalineOutput(unit, x))
  }

  get wrong(): number[] {
    const { rows, targets } = this.table
    return rows.flatMap((x, row) => (this.output(x) === targets[row] ? [] : [row]))
  }

  /** Learns from the next row; false where all are right. */
  step(): boolean {
    if (this.learned) return false
    const { rows, targets } = this.table
    const row = this.steps % rows.length
    const [x = [], t = 0] = [rows[row], targets[row]]
    if (this.output(x) !== t) this.updates++
    if (this.#fixed) this.#fixed = ruleOneStep(this.#fixed, x, t, rate)
    if (this.#full) this.#full = ruleTwoStep(this.#full, x, t, rate)
    this.steps++
    this.learned = this.wrong.length === 0
    return !this.learned
  }
}
