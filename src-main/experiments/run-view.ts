/**
 * An experiment as one of its runs sees it. Most runs see it as it is; a run of a fold has training and validation rows
 * of its own, and the preparation fitted on its own training rows, which may make other inputs of the same columns.
 */
import type { RunData } from '#contract/runs.ts'
import type { ExperimentQueries, StoredExperiment } from '#lab/store/experiments.ts'
import type { FoldQueries, StoredFold } from '#lab/store/folds.ts'

/** The queries that a view is made of. */
export interface ViewQueries {
  readonly experiments: Pick<ExperimentQueries, 'rows'>
  readonly folds: Pick<FoldQueries, 'get'>
}

export type FoldData = Extract<RunData, { kind: 'fold' }>

/** Gives the experiment with the preparation and the counts of rows that a run on these data has. */
export function seenBy(store: ViewQueries, experiment: StoredExperiment, data: RunData): StoredExperiment {
  if (data.kind !== 'fold') return experiment
  const { preparation, validationRows, trainRows } = findFold(store, experiment.id, data)
  const validation = validationRows.length
  const train = trainRows?.length ?? foldableRows(experiment) - validation
  return { ...experiment, preparation, rowCounts: { ...experiment.rowCounts, train, validation } }
}

/** The row numbers of a part as a run of a fold sees it, or of the experiment's own part, ascending. */
export function rowsSeenBy(
  store: ViewQueries,
  experimentId: number,
  data: RunData,
  part: 'train' | 'validation'
): Uint32Array {
  if (data.kind !== 'fold') return store.experiments.rows(experimentId, part)
  const { validationRows, trainRows } = findFold(store, experimentId, data)
  if (part === 'validation') return validationRows
  if (trainRows) return trainRows
  const judging = new Set(validationRows)
  return rowsToFold(store, experimentId).filter((row) => !judging.has(row))
}

/** All rows of training and validation part, ascending: what a final model learns, and what folds are dealt of. */
export function rowsToFold({ experiments }: Pick<ViewQueries, 'experiments'>, experimentId: number): Uint32Array {
  const [first, second] = [experiments.rows(experimentId, 'train'), experiments.rows(experimentId, 'validation')]
  const rows = new Uint32Array(first.length + second.length)
  rows.set(first)
  rows.set(second, first.length)
  return rows.sort()
}

export function foldableRows({ rowCounts }: Pick<StoredExperiment, 'rowCounts'>): number {
  return rowCounts.train + rowCounts.validation
}

/** The rows on which a run can be looked at: a final model has no validation part, so it is looked at on the split's. */
export function lookedAt(data: RunData): RunData {
  return data.kind === 'final' ? { kind: 'whole' } : data
}

function findFold({ folds }: ViewQueries, experimentId: number, { index, of }: FoldData): StoredFold {
  const fold = folds.get(experimentId, of, index)
  if (!fold) throw new Error(`Experiment ${experimentId} has lost fold ${index} of ${of}.`)
  return fold
}
