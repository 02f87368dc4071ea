/** Geometry of figures: scales both ways, the line of a unit cut to the plane, the side it fires on. Pure. */
import { contours } from 'd3-contour'

export type Domain = readonly [low: number, high: number]

/** What a figure hands to what is drawn in it. */
export interface PlaneScales {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  readonly xAt: (pixel: number) => number
  readonly yAt: (pixel: number) => number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

type Corner = readonly [x: number, y: number]

/** Cuts a rectangle to the half-plane w1 x + w2 y + b >= 0 (Sutherland & Hodgman 1974, one edge). */
export function halfPlane(w1: number, w2: number, bias: number, xs: Domain, ys: Domain): Corner[] {
  const corners: Corner[] = [
    [xs[0], ys[0]],
    [xs[1], ys[0]],
    [xs[1], ys[1]],
    [xs[0], ys[1]]
  ]
  return cut(corners, w1, w2, bias)
}

/** Cuts a convex polygon to the half-plane w1 x + w2 y + b >= 0. */
export function cut(corners: readonly Corner[], w1: number, w2: number, bias: number): Corner[] {
  const valueOf = ([x, y]: Corner) => w1 * x + w2 * y + bias
  return corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % corners.length] ?? corner
    const [here, there] = [valueOf(corner), valueOf(next)]
    const kept: Corner[] = here >= 0 ? [corner] : []
    if (here >= 0 !== there >= 0) {
      const share = here / (here - there)
      kept.push([corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])])
    }
    return kept
  })
}

/** The two ends of the line w1 x + w2 y + b = 0 within a rectangle; null where it does not cross it. */
export function lineEnds(w1: number, w2: number, bias: number, xs: Domain, ys: Domain): [Corner, Corner] | null {
  if (w1 === 0 && w2 === 0) return null
  const ends = halfPlane(w1, w2, bias, xs, ys).filter(
    ([x, y]) => Math.abs(w1 * x + w2 * y + bias) <= 1e-9 * (Math.abs(w1 * x) + Math.abs(w2 * y) + Math.abs(bias))
  )
  const [first, last] = [ends[0], ends.at(-1)]
  return first && last && first !== last ? [first, last] : null
}

/** The path of a polygon or a line in the pixels of a figure. */
export function pathOf(corners: readonly Corner[], { x, y }: Pick<PlaneScales, 'x' | 'y'>, closed = false): string {
  if (corners.length === 0) return ''
  const points = corners.map(([a, b], index) => `${index === 0 ? 'M' : 'L'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`)
  return points.join('') + (closed ? 'Z' : '')
}

/** Samples a function over a grid: row by row from the lowest y, both ends of the domains included. */
export function gridOf(value: (x: number, y: number) => number, xs: Domain, ys: Domain, size: number): number[] {
  const at = ([low, high]: Domain, step: number) => low + ((high - low) * step) / (size - 1)
  return Array.from({ length: size * size }, (_, place) =>
    value(at(xs, place % size), at(ys, Math.floor(place / size)))
  )
}

/** The paths of the regions where a sampled function is at least each of some levels. Shapes: values of gridOf(). */
export function contourPaths(
  values: readonly number[],
  size: number,
  levels: readonly number[],
  xs: Domain,
  ys: Domain,
  scales: Pick<PlaneScales, 'x' | 'y'>
): { readonly level: number; readonly path: string }[] {
  const at = ([low, high]: Domain, step: number) => low + ((high - low) * (step - 0.5)) / (size - 1)
  const finder = contours().size([size, size])
  return levels.map((level) => {
    const { coordinates } = finder.contour(values as number[], level)
    const rings = coordinates.flat()
    const path = rings
      .map((ring) =>
        pathOf(
          ring.map(([column = 0, row = 0]) => [at(xs, column), at(ys, row)] as const),
          scales,
          true
        )
      )
      .join('')
    return { level, path }
  })
}
