/** Reads what an experiment's own file holds, with the queries of a lab; for threads beside it. */
import type { RunColumns } from '#engine/training/epoch-columns.ts'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { Dataset } from '#contract/datasets.ts'
import { datasetQueries } from '#lab/store/datasets.ts'
import { checkpointQueries } from '#lab/store/checkpoints.ts'
import { damaged, toFileProblem } from '#lab/store/experiment-file.ts'
import { experimentQueries, type PartName, type StoredExperiment } from '#lab/store/experiments.ts'
import { foldQueries, type StoredFold } from '#lab/store/folds.ts'
import { metricQueries } from '#lab/store/metrics.ts'
import { runDetailQueries } from '#lab/store/run-details.ts'
import { runQueries, type StoredRun } from '#lab/store/runs.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'

export interface ExperimentContents {
  readonly dataset: Dataset
  readonly experiment: StoredExperiment
  readonly rows: Readonly<Record<PartName, Uint32Array<ArrayBuffer>>>
  readonly runs: readonly StoredRun[]
  /** Its cuts for cross-validation, each with its folds in their order. */
  readonly cuts: readonly (readonly StoredFold[])[]
  /** What a run goes on from and predicts with; null where it has none. */
  readonly checkpointOf: (runId: number) => Checkpoint | null
  readonly curveOf: (runId: number) => readonly RunColumns[]
  /** As they are stored, whatever they are. */
  readonly detailsOf: (runId: number) => unknown
}

/** Of one curve; the lab itself joins pieces long before. */
const mostPieces = 1_000_000

/** Opens the file, hands its contents to `use`, and closes it. Errors: LabError 'bad_file' for damaged contents. */
export async function withExperimentFile<Result>(
  file: string,
  use: (contents: ExperimentContents) => Result
): Promise<Result> {
  const Sqlite = await loadSqlite()
  const db = new Sqlite(file, { readonly: true })
  try {
    const experiments = experimentQueries(db)
    const [experiment] = experiments.list()
    const dataset = experiment && datasetQueries(db).get(experiment.datasetId)
    if (!dataset) throw damaged()
    const part = (name: PartName) => experiments.rows(experiment.id, name)
    return use({
      dataset,
      experiment,
      rows: { train: part('train'), validation: part('validation'), test: part('test') },
      runs: runQueries(db).list(null),
      cuts: foldQueries(db).cutsOf(experiment.id),
      checkpointOf: (runId) => checkpointQueries(db).read(runId),
      curveOf: (runId) => metricQueries(db).after([runId], 0, mostPieces),
      detailsOf: (runId) => runDetailQueries(db).ofRun(runId)
    })
  } catch (error) {
    throw toFileProblem(error)
  } finally {
    db.close()
  }
}
