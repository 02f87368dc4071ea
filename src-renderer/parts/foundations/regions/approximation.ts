/** A curve made of n hidden units: their bends lie evenly, their output weights are those of least squares. Pure. */
import { scalarActivations } from '#engine/kernels/reference/activations.ts'
import { leastSquaresUnit } from '#engine/units/least-squares.ts'
import type { Point } from '#renderer/parts/foundations/address.ts'

export const bendNames = ['tanh', 'relu', 'threshold'] as const
export type BendName = (typeof bendNames)[number]
export const mostUnits = 24
export const range = [-3, 3] as const

/** Places at which a curve is given and met. */
export const places: readonly number[] = Array.from({ length: 121 }, (_, step) => range[0] + step / 20)

export const targets = {
  wave: { label: 'A wave', value: (x: number) => 1.4 * Math.sin(2 * x) },
  peak: { label: 'A peak', value: (x: number) => 2.4 * Math.exp(-3 * x * x) - 0.6 },
  corner: { label: 'A corner', value: (x: number) => Math.abs(x) - 1.5 },
  jump: { label: 'A jump', value: (x: number) => (x < 0.5 ? -1 : 1) }
} as const
export type TargetName = keyof typeof targets
export const targetNames = ['wave', 'peak', 'corner', 'jump', 'own'] as const

/** The broken line through points, level beyond them: a curve that was drawn. */
export function brokenLine(points: readonly Point[]): (x: number) => number {
  const sorted = points.toSorted((a, b) => a.x - b.x)
  return (x) => {
    const after = sorted.findIndex((point) => point.x >= x)
    const [left, right] = [sorted[after - 1], sorted[after]]
    if (!right) return sorted.at(-1)?.y ?? 0
    if (!left || right.x === left.x) return right.y
    return left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x)
  }
}

export interface HiddenUnit {
  /** Where it bends. */
  readonly at: number
  /** Its weight towards the output. */
  readonly weight: number
  readonly share: (x: number) => number
}

export interface Approximation {
  readonly units: readonly HiddenUnit[]
  readonly bias: number
  readonly slope: number
  readonly value: (x: number) => number
  /** Largest distance from the target at the places. */
  readonly error: number
}

/**
 * Puts n units of one kind evenly over the range and gives them the output weights of least squared error.
 * Source: Cybenko 1989 and Hornik, Stinchcombe & White 1989 say that enough units come as near as one likes.
 */
export function approximate(target: (x: number) => number, kind: BendName, n: number): Approximation {
  const gap = (range[1] - range[0]) / n
  // ReLUs bend at the left end of their piece; the others turn in its middle, as steep as the pieces are narrow.
  const slope = kind === 'tanh' ? 2 / gap : 1
  const bends = Array.from({ length: n }, (_, unit) => range[0] + gap * (unit + (kind === 'relu' ? 0 : 0.5)))
  const shape = scalarActivations[kind].value
  const outputs = (x: number) => bends.map((at) => shape(slope * (x - at)))
  const solved = leastSquaresUnit({ rows: places.map(outputs), targets: places.map(target) })
  const { weights, bias } = solved ?? { weights: bends.map(() => 0), bias: 0 }
  const units = bends.map((at, unit) => {
    const weight = weights[unit] ?? 0
    return { at, weight, share: (x: number) => weight * shape(slope * (x - at)) }
  })
  const value = (x: number) => units.reduce((sum, unit) => sum + unit.share(x), bias)
  return { units, bias, slope, value, error: Math.max(...places.map((x) => Math.abs(value(x) - target(x)))) }
}
