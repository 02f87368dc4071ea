/** A perceptron that learns update by update, with what can be said of its way: passes, mistakes, a cycle of its weights. */
import { type LinearUnit, zeroUnit } from '#engine/units/linear-unit.ts'
import { perceptronOutput, perceptronStep } from '#engine/units/perceptron.ts'
import type { UnitTable } from '#engine/units/table.ts'

export interface Update {
  readonly row: number
  readonly x: readonly number[]
  readonly t: number
  readonly y: number
  readonly before: LinearUnit
  readonly after: LinearUnit
}

/** Weights that came back: from there the same rows give the same updates for ever. */
export interface Cycle {
  /** Updates made when the weights were there first. */
  readonly from: number
  /** Updates until they are there again. */
  readonly length: number
  readonly units: readonly LinearUnit[]
}

/**
 * Inputs are whole thousandths, so weights that start at zero are whole multiples of a thousandth of the rate: counted in
 * these, they are compared exactly, whatever float64 made of them.
 */
const grain = 1000

export class PerceptronRun {
  readonly table: UnitTable
  readonly rate: number
  unit: LinearUnit
  updates = 0
  /** Passes that are over. */
  passes = 0
  /** Wrong rows at the end of each pass. */
  readonly wrongByPass: number[] = []
  last: Update | null = null
  learned = false
  cycle: Cycle | null = null
  #at = 0
  readonly #units: LinearUnit[]
  readonly #seen = new Map<string, number>()

  /** A table without rows is learned at once. */
  constructor(table: UnitTable, rate: number) {
    this.table = table
    this.rate = rate
    this.unit = zeroUnit(table.rows[0]?.length ?? 2)
    this.#units = [this.unit]
    this.learned = table.rows.length === 0
    this.#look()
  }

  get wrong(): number[] {
    const { rows, targets } = this.table
    return rows.flatMap((x, row) => (perceptronOutput(this.unit, x) === targets[row] ? [] : [row]))
  }

  /** Goes on to the next row that is wrong and learns from it; false where there is none, or the weights came back. */
  update(): boolean {
    const { rows, targets } = this.table
    for (let looked = 0; looked < rows.length; looked++) {
      const row = this.#at
      const [x = [], t = 0] = [rows[row], targets[row]]
      this.#at = (row + 1) % rows.length
      const y = perceptronOutput(this.unit, x)
      const before = this.unit
      if (y !== t) {
        this.unit = perceptronStep(before, x, t, this.rate)
        this.updates++
        this.last = { row, x, t, y, before, after: this.unit }
        if (!this.cycle) this.#units.push(this.unit)
      }
      const found = this.#at === 0 && this.#endPass()
      if (y !== t) {
        this.learned = this.wrong.length === 0
        return !this.learned && !found
      }
    }
    this.learned = true
    return false
  }

  #endPass(): boolean {
    this.passes++
    this.wrongByPass.push(this.wrong.length)
    return this.#look()
  }

  /** Tells whether the weights are, at the start of a pass, where they were before: found once. */
  #look(): boolean {
    if (this.cycle) return false
    const key = [...this.unit.weights, this.unit.bias].map((w) => Math.round((w / this.rate) * grain)).join(' ')
    const from = this.#seen.get(key)
    this.#seen.set(key, this.updates)
    if (from === undefined || from === this.updates) return false
    this.cycle = { from, length: this.updates - from, units: this.#units.slice(from, this.updates) }
    return true
  }
}
