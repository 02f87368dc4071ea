/** The frame of a plot over one or two columns: where values and steps lie along its axes, and what marks them. Pure. */
import type { Axis } from '#contract/understand.ts'
import { layAxis, type Tick } from '#renderer/charts/axis.ts'

export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where step `index` of an axis lies, from 0 to 1: levels stand in the middle of their bands. */
export function shareOf({ values, levels }: Pick<Axis, 'values' | 'levels'>, index: number): number {
  return levels ? (index + 0.5) / values.length : index / Math.max(1, values.length - 1)
}

/** Where a value of the table lies along an axis; it may be beyond either end. */
export function shareOfValue({ values, levels }: Pick<Axis, 'values' | 'levels'>, value: number): number {
  if (levels) return (value + 0.5) / values.length
  const [start = 0] = values
  const end = values.at(-1) ?? start
  return end > start ? (value - start) / (end - start) : 0.5
}

/** The stretch of an axis that a step stands for, from 0 to 1. */
export function stretchOf(axis: Pick<Axis, 'values' | 'levels'>, index: number): readonly [number, number] {
  const { values, levels } = axis
  if (levels) return [index / values.length, (index + 1) / values.length]
  const half = 0.5 / Math.max(1, values.length - 1)
  const middle = shareOf(axis, index)
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

/** The step of an axis that is nearest to a place from 0 to 1. */
export function stepAt({ values, levels }: Pick<Axis, 'values' | 'levels'>, share: number): number {
  const step = levels ? Math.floor(share * values.length) : Math.round(share * (values.length - 1))
  return Math.min(values.length - 1, Math.max(0, step))
}

/** The ticks of an axis from one pixel to another; `room` is what a label takes. */
export function ticksOf(axis: Axis, from: number, to: number, room: number): readonly Tick[] {
  const { values, levels } = axis
  const [start = 0] = values
  if (!levels) return layAxis({ minimum: start, maximum: values.at(-1) ?? start }, from, to, room).ticks
  const every = Math.ceil(levels.length / Math.max(2, Math.floor(Math.abs(to - from) / room)))
  return levels.flatMap((label, value) =>
    value % every === 0 ? [{ value, at: from + shareOf(axis, value) * (to - from), label }] : []
  )
}
