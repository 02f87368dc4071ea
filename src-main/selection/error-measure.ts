/** What the errors of an experiment are, and how sentences write them. */
import { writeErrorShare } from '#contract/error-words.ts'
import type { Complexity } from '#contract/selection.ts'
import type { ErrorWords } from '#lab/selection/advice-words.ts'
import type { Measure } from '#lab/selection/groups.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'

export function measureOf({ settings }: StoredExperiment, measure: Measure): Complexity['measure'] {
  if (measure === 'loss') return { name: 'loss', label: 'Loss at the best epoch' }
  return settings.task === 'classification'
    ? { name: 'error', label: 'Share of wrong classes at the best epoch' }
    : { name: 'rmse', label: `Root mean squared error of ${settings.target} at the best epoch` }
}

/** How sentences write an error of the experiment: a share as percent and its differences in points, else three digits. */
export function errorWords({ settings }: StoredExperiment, measure: Measure): ErrorWords {
  const digits = (value: number | null) => (value === null ? '-' : String(Number(value.toPrecision(3))))
  if (measure === 'loss' || settings.task !== 'classification') return { error: digits, difference: digits, unit: '' }
  const points = (share: number) => writeErrorShare(share).replace(/\s%$/, '')
  return { error: writeErrorShare, difference: points, unit: ' points' }
}
