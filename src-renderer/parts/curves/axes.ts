/** The ranges of the axes: what is seen of x, and of y the finite and sensible part. Pure. */
import type { Extent, Line, TitledAxis } from '#renderer/charts/line-chart-spec.ts'
import type { Measure } from '#renderer/parts/curves/measures.ts'
import { type Range, type XUnit, xOf } from '#renderer/parts/curves/series.ts'
import type { ShownRun } from '#renderer/parts/curves/shown-run.ts'
import { formatRate, formatCount } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

const titles: Record<XUnit, string> = {
  epochs: 'epoch',
  seconds: 'training time (s)',
  samples: 'samples seen'
}

/** All of the x axis that the curves take. */
export function wholeRange(shown: readonly ShownRun[], unit: XUnit, rows: number): Range {
  let high = 0
  for (const { curve } of shown) {
    if (curve.epochs > 0) high = Math.max(high, xOf(unit, rows, curve.column('seconds'))(curve.epochs))
  }
  const low = unit === 'epochs' ? 1 : 0
  return [low, Math.max(high, unit === 'epochs' ? 2 : 1e-3)]
}

/** The x axis of a range. A logarithmic one begins where the first epoch ends. */
export function xAxis(range: Range, unit: XUnit, logarithmic: boolean, first: number): TitledAxis {
  const [low, high] = range
  return {
    title: titles[unit],
    minimum: logarithmic ? Math.max(low, Math.min(first, high / 2)) : low,
    maximum: high,
    logarithmic,
    isWhole: unit !== 'seconds'
  }
}

export interface SensibleRange {
  readonly low: number
  readonly high: number
  /** Ids of lines that leave it. */
  readonly beyond: readonly string[]
}

/**
 * The y range of the lines that stay calm: those of diverged runs would flatten all others. Where all are wild, the
 * range ends at ten times where they began.
 */
export function sensibleRange(lines: readonly Line[], isWild: (line: Line) => boolean): SensibleRange {
  const calm = lines.filter((line) => !isWild(line))
  const leading = calm.length > 0 ? calm : lines
  let [low, high] = [Infinity, -Infinity]
  for (const line of leading) {
    const own = calm.length > 0 ? extentOf(line) : extentBelow(10 * Math.abs(line.points[1] ?? 0), line)
    low = Math.min(low, own.low)
    high = Math.max(high, own.high)
  }
  const beyond = lines.filter((line) => isWild(line) && extentOf(line).high > high).map(({ id }) => id)
  return { low, high, beyond }
}

function extentOf(line: Line): Extent {
  return line.extent ?? extentBelow(Infinity, line)
}

/** The extent of those values of a line that are at most `cap`. */
function extentBelow(cap: number, { points }: Line): Extent {
  let [low, high] = [Infinity, -Infinity]
  for (let at = 1; at < points.length; at += 2) {
    const value = points[at] as number
    if (value > cap) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}

/** The y axis of a measure over a range, with room at both ends. */
export function yAxis(
  { low, high }: SensibleRange,
  measure: Pick<Measure, 'label' | 'unit' | 'formatTick' | 'bounds'>,
  logarithmic: boolean
): TitledAxis {
  const title = measure.label.toLowerCase() + (measure.unit ? ` (${measure.unit})` : '')
  const common = { title, logarithmic, ...(measure.formatTick && { format: measure.formatTick }) }
  if (!(low <= high)) return { ...common, minimum: logarithmic ? 0.1 : 0, maximum: 1 }
  if (logarithmic) {
    const floor = Math.max(low, high * 1e-9, Number.MIN_VALUE)
    const room = high > floor ? Math.max(1.05, (high / floor) ** 0.04) : 10
    return { ...common, minimum: floor / room, maximum: high * room }
  }
  const room = (high - low || Math.abs(high) || 1) * 0.05
  const isPositive = low >= 0
  return {
    ...common,
    minimum: isPositive ? Math.max(0, low - room) : low - room,
    maximum: Math.min(high + room, measure.bounds?.maximum ?? Infinity)
  }
}

/** Writes a place on the x axis. */
export function formatX(value: number, unit: XUnit): string {
  if (unit === 'seconds') return formatSeconds(value)
  return unit === 'samples' ? `${formatRate(value)} samples` : `epoch ${formatCount(Math.round(value))}`
}

/** The range zoomed by a factor around a place, kept within the whole. */
export function zoomed(range: Range, whole: Range, factor: number, around: number): Range {
  const [low, high] = [around - (around - range[0]) * factor, around + (range[1] - around) * factor]
  return [Math.max(whole[0], low), Math.min(whole[1], high)]
}

/** The range moved by a share of its width, kept within the whole. */
export function panned(range: Range, whole: Range, share: number): Range {
  const width = range[1] - range[0]
  const low = Math.min(Math.max(whole[0], range[0] + share * width), whole[1] - width)
  return [low, low + width]
}
