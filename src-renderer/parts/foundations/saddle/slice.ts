/** A measured slice through a run's loss as a landscape that one descends on: smooth between its places. Pure. */
import type { LossSlice } from '#contract/loss-slice.ts'
import type { Landscape } from '#renderer/parts/foundations/saddle/functions.ts'

export interface SliceLandscape extends Landscape {
  /** The lowest of the places that were measured. */
  readonly lowest: readonly [number, number]
}

/** Of the median length of the gradient: where it is shorter, the ground counts as flat. */
const flatShare = 0.02
/** Steps that a walk of the usual rate needs from side to side, where the ground is as steep as mostly. */
const walk = 60
const levelCount = 14

/** Makes a landscape of a slice. Shapes: losses (size, size), the first direction running fastest. */
export function landscapeOf(slice: LossSlice): SliceLandscape {
  const { size, span } = slice
  const finite = slice.losses.filter((loss) => Number.isFinite(loss)).toSorted()
  const [least, most] = [finite[0] ?? 0, finite.at(-1) ?? 1]
  // Where the loss is no number any more, it is at least as bad as anywhere else.
  const losses = slice.losses.map((loss) => (Number.isFinite(loss) ? loss : most))
  const cell = (2 * span) / (size - 1)
  const surface = { losses, size, span, cell }
  const gradient = (x: number, y: number) => gradientAt(surface, x, y)
  const lengths = Array.from(losses, (_, place) =>
    Math.hypot(...gradient((place % size) * cell - span, Math.floor(place / size) * cell - span))
  ).sort((a, b) => a - b)
  const steepness = lengths[Math.floor(lengths.length / 2)] || 1
  const lowest = losses.indexOf(least)
  // Half of the plane lies below the upper levels, so that a steep rim does not take all of them.
  const top = Math.max(finite[Math.floor(finite.length * 0.9)] ?? most, least + 1e-6)
  const h = cell / 2
  return {
    label: 'Loss of a run',
    tex: 'L(\\theta^* + x_1 d_1 + x_2 d_2)',
    value: (x, y) => valueAt(surface, x, y),
    gradient,
    curvature: (x, y) => {
      const [right, left] = [gradient(x + h, y), gradient(x - h, y)]
      const [up, down] = [gradient(x, y + h), gradient(x, y - h)]
      const mixed = (up[0] - down[0] + right[1] - left[1]) / (4 * h)
      return [(right[0] - left[0]) / (2 * h), mixed, (up[1] - down[1]) / (2 * h)]
    },
    domain: [-span, span],
    levels: Array.from(
      { length: levelCount },
      (_, level) => least + (top - least) * ((level + 0.35) / levelCount) ** 2
    ),
    rate: (2 * span) / walk / steepness,
    flat: flatShare * steepness,
    start: slice.way.length > 0 ? [1, 0] : [0.8 * span, 0.8 * span],
    surface: [least, top],
    lowest: [(lowest % size) * cell - span, Math.floor(lowest / size) * cell - span]
  }
}

interface Measured {
  readonly losses: Float32Array
  readonly size: number
  readonly span: number
  readonly cell: number
}

/** The four weights of a cubic through four places by Catmull and Rom (1974), and those of its slope. */
function cubic(t: number): { readonly values: readonly number[]; readonly slopes: readonly number[] } {
  return {
    values: [
      (-t + 2 * t * t - t ** 3) / 2,
      (2 - 5 * t * t + 3 * t ** 3) / 2,
      (t + 4 * t * t - 3 * t ** 3) / 2,
      (-t * t + t ** 3) / 2
    ],
    slopes: [
      (-1 + 4 * t - 3 * t * t) / 2,
      (-10 * t + 9 * t * t) / 2,
      (1 + 8 * t - 9 * t * t) / 2,
      (-2 * t + 3 * t * t) / 2
    ]
  }
}

/** Sums the sixteen places around; beyond the edge the ground goes on as it is at the edge. */
function blend({ losses, size, span, cell }: Measured, x: number, y: number, of: 'values' | 'x' | 'y'): number {
  const place = (value: number) => {
    const at = Math.min(size - 1, Math.max(0, (value + span) / cell))
    const first = Math.min(size - 2, Math.floor(at))
    return { first, ...cubic(at - first) }
  }
  const [across, up] = [place(x), place(y)]
  const [byX, byY] = [of === 'x' ? across.slopes : across.values, of === 'y' ? up.slopes : up.values]
  const inside = (index: number) => Math.min(size - 1, Math.max(0, index))
  let sum = 0
  for (let row = 0; row < 4; row++) {
    const from = inside(up.first + row - 1) * size
    for (let column = 0; column < 4; column++) {
      sum += (byX[column] ?? 0) * (byY[row] ?? 0) * (losses[from + inside(across.first + column - 1)] ?? 0)
    }
  }
  return of === 'values' ? sum : sum / cell
}

function valueAt(measured: Measured, x: number, y: number): number {
  return blend(measured, x, y, 'values')
}

function gradientAt(measured: Measured, x: number, y: number): readonly [number, number] {
  return [blend(measured, x, y, 'x'), blend(measured, x, y, 'y')]
}
