/** Points of the complexity curve as the chart draws them: what counts as complexity, and which points make one line. */
import type { Complexity, complexityAxes, ComplexityPoint } from '#contract/selection.ts'
import { formatCount, formatFigure, formatNumbered, formatRate } from '#words/numbers.ts'
import { nameSettings, nameTopology } from '#words/topologies.ts'

export type Axis = (typeof complexityAxes)[number]

export interface AxisEntry {
  readonly label: string
  /** The title of the axis, with its unit. */
  readonly title: string
  readonly help: string
  readonly format: (value: number) => string
}

export const axes: Record<Axis, AxisEntry> = {
  parameters: {
    label: 'Parameters',
    title: 'Parameters',
    help: 'Weights and biases that training adjusts.',
    format: formatRate
  },
  multiplyAdds: {
    label: 'Multiply-adds',
    title: 'Multiply-adds a sample',
    help: 'Multiplications with an addition in one forward pass of one sample: its cost.',
    format: formatRate
  },
  hiddenUnits: {
    label: 'Hidden units',
    title: 'Hidden units',
    help: 'Units of all hidden layers together.',
    format: formatCount
  },
  depth: { label: 'Depth', title: 'Hidden layers', help: 'The number of hidden layers.', format: formatCount },
  predictionSeconds: {
    label: 'Prediction time',
    title: 'Prediction time a row, \u00b5s',
    help: 'Measured on this machine: one row in a large batch, on one thread, the fastest of five tries.',
    format: (seconds) => formatFigure(seconds * 1e6)
  }
}

/** Points that make one line: alike in all but what the axis counts. */
export interface Family<Point = ComplexityPoint> {
  readonly key: string
  /** At the end of the line; empty where there is but one line. */
  readonly label: string
  /** The simplest first. */
  readonly points: readonly Point[]
}

/** How complex a point is by an axis; for the time, what was measured. */
export function complexityOf(point: ComplexityPoint, axis: Axis): number {
  return point[axis] ?? 0
}

/** The points that are networks, without the majority class or mean. */
export const networksOf = (complexity: Complexity): ComplexityPoint[] =>
  complexity.points.filter(({ constant }) => constant === null)

/** A model that sees no hidden layer, as a line across the chart. */
export interface Baseline {
  readonly point: ComplexityPoint
  readonly error: number
  readonly label: string
  /** It is the only one of its kind, and its name short. */
  readonly isAlone: boolean
}

/** The baselines with their names: linear models that differ in their settings are told apart by these. */
export function baselinesOf({ points }: Pick<Complexity, 'points'>): Baseline[] {
  const baselines = points.filter(({ baseline }) => baseline)
  const linear = baselines.filter(({ constant }) => constant === null)
  return baselines.map((point) => {
    const isAlone = linear.length < 2 || !linear.includes(point)
    const name = point.constant ?? 'linear model'
    return {
      point,
      error: point.validation.median,
      label: isAlone ? name : `${name}, ${nameSettings(point.settings)}`,
      isAlone
    }
  })
}

/** The units of each hidden layer. */
export const sizesOf = ({ hidden }: Pick<ComplexityPoint, 'hidden'>): number[] => hidden.map(({ units }) => units)

/** The width that all hidden layers share; null where they differ, or there are none. */
export function widthOf({ hidden }: Pick<ComplexityPoint, 'hidden'>): number | null {
  const first = hidden[0]?.units ?? null
  return hidden.every(({ units }) => units === first) ? first : null
}

/** Sorts networks into lines: by depth, or along the depth by width; and by whatever else differs. */
export function familiesOf(networks: readonly ComplexityPoint[], axis: Axis): Family[] {
  const isByWidth = axis === 'depth'
  const groups = Map.groupBy(networks, (point) => {
    // No hidden layer is the start of every line along the depth, and a point of its own along the width.
    const shape = isByWidth ? (widthOf(point) ?? sizesOf(point).join('x')) : point.depth
    return `${shape} ${point.settingsKey}`
  })
  const families = [...groups].map(([key, points]) => {
    const sorted = points.toSorted((a, b) => complexityOf(a, axis) - complexityOf(b, axis))
    return { key, points: sorted, label: familyLabel(sorted[0], isByWidth) }
  })
  // The point without hidden layer is no line, and takes the last place among the dashes.
  const rank = ({ points }: Family) => points[0]?.depth || Infinity
  families.sort((a, b) => rank(a) - rank(b))
  return families.length === 1 ? families.map((family) => ({ ...family, label: '' })) : families
}

function familyLabel(point: ComplexityPoint | undefined, isByWidth: boolean): string {
  if (!point || point.depth === 0) return ''
  const width = widthOf(point)
  if (isByWidth && width === null) return nameTopology(point)
  const shape = isByWidth ? formatNumbered(width ?? 0, 'unit') : formatNumbered(point.depth, 'layer')
  return [shape, ...point.settings.map(({ text }) => text)].join(', ')
}
