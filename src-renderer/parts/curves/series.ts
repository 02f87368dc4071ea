/**
 * Runs as lines. One run alone has the colours of meaning: training blue and solid, validation orange and dashed.
 * A few lines have a colour and a label each; solid is still training and dashed validation. Many are thin and
 * translucent in the colours of meaning, with the run in focus on top.
 */
import { bucketWidth, thin, thinBy } from '#renderer/pure/downsample.ts'
import type { Band, Extent, Line, Mark } from '#renderer/charts/line-chart-spec.ts'
import type { Measure } from '#renderer/parts/curves/measures.ts'
import type { MeanCurve } from '#renderer/parts/curves/means.ts'
import type { ShownRun } from '#renderer/parts/curves/shown-run.ts'
import type { Curve } from '#renderer/pure/curve.ts'

export const seriesTokens = [
  'training',
  'validation',
  'class-1',
  'class-2',
  'class-3',
  'class-4',
  'class-5',
  'class-6',
  'class-7',
  'class-8'
] as const

export type SeriesColors = Record<(typeof seriesTokens)[number], string>

export interface Parts {
  readonly training: boolean
  readonly validation: boolean
}

/** What the x axis counts. */
export type XUnit = 'epochs' | 'seconds' | 'samples'

/** From and to, in the unit of the x axis. */
export type Range = readonly [number, number]

export interface SeriesOptions {
  readonly measure: Measure
  readonly parts: Parts
  readonly colors: SeriesColors
  readonly xUnit: XUnit
  /** Rows of the training part: samples of an epoch. */
  readonly rows: number
  /** The part of the x axis that is seen; null for all. */
  readonly range: Range | null
  /** Pixels of the plot. */
  readonly width: number
  readonly focused: number | null
}

/** More lines than these have no colour of their own. */
export const mostColored = 8

const noSeconds = new Float32Array()

const dashes = { training: [], validation: [6, 4] } as const

/** Points of all lines of a chart together: what is drawn within a frame. */
const pointBudget = 100_000

/** The token of the n-th of several runs. */
export function runToken(index: number): (typeof seriesTokens)[number] {
  return seriesTokens[2 + (index % mostColored)] ?? 'class-1'
}

/** The token that marks one of the runs shown, by its place; null where it is not shown, or has no colour of its own. */
export function tokenAmong(place: number, shown: number): (typeof seriesTokens)[number] | null {
  if (place < 0 || shown > mostColored) return null
  return shown === 1 ? 'validation' : runToken(place)
}

/** Makes x of epochs: by epoch, by the curve's own seconds, or by samples seen. */
export function xOf(unit: XUnit, rows: number, seconds: Float32Array): (epoch: number) => number {
  if (unit === 'seconds') return (epoch) => seconds[epoch - 1] ?? NaN
  return unit === 'samples' ? (epoch) => epoch * rows : (epoch) => epoch
}

/** The epochs, as indices, that a range of the x axis shows, with one beyond each edge so that lines reach it. */
export function indicesIn(
  range: Range | null,
  epochs: number,
  x: (epoch: number) => number
): { from: number; to: number } {
  if (!range) return { from: 0, to: epochs }
  return { from: Math.max(0, firstAt(range[0], epochs, x) - 1), to: Math.min(epochs, firstAt(range[1], epochs, x) + 1) }
}

/** The first index whose x is at least `value`; x grows with the epoch. */
function firstAt(value: number, epochs: number, x: (epoch: number) => number): number {
  let [low, high] = [0, epochs]
  while (low < high) {
    const middle = (low + high) >> 1
    if (x(middle + 1) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Thins the visible values of a column to points, x and y in turn. */
export function pointsOf(
  values: Float32Array,
  x: (epoch: number) => number,
  { from, to }: { from: number; to: number },
  limit: number
): Float64Array {
  return pointsAt(thin(values, limit, from, Math.min(to, values.length)), values, x)
}

function pointsAt(indices: readonly number[], values: Float32Array, x: (epoch: number) => number): Float64Array {
  const points = new Float64Array(2 * indices.length)
  indices.forEach((index, at) => {
    points[2 * at] = x(index + 1)
    points[2 * at + 1] = values[index] as number
  })
  return points
}

/** A column of a whole curve, thinned. */
interface Thinned {
  readonly version: number
  readonly width: number
  readonly points: Float64Array
}

/** The extremes of a column, block of epochs by block; low above high where a block has no finite value. */
interface Blocks {
  readonly version: number
  readonly lows: Float32Array
  readonly highs: Float32Array
}

/** Epochs of a block. */
const blockLength = 32

/** What of a column of a curve is looked at, and how finely. */
interface Look {
  readonly column: string
  readonly unit: XUnit
  readonly x: (epoch: number) => number
  readonly range: Range | null
  /** The epochs that the range shows, as indices. */
  readonly visible: { readonly from: number; readonly to: number }
  readonly limit: number
}

/**
 * Thins a column of a curve once for as long as neither the curve nor the grain changes, so that a thousand curves are
 * moved and zoomed by choosing among points that are there. Buckets stand still under a zoomed axis, and so do these.
 */
export class ThinnedCurves {
  #known = new WeakMap<Curve, Map<string, Thinned>>()
  #blocks = new WeakMap<Curve, Map<string, Blocks>>()

  /** The points of the visible part, with one beyond each edge. */
  pointsOf(curve: Curve, { column, unit, x, range, visible, limit }: Look): Float64Array {
    const width = bucketWidth(visible.to - visible.from, limit)
    const { points } = kept(this.#known, curve, `${unit} ${column}`, (known) => {
      if (known?.width === width) return known
      const values = curve.column(column)
      return { version: curve.version, width, points: pointsAt(thinBy(width, values), values, x) }
    })
    if (!range) return points
    const first = firstPoint(points, range[0])
    return points.subarray(2 * Math.max(0, first - 1), 2 * (firstPoint(points, range[1]) + 1))
  }

  /**
   * The lowest and the highest finite value of the visible part, with one beyond each edge; null where the curve has none
   * at all. Known without the points: an axis is chosen before the thousandth line is drawn.
   */
  extentOf(curve: Curve, column: string, { from, to }: Look['visible']): Extent | null {
    const values = curve.column(column)
    const { lows, highs } = kept(this.#blocks, curve, column, (known) => known ?? blocksOf(values, curve.version))
    let [start, end] = [from, Math.min(to, values.length)]
    while (start > 0 && !Number.isFinite(values[start])) start--
    while (end < values.length && !Number.isFinite(values[end - 1])) end++
    let [low, high] = [Infinity, -Infinity]
    for (let index = start; index < end;) {
      const block = index / blockLength
      const isWhole = Number.isInteger(block) && index + blockLength <= end
      const [least, most] = isWhole ? [lows[block], highs[block]] : [values[index], values[index]]
      if (least !== undefined && least < low && Number.isFinite(least)) low = least
      if (most !== undefined && most > high && Number.isFinite(most)) high = most
      index += isWhole ? blockLength : 1
    }
    return low <= high ? { low, high } : null
  }
}

/** What was made of a curve, as long as it is of its version; `make` is handed it to keep or to replace. */
function kept<Made extends { readonly version: number }>(
  known: WeakMap<Curve, Map<string, Made>>,
  curve: Curve,
  key: string,
  make: (known: Made | undefined) => Made
): Made {
  let own = known.get(curve)
  if (!own) known.set(curve, (own = new Map<string, Made>()))
  const before = own.get(key)
  const made = make(before?.version === curve.version ? before : undefined)
  if (made !== before) own.set(key, made)
  return made
}

function blocksOf(values: Float32Array, version: number): Blocks {
  const count = Math.ceil(values.length / blockLength)
  const [lows, highs] = [new Float32Array(count).fill(Infinity), new Float32Array(count).fill(-Infinity)]
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (!Number.isFinite(value)) continue
    const block = Math.floor(index / blockLength)
    if (value < (lows[block] as number)) lows[block] = value
    if (value > (highs[block] as number)) highs[block] = value
  }
  return { version, lows, highs }
}

/** The first point whose x is at least `value`. */
function firstPoint(points: Float64Array, value: number): number {
  return firstAt(value, points.length / 2, (number) => points[2 * (number - 1)] ?? Infinity)
}

/** A line whose points are thinned when it is drawn: of a thousand that move under a finger, few are. */
function lazyLine(line: Omit<Line, 'points'>, make: () => Float64Array): Line {
  let points: Float64Array | null = null
  return {
    ...line,
    get points() {
      return (points ??= make())
    }
  }
}

/** Makes the lines of single runs. */
export function linesOfRuns(
  shown: readonly ShownRun[],
  options: SeriesOptions,
  thinned: ThinnedCurves = new ThinnedCurves()
): Line[] {
  const { measure, parts, colors, focused, width, xUnit, rows, range } = options
  const alone = shown.length === 1
  const many = shown.length > mostColored
  const limit = Math.max(40, Math.min(2 * width, Math.floor(pointBudget / Math.max(1, 2 * shown.length))))
  const lines = shown.flatMap(({ run, curve }, index) => {
    const isFocused = many && run.id === focused
    const own = (part: 'training' | 'validation') => (alone || many ? colors[part] : colors[runToken(index)])
    const x = xOf(xUnit, rows, xUnit === 'seconds' ? curve.column('seconds') : noSeconds)
    const visible = indicesIn(range, curve.epochs, x)
    const line = (part: 'training' | 'validation', label: string): Line[] => {
      const column = `${part === 'training' ? 'train' : part}${measure.column}`
      const extent = thinned.extentOf(curve, column, visible)
      if (!extent) return []
      const look = {
        id: `${run.id}-${part}`,
        label,
        color: own(part),
        dash: many ? [] : dashes[part],
        width: isFocused ? 2 : many ? 1 : alone || part === 'validation' ? 1.75 : 1.25,
        alpha: isFocused || !many ? 1 : Math.max(0.07, Math.min(0.5, 20 / shown.length)),
        extent
      }
      return [lazyLine(look, () => thinned.pointsOf(curve, { column, unit: xUnit, x, range, visible, limit }))]
    }
    const name = many ? (isFocused ? `run ${run.id}` : '') : `run ${run.id}`
    return [
      ...(parts.training ? line('training', alone ? 'training' : parts.validation ? '' : name) : []),
      ...(parts.validation ? line('validation', alone ? 'validation' : name) : [])
    ]
  })
  return onTop(lines, many ? focused : null)
}

/** Draws the run in focus last. */
function onTop(lines: readonly Line[], focused: number | null): Line[] {
  const isFocused = ({ id }: Line) => focused !== null && id.startsWith(`${focused}-`)
  return focused === null ? [...lines] : [...lines.filter((line) => !isFocused(line)), ...lines.filter(isFocused)]
}

/** Makes a mean line and a band of one standard deviation for each group. */
export function linesOfMeans(
  means: readonly MeanCurve[],
  options: SeriesOptions
): { lines: Line[]; bands: Band[]; marks: Mark[] } {
  const { parts, colors, width } = options
  const alone = means.length === 1
  const many = means.length > mostColored
  const limit = Math.max(40, Math.min(2 * width, Math.floor(pointBudget / Math.max(1, 4 * means.length))))
  const lines: Line[] = []
  const bands: Band[] = []
  means.forEach((group, index) => {
    const x = xOf(options.xUnit, options.rows, group.seconds)
    const visible = indicesIn(options.range, group.epochs, x)
    for (const part of ['training', 'validation'] as const) {
      if (!parts[part]) continue
      const { mean, deviation } = group[part]
      const color = alone || many ? colors[part] : colors[runToken(index)]
      const points = pointsOf(mean, x, visible, limit)
      if (points.length === 0) continue
      const label = alone ? part : many || (part === 'training' && parts.validation) ? '' : group.label
      lines.push({
        id: `${group.label}-${part}`,
        label,
        color,
        dash: many ? [] : dashes[part],
        width: many ? 1 : part === 'validation' ? 1.75 : 1.25,
        alpha: many ? Math.max(0.12, Math.min(0.6, 20 / means.length)) : 1,
        points
      })
      if (!many && group.runs > 1) bands.push({ color, points: bandOf(mean, deviation, x, visible, limit) })
    }
  })
  return { lines, bands, marks: [] }
}

function bandOf(
  mean: Float32Array,
  deviation: Float32Array,
  x: (epoch: number) => number,
  { from, to }: { from: number; to: number },
  limit: number
): Float64Array {
  // The edges are thinned by the mean's epochs: they follow it closely, and both stay in step.
  const kept = thin(mean, limit, from, Math.min(to, mean.length))
  const points = new Float64Array(3 * kept.length)
  kept.forEach((index, at) => {
    const [middle, spread] = [mean[index] as number, deviation[index] as number]
    points.set([x(index + 1), middle - spread, middle + spread], 3 * at)
  })
  return points
}

/** Marks the best epoch of each run on its validation line; none where they would only cover each other. */
export function bestMarks(shown: readonly ShownRun[], options: SeriesOptions): Mark[] {
  const { measure, colors, focused, parts } = options
  const many = shown.length > mostColored
  return shown.flatMap(({ run, curve }, index) => {
    if (run.bestEpoch === null || run.bestEpoch > curve.epochs) return []
    if (many && run.id !== focused) return []
    const onValidation = curve.at(`validation${measure.column}`, run.bestEpoch)
    const isMeasured = Number.isFinite(onValidation)
    if (isMeasured ? !parts.validation : !parts.training) return []
    const alone = shown.length === 1
    return {
      x: xOf(options.xUnit, options.rows, curve.column('seconds'))(run.bestEpoch),
      y: isMeasured ? onValidation : curve.at(`train${measure.column}`, run.bestEpoch),
      color: alone || many ? colors.validation : colors[runToken(index)],
      label: alone ? `best epoch ${run.bestEpoch}` : '',
      hasLine: alone || shown.length <= 3
    }
  })
}
