/** Regions of the plane as unions of convex parts, and the threshold network that says where a point lies. Pure. */
import { MultilayerPerceptron } from '#engine/graph/multilayer-perceptron.ts'
import type { Point } from '#renderer/parts/foundations/address.ts'

export type Corner = readonly [x: number, y: number]

/** A unit that fires where w1 x + w2 y + b >= 0. Units: (w1, w2) has length 1, so the sum is the distance from its line. */
export interface Half {
  readonly w1: number
  readonly w2: number
  readonly bias: number
}

/** A convex part: its corners counterclockwise, and the half-plane at the inner side of each edge. */
export interface Part {
  readonly corners: readonly Corner[]
  readonly halves: readonly Half[]
}

export const partNames = [0, 1, 2] as const

/** The convex hull, counterclockwise, without corners on its edges. Source: Andrew 1979, the monotone chain. */
export function hullOf(points: readonly Corner[]): Corner[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const turn = (a: Corner, b: Corner, c: Corner) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
  const chain = (ordered: readonly Corner[]) => {
    const kept: Corner[] = []
    for (const corner of ordered) {
      for (;;) {
        const [before, last] = [kept.at(-2), kept.at(-1)]
        if (!before || !last || turn(before, last, corner) > 1e-9) break
        kept.pop()
      }
      kept.push(corner)
    }
    return kept.slice(0, -1)
  }
  return sorted.length < 3 ? [] : [...chain(sorted), ...chain(sorted.toReversed())]
}

/** The parts that corners make, by their mark t; those with fewer than three corners off one line make none. */
export function partsOf(corners: readonly Point[]): Part[] {
  return partNames.flatMap((t) => {
    const hull = hullOf(corners.filter((corner) => corner.t === t).map(({ x, y }) => [x, y] as const))
    return hull.length < 3 ? [] : [{ corners: hull, halves: halvesOf(hull) }]
  })
}

function halvesOf(corners: readonly Corner[]): Half[] {
  return corners.map(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y]
    const length = Math.hypot(nextX - x, nextY - y)
    // To the left of an edge that goes counterclockwise is the inside.
    const [w1, w2] = [-(nextY - y) / length, (nextX - x) / length]
    return { w1, w2, bias: -(w1 * x + w2 * y) }
  })
}

/** Whether a point lies in one of the parts, its edge included. */
export function isInside(parts: readonly Part[], x: number, y: number): boolean {
  return parts.some(({ halves }) => halves.every(({ w1, w2, bias }) => w1 * x + w2 * y + bias >= 0))
}

/** Units of each hidden layer: lines, and behind them a unit for each part where there are several. */
export function hiddenOf(parts: readonly Part[]): number[] {
  const lines = parts.reduce((sum, { halves }) => sum + halves.length, 0)
  return parts.length === 1 ? [lines] : [lines, parts.length]
}

/**
 * Builds the network of threshold units that fires in the region: a unit for each line, an AND of the lines of each part,
 * an OR of the parts. No learning: its weights are read off the drawing.
 * Source: Lippmann 1987, figure 14, on what one and two hidden layers can fence in.
 */
export function regionNetwork(parts: readonly Part[]): MultilayerPerceptron {
  const halves = parts.flatMap((part) => part.halves)
  const first = [...halves.flatMap(({ w1, w2 }) => [w1, w2]), ...halves.map(({ bias }) => bias)]
  const ands = parts.map((part, place) => ({
    weights: parts.flatMap((other, at) => other.halves.map(() => (at === place ? 1 : 0))),
    // All of its lines, and not all but one.
    bias: 0.5 - part.halves.length
  }))
  const second = [...ands.flatMap(({ weights }) => weights), ...ands.map(({ bias }) => bias)]
  const or = parts.length === 1 ? [] : [...parts.map(() => 1), -0.5]
  const units = [...hiddenOf(parts), 1].map((count) => ({ units: count, activation: 'threshold' as const }))
  return new MultilayerPerceptron({ inputs: 2, layers: units }, [...first, ...second, ...or])
}
