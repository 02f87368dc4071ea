/** What a line chart shows, and where a plot has its values. Plain data. */
import { type AxisSpec, placer } from '#renderer/charts/axis.ts'
import type { Area } from '#renderer/charts/frame.ts'

export interface Line {
  readonly id: string
  /** Drawn at the end of the line; empty for none. */
  readonly label: string
  readonly color: string
  readonly dash: readonly number[]
  readonly width: number
  readonly alpha: number
  /** x and y in turn, in the order they are drawn. */
  readonly points: Float64Array
  /** Of y, where it is known without the points. */
  readonly extent?: Extent
}

/** The lowest and the highest of some values. */
export interface Extent {
  readonly low: number
  readonly high: number
}

/** The room between two lines over the same x. */
export interface Band {
  readonly color: string
  /** x, low and high in turn. */
  readonly points: Float64Array
}

/** A point that is pointed out, such as the best epoch. */
export interface Mark {
  readonly x: number
  readonly y: number
  readonly color: string
  readonly label: string
  /** Whether a line falls from it to the axis. */
  readonly hasLine: boolean
}

export interface TitledAxis extends AxisSpec {
  readonly title: string
}

export interface LineChartSpec {
  /** Drawn in this order. */
  readonly lines: readonly Line[]
  readonly bands: readonly Band[]
  readonly marks: readonly Mark[]
  readonly x: TitledAxis
  readonly y: TitledAxis
  /** The axes are under a finger: until they rest, the last picture of the lines is moved with them. */
  readonly isMoving?: boolean
  /** A part of the x axis is seen, the lines cut to it. */
  readonly isPart?: boolean
}

/** Where the plot lies in its canvas, in pixels, and what its edges stand for. */
export interface Plot extends Area {
  readonly x: AxisSpec
  readonly y: AxisSpec
}

/** Both coordinates of values in a plot. */
export function placersOf(plot: Plot): { x: (value: number) => number; y: (value: number) => number } {
  return { x: placer(plot.left, plot.right, plot.x), y: placer(plot.bottom, plot.top, plot.y) }
}
