/** The logic gates that the historical units learn, as tables of 0 and 1 or of -1 and 1. */
import type { UnitTable } from '#engine/units/table.ts'

const rows = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1]
]

const targets = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], NAND: [1, 1, 1, 0], XOR: [0, 1, 1, 0] }

export type Gate = keyof typeof targets
export const linearGates = ['AND', 'OR', 'NAND'] as const

/** Inputs and targets 0 and 1. */
export function binaryGate(gate: Gate): UnitTable {
  return { rows, targets: targets[gate] }
}

/** Inputs and targets -1 and 1. */
export function bipolarGate(gate: Gate): UnitTable {
  const bipolar = (value: number) => 2 * value - 1
  return { rows: rows.map((row) => row.map(bipolar)), targets: targets[gate].map(bipolar) }
}
