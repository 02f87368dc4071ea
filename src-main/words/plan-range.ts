/** The bounds of a plan's number in words, the same beside a field, in a list, and in the terminal. */
import { planRanges } from '#engine/training/plan-fields.ts'
import { formatCount } from '#words/numbers.ts'

export type PlanRange = (typeof planRanges)[keyof typeof planRanges]

/** Writes them: `from 1 to 1,000,000`, `above 0 to 10`, or `from 0 to below 1` for a share. */
export function describeRange(range: PlanRange): string {
  const { minimum, maximum, open } = range
  const to = range === planRanges.share ? 'below 1' : formatCount(maximum)
  return `${open ? 'above' : 'from'} ${formatCount(minimum)} to ${to}`
}
