/** What the errors of an experiment are, and how sentences write them. */
import type { Complexity } from '#contract/selection.ts'
import type { ErrorWords } from '#lab/selection/advice-words.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Measure } from '#trials/measure.ts'
import { errorWriter } from '#words/errors.ts'
import { formatFigure, formatPercent } from '#words/numbers.ts'

export function measureOf({ settings }: StoredExperiment, measure: Measure): Complexity['measure'] {
  if (measure === 'loss') return { name: 'loss', label: 'Loss at the best epoch' }
  return settings.task === 'classification'
    ? { name: 'error', label: 'Share of wrong classes at the best epoch' }
    : { name: 'rmse', label: `Root mean squared error of ${settings.target} at the best epoch` }
}

/** How sentences write an error of the experiment: a share as percent and its differences in points, else three digits. */
export function errorWords(experiment: StoredExperiment, measure: Measure): ErrorWords {
  const { name } = measureOf(experiment, measure)
  const isShare = name === 'error'
  return {
    error: errorWriter(name),
    difference: isShare ? formatPercent : formatFigure,
    unit: isShare ? ' points' : ''
  }
}
