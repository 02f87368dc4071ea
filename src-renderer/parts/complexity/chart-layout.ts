/** Where the lines, bands, dots and ticks of the complexity and the learning curve stand. Pure geometry; the component draws it. */
import type { ComplexityPoint } from '#contract/selection.ts'
import {
  type Axis,
  layAxis,
  markAll,
  niceRange,
  placer,
  roundValues,
  type Tick,
  tickRoom
} from '#renderer/charts/axis.ts'
import { type Area, areaOf, frameRoom } from '#renderer/charts/frame.ts'
import type { Family } from '#renderer/parts/complexity/families.ts'

export type Part = 'train' | 'validation'

export interface ChartSize {
  readonly width: number
  readonly height: number
  /** Room at the right for names of lines, where they need more than usual. */
  readonly right?: number
}

export interface ChartScales {
  readonly logX: boolean
  readonly logY: boolean
  /** How the marks of the axes are written. */
  readonly formatX?: (complexity: number) => string
  readonly formatY?: (error: number) => string
  /** What the x axis is marked with, where it is not round numbers. */
  readonly marks?: readonly number[]
}

type Spread = ComplexityPoint['train']

/** What a point needs to be drawn. */
export interface CurvePoint {
  readonly train: Spread
  readonly validation: Spread
  readonly trials: readonly { readonly train: number; readonly validation: number }[]
}

export interface FamilyPicture<Point extends CurvePoint = ComplexityPoint> {
  readonly family: Family<Point>
  readonly index: number
  readonly lines: Readonly<Record<Part, string>>
  readonly bands: Readonly<Record<Part, string>>
  readonly dots: Readonly<Record<Part, string>>
}

export interface PlacedPoint<Point extends CurvePoint = ComplexityPoint> {
  readonly point: Point
  readonly family: Family<Point>
  readonly x: number
  /** Of the median of the validation error. */
  readonly y: number
}

export interface ChartLayout<Point extends CurvePoint = ComplexityPoint> {
  readonly area: Area
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  readonly pictures: readonly FamilyPicture<Point>[]
  readonly points: readonly PlacedPoint<Point>[]
  /** Errors of 0 that a log scale can't show stand at its lower edge. */
  readonly hasZeros: boolean
  readonly xAt: (complexity: number) => number
  readonly yAt: (error: number) => number
}

/** Room at the right for names of lines, in pixels. */
const nameRoom = 72
/** Room between an error of 0 and the axis, so that what lies there is seen whole. */
const ground = 8

/** Lays out the lines of the chart; `complexityOf` is what the x axis counts, and `baselines` are errors that belong in the picture where they are near the others. */
export function layoutChart<Point extends CurvePoint>(
  families: readonly Family<Point>[],
  complexityOf: (point: Point) => number,
  scales: ChartScales,
  { width, height, right = nameRoom }: ChartSize,
  baselines: readonly number[]
): ChartLayout<Point> {
  const area = areaOf(width, height, { right, top: frameRoom.top + 2 })
  const all = families.flatMap(({ points }) => points)
  const complexities = all.map(complexityOf)
  const errors = all.flatMap(({ trials }) => trials.flatMap(({ train, validation }) => [train, validation]))
  const x = xAxis(complexities, scales, area)
  const y = yAxis(errors, baselines, scales, area)
  const pictures = families.map((family, index): FamilyPicture<Point> => {
    const columns = family.points.map((point) => ({ point, x: x.at(complexityOf(point)) }))
    const each = (draw: (part: Part) => string) => ({ train: draw('train'), validation: draw('validation') })
    return {
      family,
      index,
      lines: each((part) => polyline(columns.map(({ point, x: left }) => [left, y.at(point[part].median)]))),
      bands: each((part) => {
        const lower = columns.map(({ point, x: left }): Place => [left, y.at(point[part].q1)])
        const upper = columns.map(({ point, x: left }): Place => [left, y.at(point[part].q3)])
        return columns.length < 2 ? '' : `${polyline([...upper, ...lower.reverse()])}Z`
      }),
      dots: each((part) =>
        columns
          .flatMap(({ point, x: left }) => point.trials.map((trial) => `M${round(left)} ${round(y.at(trial[part]))}h0`))
          .join('')
      )
    }
  })
  return {
    area,
    xTicks: x.ticks,
    yTicks: y.ticks,
    pictures,
    points: families.flatMap((family) =>
      family.points.map((point) => ({
        point,
        family,
        x: x.at(complexityOf(point)),
        y: y.at(point.validation.median)
      }))
    ),
    hasZeros: scales.logY && errors.some((error) => error <= 0),
    xAt: x.at,
    yAt: y.at
  }
}

/** A stretch of a line between two neighbours, or past an end of it, that the pointer is near. */
export type Stretch =
  | {
      readonly kind: 'gap'
      readonly from: PlacedPoint
      readonly to: PlacedPoint
      readonly x: number
      readonly y: number
    }
  | {
      readonly kind: 'end'
      readonly end: PlacedPoint
      readonly direction: 'up' | 'down'
      readonly x: number
      readonly y: number
    }

/** How near, in pixels, the pointer must come to a line. */
const reach = 28

/** Finds the stretch under the pointer; null where no line is near. */
export function stretchAt(layout: ChartLayout, x: number, y: number): Stretch | null {
  const lines = [...Map.groupBy(layout.points, ({ family }) => family.key).values()]
  const found = lines.flatMap((points) => stretchesOf(points, x))
  const near = found
    .map((stretch) => ({ stretch, distance: Math.abs(stretch.y - y) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
  return near[0]?.stretch ?? null
}

function stretchesOf(points: readonly PlacedPoint[], x: number): Stretch[] {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || first.point.depth === 0) return []
  if (x > last.x) return [{ kind: 'end', end: last, direction: 'up', x, y: last.y }]
  if (x < first.x) return [{ kind: 'end', end: first, direction: 'down', x, y: first.y }]
  return points.slice(1).flatMap((to, index): Stretch[] => {
    const from = points[index]
    if (!from || x < from.x || x > to.x || to.x === from.x) return []
    return [{ kind: 'gap', from, to, x, y: from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x) }]
  })
}

type Place = readonly [x: number, y: number]

const round = (value: number) => Math.round(value * 10) / 10

function polyline(places: readonly Place[]): string {
  return places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('')
}

function xAxis(values: readonly number[], { logX, formatX, marks }: ChartScales, { left, right }: Area): Axis {
  const most = Math.max(...values, -Infinity)
  const least = Math.min(...values, Infinity)
  if (!Number.isFinite(least)) return { at: () => left, ticks: [], zero: null }
  const shared = { isWhole: values.every(Number.isInteger), ...(formatX && { format: formatX }) }
  const ends = [left + 14, right - 14] as const
  if (!logX) {
    const spec = { ...shared, minimum: Math.min(0, least), maximum: most > 0 ? most : 1 }
    const axis = layAxis(spec, ...ends, tickRoom.across)
    return marks ? { ...axis, ticks: markAll(marks, spec, axis.at) } : axis
  }
  // A count of 0 has no logarithm: it stands half a doubling below the least there is.
  const positive = values.filter((value) => value > 0)
  const lowest = positive.length > 0 ? Math.min(...positive) : 1
  // A single size stands in the middle, as both smaller and larger ones are still to be tried.
  const isSingle = least > 0 && most === least
  const floor = least <= 0 || isSingle ? lowest / 2 : lowest
  const maximum = isSingle || most <= floor ? 2 * lowest : most
  const spec = { ...shared, logarithmic: true, minimum: floor, maximum }
  const place = placer(...ends, spec)
  const at = (value: number) => place(value > 0 ? value : floor)
  const round = roundValues(spec, (right - left) / tickRoom.across)
  return {
    at,
    ticks: markAll(marks ?? (least <= 0 ? [0, ...round.filter((tick) => tick >= lowest)] : round), spec, at),
    zero: null
  }
}

function yAxis(
  errors: readonly number[],
  baselines: readonly number[],
  { logY, formatY }: ChartScales,
  { top, bottom }: Area
): Axis {
  const highest = Math.max(...errors, 0)
  const near = baselines.filter((error) => error <= 1.6 * highest)
  const most = Math.max(highest, ...near)
  const format = formatY && { format: formatY }
  const ends = [bottom - ground, top] as const
  if (!logY) {
    const count = Math.max(2, Math.min(6, Math.floor((bottom - top) / tickRoom.up)))
    const [minimum, maximum] = niceRange([0, most > 0 ? most : 1], count)
    return layAxis({ minimum, maximum, ...format }, ...ends, tickRoom.up)
  }
  const positive = errors.filter((error) => error > 0)
  const lowest = positive.length > 0 ? Math.min(...positive) : 0.1
  const floor = errors.some((error) => error <= 0) ? lowest / 2 : lowest
  const spec = { minimum: floor, maximum: most > floor ? most : floor * 10, logarithmic: true, ...format }
  const axis = layAxis(spec, ...ends, tickRoom.up)
  return { ...axis, at: (value) => axis.at(Math.max(floor, value)) }
}
