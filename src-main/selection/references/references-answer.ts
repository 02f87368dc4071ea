/** The reference models as the contract has them. Pure. */
import type { References } from '#contract/selection.ts'
import { comparisonToContract, noiseOf } from '#lab/selection/complexity-answer.ts'
import { complexityPoints } from '#lab/selection/complexity.ts'
import { errorWords, measureOf } from '#lab/selection/error-measure.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import type { RunGroup } from '#lab/selection/groups.ts'
import { besideBest, describeReferences, referenceLabels } from '#lab/selection/references/beside-networks.ts'
import type { FittedReference, ReferenceName } from '#lab/selection/references/fitted.ts'
import type { RowResults } from '#lab/selection/row-results.ts'
import type { Suggestion } from '#lab/selection/suggestion.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import { mean } from '#trials/statistics.ts'

export interface ReferenceFacts {
  readonly experiment: StoredExperiment
  readonly folds: FoldCount
  readonly rows: RowResults | null
  readonly suggestion: Suggestion | null
  /** One fit a fold, or one; the key of the group is that of its rows. */
  readonly models: readonly {
    readonly name: ReferenceName
    readonly fits: readonly FittedReference[]
    readonly group: RunGroup
  }[]
  readonly problems: ReadonlyMap<ReferenceName, string>
  readonly isPending: boolean
}

/** Puts the answer together. */
export function referencesAnswer(facts: ReferenceFacts): References {
  const { experiment, folds, rows, suggestion, models, problems, isPending } = facts
  const judgement = { rows, folds }
  const besides: ReturnType<typeof besideBest>[] = []
  const told = models.map(({ name, fits, group }): References['models'][number] => {
    const error = mean(fits.map(({ validationError }) => validationError))
    const [point] = complexityPoints([group])
    const beside = point && suggestion ? besideBest(name, point, suggestion, judgement) : null
    if (beside) besides.push(beside)
    const noise = point ? noiseOf(point, rows, folds) : { low: error, high: error }
    return {
      name,
      label: referenceLabels[name],
      train: mean(fits.map(({ trainError }) => trainError)),
      error,
      low: noise.low,
      high: noise.high,
      beside: beside?.comparison ? comparisonToContract(beside.comparison) : null,
      trainedRows: Math.max(...fits.map(({ trainedRows }) => trainedRows)),
      seconds: fits.reduce((sum, { seconds }) => sum + seconds, 0)
    }
  })
  return {
    measure: measureOf(experiment, 'error'),
    folds,
    models: told,
    missing: [...problems].map(([name, reason]) => ({ label: referenceLabels[name], reason })),
    best: suggestion?.best.key ?? null,
    ...(suggestion
      ? describeReferences(besides, suggestion, errorWords(experiment, 'error'))
      : { answer: 'unknown', reason: 'No network has ended yet.' }),
    isPending
  }
}

/** Where nothing judges. */
export function noReferences(measure: References['measure'], folds: FoldCount): References {
  const reason = 'Without a validation part nothing judges a linear model and a forest.'
  return { measure, folds, models: [], missing: [], best: null, answer: 'unknown', reason, isPending: false }
}
