/** Permutation importance of a table's columns: how much the error of a run rises when a column tells nothing any more. */
import type { ColumnImportance, ImportanceItem } from '#contract/diagnostics.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import { inputCount } from '#lab/datasets/encode.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { lookedAt, seenBy } from '#lab/experiments/run-view.ts'
import { expectOneNetwork } from '#lab/runs/predictor.ts'
import { deviation, mean } from '#trials/statistics.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Store } from '#lab/store/store.ts'
import { errorOf } from '#trials/measure.ts'
import { isGoing } from '#trials/run-status.ts'

export interface ImportanceOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: EngineHost
}

const repeats = 5
/** The same orders of rows for every run of an experiment, so that their importances can be compared. */
const seed = 1
/** Multiply-adds of one request: some tenths of a second, so that other measuring and a cancel come between. */
const requestWork = 2e9

/**
 * Measures the importance of every column, telling how far it is; leaving the stream ends the work after its present
 * request. All inputs that one column became are shuffled as one, with their indicator.
 * Errors: LabError 'not_found' for an unknown run, 'conflict' for one in training or without weights.
 */
export async function* measureImportance(
  { store, experiments, prepared, engine }: ImportanceOptions,
  runId: number
): AsyncGenerator<ImportanceItem, void, void> {
  const run = store.runs.find(runId)
  expectOneNetwork(run)
  const weights = store.checkpoints.weights(runId, 'best')
  if (isGoing(run) || !weights) {
    throw new LabError('conflict', `Run ${runId} has not ended: its columns can be weighed once it has.`)
  }
  const found = experiments.find(run.experimentId)
  const data = lookedAt(run.data)
  const experiment = seenBy(store, found, data)
  const { train, validation, ...dataset } = await prepared.prepare(found, data)
  const part = validation ?? train
  const request = { topology: run.topology, plan: run.plan, parameters: weights.parameters, dataset, part }
  const error = errorOf(await engine.evaluate(request))
  const groups = groupsOf(experiment)
  const workOfGroup = repeats * part.rows * Math.max(1, run.parameters)
  const size = Math.max(1, Math.floor(requestWork / workOfGroup))
  const columns: ColumnImportance[] = []
  for (let start = 0; start < groups.length; start += size) {
    yield { type: 'progress', done: start, of: groups.length }
    const some = groups.slice(start, start + size)
    const measured = await engine.permute({ ...request, groups: some, repeats, seed })
    some.forEach(({ column }, index) => {
      const rises = (measured[index] ?? []).map((figures) => errorOf(figures) - error)
      columns.push({ column, mean: mean(rises), deviation: deviation(rises), rises })
    })
  }
  yield {
    type: 'done',
    part: validation ? 'validation' : 'train',
    rows: part.rows,
    repeats,
    error,
    measure:
      experiment.settings.task === 'classification'
        ? 'Share of wrong classes'
        : `Root mean squared error of ${experiment.settings.target}`,
    columns: columns.toSorted((a, b) => b.mean - a.mean)
  }
}

/** Where the inputs of each column are. */
function groupsOf({ preparation }: StoredExperiment): { column: string; first: number; count: number }[] {
  let first = 0
  return preparation.columns.map((encoding) => {
    const group = { column: encoding.column, first, count: inputCount(encoding) }
    first += group.count
    return group
  })
}
