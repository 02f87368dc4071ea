/** Points that stations start with: two clouds drawn from a seed. */
import { Random } from '#engine/random.ts'
import { type Point, rounded } from '#renderer/parts/foundations/address.ts'

/**
 * Draws two clouds of points, class 0 below left and class 1 above right, their middles `apart` from each other.
 * Units: within 3 of 0 in both directions.
 */
export function cloudsOf(seed: number, count: number, apart: number): Point[] {
  const random = new Random(seed)
  const within = (value: number) => rounded(Math.min(2.9, Math.max(-2.9, value)))
  return Array.from({ length: count }, (_, index) => {
    const t = index % 2
    const middle = ((t === 1 ? 1 : -1) * apart) / 2 / Math.SQRT2
    return { x: within(middle + 0.7 * random.normal()), y: within(middle + 0.7 * random.normal()), t }
  })
}

/** The four corners of the unit square with the outputs of a gate, in the order 00, 01, 10, 11. */
export function gatePoints(outputs: readonly [number, number, number, number]): Point[] {
  return [
    { x: 0, y: 0, t: outputs[0] },
    { x: 0, y: 1, t: outputs[1] },
    { x: 1, y: 0, t: outputs[2] },
    { x: 1, y: 1, t: outputs[3] }
  ]
}

export const gates = { or: [0, 1, 1, 1], and: [0, 0, 0, 1], nand: [1, 1, 1, 0], xor: [0, 1, 1, 0] } as const
export type GateName = keyof typeof gates

/** XOR as Adalines have it: inputs of -1 and 1. */
export const signedXor: readonly Point[] = gatePoints(gates.xor).map(({ x, y, t }) => ({
  x: 2 * x - 1,
  y: 2 * y - 1,
  t
}))

/** Points for the units of the engine. */
export const tableOf = (points: readonly Point[], bipolar = false) => ({
  rows: points.map(({ x, y }) => [x, y]),
  targets: points.map(({ t }) => (bipolar && t === 0 ? -1 : t))
})
