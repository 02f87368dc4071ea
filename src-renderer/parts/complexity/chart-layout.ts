/** Where the lines, bands, dots and ticks of the complexity and the learning curve stand. Pure geometry; the component draws it. */
import { scaleLinear, scaleLog } from 'd3-scale'
import type { ComplexityPoint } from '#contract/selection.ts'
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
}

export interface Tick {
  readonly at: number
  readonly value: number
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

interface ChartArea {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface ChartLayout<Point extends CurvePoint = ComplexityPoint> {
  readonly area: ChartArea
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  readonly pictures: readonly FamilyPicture<Point>[]
  readonly points: readonly PlacedPoint<Point>[]
  /** Errors of 0 that a log scale can't show stand at its lower edge. */
  readonly hasZeros: boolean
  readonly xAt: (complexity: number) => number
  readonly yAt: (error: number) => number
}

const margins = { left: 56, right: 72, top: 26, bottom: 40 }
/** Height that a mark of the error axis needs, in pixels. */
const tickRoom = 22
/** Width that a mark of the complexity axis needs, in pixels. */
const markRoom = 48
/** Room between an error of 0 and the axis, so that what lies there is seen whole. */
const ground = 8

/** Lays out the lines of the chart; `complexityOf` is what the x axis counts, and `baselines` are errors that belong in the picture where they are near the others. */
export function layoutChart<Point extends CurvePoint>(
  families: readonly Family<Point>[],
  complexityOf: (point: Point) => number,
  { logX, logY }: ChartScales,
  { width, height, right = margins.right }: ChartSize,
  baselines: readonly number[]
): ChartLayout<Point> {
  const area = {
    left: margins.left,
    right: Math.max(margins.left + 40, width - right),
    top: margins.top,
    bottom: Math.max(margins.top + 40, height - margins.bottom)
  }
  const all = families.flatMap(({ points }) => points)
  const complexities = all.map(complexityOf)
  const errors = all.flatMap(({ trials }) => trials.flatMap(({ train, validation }) => [train, validation]))
  const x = xScale(complexities, logX, area)
  const y = yScale(errors, baselines, logY, area)
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
    hasZeros: logY && errors.some((error) => error <= 0),
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

interface PlacedScale {
  readonly at: (value: number) => number
  readonly ticks: readonly Tick[]
}

function xScale(values: readonly number[], isLog: boolean, { left, right }: ChartArea): PlacedScale {
  const most = Math.max(...values, -Infinity)
  const least = Math.min(...values, Infinity)
  const range = [left + 14, right - 14]
  if (!Number.isFinite(least)) return { at: () => left, ticks: [] }
  // Counts have no marks between them.
  const isWhole = values.every(Number.isInteger)
  const marks = (ticks: readonly number[]) => ticks.filter((tick) => !isWhole || Number.isInteger(tick))
  if (!isLog) {
    const scale = scaleLinear([Math.min(0, least), most > 0 ? most : 1], range)
    return placed((value) => scale(value), marks(scale.ticks(7)))
  }
  // A count of 0 has no logarithm: it stands half a doubling below the least there is.
  const positive = values.filter((value) => value > 0)
  const lowest = positive.length > 0 ? Math.min(...positive) : 1
  // A single size stands in the middle, as both smaller and larger ones are still to be tried.
  const isSingle = least > 0 && most === least
  const floor = least <= 0 || isSingle ? lowest / 2 : lowest
  const scale = scaleLog([floor, isSingle || most <= floor ? 2 * lowest : most], range)
  const at = (value: number) => scale(value > 0 ? value : floor)
  const ticks = marks(logTicks(scale.domain(), (right - left) / markRoom))
  return placed(at, least <= 0 ? [0, ...ticks.filter((tick) => tick >= lowest)] : ticks)
}

/** Round numbers along a log scale: the most that have room of powers of ten, 1-2-5 and all digits. */
function logTicks([from = 1, to = 1]: readonly number[], most: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(to)) - Math.floor(Math.log10(from)) + 1 },
    (_, index) => 10 ** (Math.floor(Math.log10(from)) + index)
  )
  const sets = [[1], [1, 2, 5], [1, 2, 3, 5, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9]].map((digits) =>
    powers.flatMap((power) => digits.map((digit) => digit * power)).filter((tick) => tick >= from && tick <= to)
  )
  const found = sets.findLast((ticks) => ticks.length <= most) ?? []
  // Between two sizes that are nearly the same there may be no such number.
  return found.length > 1 ? found : scaleLinear([from, to], [0, 1]).ticks(Math.max(2, Math.min(4, most)))
}

function yScale(
  errors: readonly number[],
  baselines: readonly number[],
  isLog: boolean,
  { top, bottom }: ChartArea
): PlacedScale {
  const highest = Math.max(...errors, 0)
  const near = baselines.filter((error) => error <= 1.6 * highest)
  const most = Math.max(highest, ...near)
  const range = [bottom - ground, top]
  if (!isLog) {
    const count = Math.max(2, Math.min(6, Math.floor((bottom - top) / tickRoom)))
    const scale = scaleLinear([0, most > 0 ? most : 1], range).nice(count)
    return placed((value) => scale(value), scale.ticks(count))
  }
  const positive = errors.filter((error) => error > 0)
  const lowest = positive.length > 0 ? Math.min(...positive) : 0.1
  const floor = errors.some((error) => error <= 0) ? lowest / 2 : lowest
  const scale = scaleLog([floor, most > floor ? most : floor * 10], range)
  const isWide = most / floor > 100
  const ticks = scale
    .ticks(6)
    .filter((tick) => isPower(tick, 10) || (!isWide && (isPower(tick / 2, 10) || isPower(tick / 5, 10))))
  return placed((value) => scale(Math.max(floor, value)), ticks)
}

function placed(at: (value: number) => number, ticks: readonly number[]): PlacedScale {
  return { at, ticks: ticks.map((value) => ({ value, at: at(value) })) }
}

function isPower(value: number, base: number): boolean {
  const exponent = Math.log(value) / Math.log(base)
  return Math.abs(exponent - Math.round(exponent)) < 1e-6
}
