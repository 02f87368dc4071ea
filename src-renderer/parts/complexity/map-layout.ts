/** The depth x width map: which cell holds what, and where networks of equal parameter count lie. Pure. */
import { parameterCount, type Topology } from '#engine/network/topology.ts'
import type { ComplexityPoint } from '#contract/selection.ts'
import { widthOf } from '#renderer/parts/complexity/families.ts'

export interface SizeMap {
  /** Numbers of hidden layers, from 1 up. */
  readonly depths: readonly number[]
  readonly widths: readonly number[]
  readonly cells: ReadonlyMap<string, ComplexityPoint>
  /** Points that are no cell: layers of different width, or none. */
  readonly others: readonly ComplexityPoint[]
}

export const cellKey = (depth: number, width: number) => `${depth} ${width}`

/** One row and column more than there are points, so that the map can grow at its edges. */
export function sizeMap(points: readonly ComplexityPoint[]): SizeMap {
  const even = points.filter((point) => point.depth > 0 && widthOf(point) !== null)
  const widths = new Set(even.flatMap((point) => widthOf(point) ?? []))
  const [least, most] = [Math.min(...widths, 64), Math.max(...widths, 1)]
  for (let width = 1; width <= 8192; width *= 2) {
    if (width >= least / 2 && width <= most * 2) widths.add(width)
  }
  const deepest = Math.max(0, ...even.map(({ depth }) => depth))
  return {
    depths: Array.from({ length: deepest + 1 }, (_, index) => index + 1),
    widths: [...widths].sort((a, b) => a - b),
    cells: new Map(even.map((point) => [cellKey(point.depth, widthOf(point) ?? 0), point])),
    others: points.filter((point) => !even.includes(point))
  }
}

/** A line through the map along which networks have the same number of parameters. */
export interface Contour {
  readonly parameters: number
  /** In cells: x counts columns, y rows, both to the middle of a cell. */
  readonly places: readonly { readonly x: number; readonly y: number }[]
}

/** Lines of equal parameter count at the powers of ten that cross the map. */
export function contours({ depths, widths }: SizeMap, network: Pick<Topology, 'inputs'>, outputs: number): Contour[] {
  const count = (depth: number, width: number) =>
    parameterCount({
      inputs: network.inputs,
      layers: [
        ...Array.from({ length: depth }, () => ({ units: width, activation: 'relu' as const })),
        { units: outputs, activation: 'linear' as const }
      ]
    })
  const powers = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7]
  return powers
    .map((parameters) => ({
      parameters,
      places: depths.flatMap((depth, y) => {
        const x = crossing(
          widths.map((width) => count(depth, width)),
          parameters
        )
        return x === null ? [] : [{ x, y }]
      })
    }))
    .filter(({ places }) => places.length > 1)
}

/** Where counts that grow pass a value, between two columns on a log scale; null where they do not. */
function crossing(counts: readonly number[], value: number): number | null {
  const after = counts.findIndex((count) => count >= value)
  const [high, low] = [counts[after], counts[after - 1]]
  if (high === undefined || low === undefined) return null
  return after - 1 + Math.log(value / low) / Math.log(high / low)
}

/** How a cell is tinted: 0 for the lowest error of the map, 1 for the highest, on a log scale where errors allow it. */
export function tintOf(error: number, errors: readonly number[]): number {
  const [least, most] = [Math.min(...errors), Math.max(...errors)]
  if (most <= least) return 0
  if (least <= 0) return (error - least) / (most - least)
  return Math.log(error / least) / Math.log(most / least)
}
