/** A surface in words and as a table, for those who read it and those who can't see it. */
import type { Axis, Surface } from '#contract/understand.ts'
import { formatFigure, formatShare } from '#words/numbers.ts'

/** Writes a place of an axis. */
export function formatPlace({ values, levels }: Axis, step: number): string {
  return levels?.[step] ?? formatFigure(values[step])
}

/** Writes what the network says at a place: its likeliest classes with their probabilities, or the number. */
export function describePlace(
  { values, outputs }: Pick<Surface, 'values' | 'outputs'>,
  place: number,
  classes: readonly string[] | null,
  most: number
): string {
  if (!classes || outputs === 1) return formatFigure(values[place])
  return Array.from({ length: outputs }, (_, index) => ({ index, share: values[place * outputs + index] ?? 0 }))
    .sort((a, b) => b.share - a.share)
    .slice(0, most)
    .map(({ index, share }) => `${classes[index] ?? ''} ${formatShare(share)}`)
    .join(', ')
}

/** Steps of an axis that a table has room for, evenly spread and with both ends. */
export function sampledSteps({ values }: Axis, most: number): number[] {
  const count = Math.min(most, values.length)
  if (count === 1) return [0]
  return Array.from({ length: count }, (_, index) => Math.round((index * (values.length - 1)) / (count - 1)))
}

/** Counts the points that the network gets wrong. */
export function countWrong(points: NonNullable<Surface['points']>): number {
  return points.targets.reduce((count, target, point) => count + (points.predictions[point] === target ? 0 : 1), 0)
}
