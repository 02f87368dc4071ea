/** The McCulloch-Pitts station: a few units wired by hand, their truth table, and the gate that is wanted. */
import { fire } from '#engine/units/mcculloch-pitts.ts'
import { addressOf, choiceField, rowsField } from '#renderer/parts/foundations/address.ts'

export const gateNames = ['and', 'or', 'not', 'nand', 'xor'] as const
export type Gate = (typeof gateNames)[number]

const wanted: Record<Gate, (x1: number, x2: number) => number> = {
  and: (x1, x2) => x1 & x2,
  or: (x1, x2) => x1 | x2,
  not: (x1) => 1 - x1,
  nand: (x1, x2) => 1 - (x1 & x2),
  xor: (x1, x2) => x1 ^ x2
}

export const inputs = 2
export const mostUnits = 4
export const largest = { weight: 3, threshold: 4 } as const

/**
 * A unit as numbers: its threshold, then the weights of x1, x2 and of the units before it. The last unit is the output.
 */
export type Wiring = readonly (readonly number[])[]

const start: Wiring = [[1, 0, 0]]

const codec = addressOf({
  gate: choiceField(gateNames),
  units: rowsField(start, -largest.threshold, largest.threshold, {
    rows: mostUnits,
    length: 1 + inputs + mostUnits - 1
  }),
  x: choiceField(['00', '01', '10', '11'])
})

export interface TruthRow {
  readonly x: readonly [number, number]
  /** What each unit gives. */
  readonly fired: readonly number[]
  readonly output: number
  readonly wanted: number
}

const cases = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1]
] as const

/** Ways to wire the gates, one of many each. */
export const solutions: Record<Gate, Wiring> = {
  and: [[2, 1, 1]],
  or: [[1, 1, 1]],
  not: [[0, -1, 0]],
  nand: [[-1, -1, -1]],
  xor: [
    [1, 1, 1],
    [2, 1, 1, 0],
    [1, 0, 0, 1, -1]
  ]
}

/** Computes all units for one input: each sees the inputs and the units before it. */
export function outputsOf(units: Wiring, x: readonly [number, number]): number[] {
  const known: number[] = [...x]
  for (const [threshold = 0, ...weights] of units) known.push(fire({ weights, threshold }, known))
  return known.slice(inputs)
}

export class McCullochPittsModel {
  readonly problem: string | null
  #state = $state.raw(codec.read('').state)
  /** Numbers set by hand since the station was opened. */
  settings = $state(0)
  readonly table = $derived(
    cases.map((x): TruthRow => {
      const fired = outputsOf(this.#state.units, x)
      return { x, fired, output: fired.at(-1) ?? 0, wanted: wanted[this.#state.gate](x[0], x[1]) }
    })
  )
  readonly solved = $derived(this.table.every(({ output, wanted: target }) => output === target))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    // Each unit takes the inputs and all units before it, no more and no fewer.
    const fits = state.units.every((unit, index) => unit.length === 1 + inputs + index)
    this.#state = fits ? state : codec.read('').state
    this.problem = fits
      ? problem
      : 'In the address a unit has more or fewer weights than it has inputs. The station starts as usual.'
  }

  get gate(): Gate {
    return this.#state.gate
  }

  get units(): Wiring {
    return this.#state.units
  }

  /** The input that the figure shows. */
  get x(): readonly [number, number] {
    return cases[Number.parseInt(this.#state.x, 2)] ?? cases[0]
  }

  get address(): string {
    return codec.write(this.#state)
  }

  want(gate: Gate): void {
    this.#state = { ...this.#state, gate }
  }

  show(x: readonly number[]): void {
    this.#state = { ...this.#state, x: `${x[0] === 1 ? 1 : 0}${x[1] === 1 ? 1 : 0}` }
  }

  /** Sets a number of a unit: place 0 is its threshold, the others its weights. */
  setNumber(unit: number, place: number, value: number): void {
    const most = place === 0 ? largest.threshold : largest.weight
    const kept = Math.max(-most, Math.min(most, Math.round(value)))
    const units = this.units.map((one, at) => (at === unit ? one.map((n, index) => (index === place ? kept : n)) : one))
    this.#state = { ...this.#state, units }
    this.settings++
  }

  /** Puts one more unit before the output, or takes the last of these away. */
  setCount(count: number): void {
    const hidden = this.units.slice(0, -1)
    const output = this.units.at(-1) ?? []
    const kept = Array.from({ length: count - 1 }, (_, at) => hidden[at] ?? [1, ...Array<number>(inputs + at).fill(0)])
    const last = Array.from({ length: 1 + inputs + count - 1 }, (_, at) => output[at] ?? 0)
    this.#state = { ...this.#state, units: [...kept, last] }
  }

  solve(): void {
    this.#state = { ...this.#state, units: solutions[this.gate] }
  }

  reset(): void {
    this.#state = { ...codec.read('').state, gate: this.gate }
    this.settings = 0
  }
}
