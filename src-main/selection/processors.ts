/** The kinds of processors that compared runs were trained on. Pure. */
import type { TrialRun } from '#lab/store/runs.ts'

/** Says where runs with results come from several kinds; null for one, and for those of which nobody knows. */
export function describeProcessors(runs: readonly Pick<TrialRun, 'status' | 'processor'>[]): string | null {
  const kinds = new Set(runs.flatMap(({ status, processor }) => (status === 'done' ? (processor ?? []) : [])))
  if (kinds.size < 2) return null
  return (
    `The runs were trained on ${kinds.size} kinds of processors, on which the same run comes to other last bits: ` +
    'such a pair of the same seed differs by that as well, as by another seed.'
  )
}
