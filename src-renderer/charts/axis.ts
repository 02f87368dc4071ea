/**
 * The axes of all charts: where values lie, which of them are marked, and how the marks are written. Pure geometry in
 * pixels; frame.ts says what is drawn of it.
 */
import { nice, ticks } from 'd3-array'

/** What an axis stands for. */
export interface AxisSpec {
  readonly minimum: number
  readonly maximum: number
  /** A logarithmic axis begins above 0. */
  readonly logarithmic?: boolean
  /** Values are counts, and nothing between two of them is marked. */
  readonly isWhole?: boolean
  /** How its marks are written; else as short as they can be. */
  readonly format?: (value: number) => string
}

/** A marked value, its place in pixels and its text. */
export interface Tick {
  readonly value: number
  readonly at: number
  readonly label: string
}

/** An axis laid out from one pixel to another: the first is that of its minimum. */
export interface Axis {
  readonly at: (value: number) => number
  readonly ticks: readonly Tick[]
  /** Where 0 lies, where the axis goes past it on both sides; null elsewhere. */
  readonly zero: number | null
}

/** Pixels that a mark needs along its axis: across the text stands beside the next one, upwards above it. */
export const tickRoom = { across: 48, up: 26 } as const

/** More marks than these say nothing more. */
const mostTicks = 7

/** Lays out an axis; `room` is what a mark needs along it, in pixels. */
export function layAxis(spec: AxisSpec, from: number, to: number, room: number): Axis {
  const at = placer(from, to, spec)
  const most = Math.max(2, Math.min(mostTicks, Math.floor(Math.abs(to - from) / room)))
  const isAcrossZero = !spec.logarithmic && spec.minimum < 0 && spec.maximum > 0
  return { at, ticks: markAll(roundValues(spec, most), spec, at), zero: isAcrossZero ? at(0) : null }
}

/** Marks values of one's own choice, such as sizes that were tried. */
export function markAll(values: readonly number[], spec: AxisSpec, at: (value: number) => number): Tick[] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const write = spec.format ?? ((value: number) => writeTick(value, spec.logarithmic ? Math.abs(value) : largest))
  return values.map((value) => ({ value, at: at(value), label: write(value) }))
}

/** Makes pixels of values; the extent of a single value lies at its start. */
export function placer(
  from: number,
  to: number,
  { minimum, maximum, logarithmic }: AxisSpec
): (value: number) => number {
  const start = logarithmic ? Math.log(minimum) : minimum
  const extent = (logarithmic ? Math.log(maximum) : maximum) - start
  const scale = (to - from) / (extent || 1)
  if (logarithmic) return (value) => from + (Math.log(Math.max(value, Number.MIN_VALUE)) - start) * scale
  return (value) => from + (value - start) * scale
}

/** The value at a share of the way along an axis. */
export function valueAt({ minimum, maximum, logarithmic }: AxisSpec, share: number): number {
  return logarithmic ? minimum * (maximum / minimum) ** share : minimum + share * (maximum - minimum)
}

/** The round numbers, about `most` apart, that hold all values; room to either side of a single one. */
export function niceRange(values: readonly number[], most = 5): [minimum: number, maximum: number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  return low === high ? [low - 1, high + 1] : nice(low, high, most)
}

/** Round numbers along an axis, at most so many where these are more than two. */
export function roundValues({ minimum, maximum, logarithmic, isWhole }: AxisSpec, most: number): number[] {
  const values = logarithmic ? roundPowers(minimum, maximum, most) : roundSteps(minimum, maximum, most)
  return isWhole ? values.filter(Number.isInteger) : values
}

function roundSteps(from: number, to: number, most: number): number[] {
  for (let count = most; count > 2; count--) {
    const values = ticks(from, to, count)
    if (values.length <= most) return values
  }
  return ticks(from, to, 2)
}

/** Powers of ten, 1-2-5 and all digits: the most of them that have room. */
function roundPowers(from: number, to: number, most: number): number[] {
  const first = Math.floor(Math.log10(from))
  const powers = Array.from({ length: Math.ceil(Math.log10(to)) - first + 1 }, (_, index) =>
    Number(`1e${first + index}`)
  )
  const sets = [[1], [1, 2, 5], [1, 2, 3, 5, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9]].map((digits) =>
    powers
      .flatMap((power) => digits.map((digit) => Number((digit * power).toPrecision(1))))
      .filter((value) => value >= from && value <= to)
  )
  const [tens = []] = sets
  const every = Math.ceil(tens.length / most)
  const found = sets.findLast((values) => values.length <= most) ?? tens.filter((_, index) => index % every === 0)
  // Between two sizes that are nearly the same there may be no such number.
  return found.length > 1 ? found : roundSteps(from, to, Math.max(2, Math.min(5, most)))
}

const units = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k']
] as const

/**
 * Writes a round number as short as it can be, without losing a digit.
 * @param size of the largest of its axis, so that all of them are in one unit
 */
export function writeTick(value: number, size = Math.abs(value)): string {
  if (value === 0) return '0'
  const sign = value < 0 ? '\u2212' : ''
  const magnitude = Math.abs(value)
  if (size < 1e-3) return sign + Number(magnitude.toPrecision(6)).toExponential().replace('-', '\u2212')
  const [unit, letter] = (size >= 1e4 && units.find(([least]) => size >= least)) || ([1, ''] as const)
  return `${sign}${Number((magnitude / unit).toPrecision(6))}${letter}`
}
