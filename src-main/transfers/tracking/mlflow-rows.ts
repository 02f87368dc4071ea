/** An experiment and its runs as rows of MLflow's SQLite store, with the ids and names that the files beside it have. */
import { columnNamed } from '#engine/training/epoch-columns.ts'
import type { CurvePiece, RunStatus } from '#contract/runs.ts'
import type { MlflowDatabase, MlflowRow } from '#lab/store/mlflow-database.ts'
import { longestParameter, mlflowExperimentId, mlflowRunId, placeOf, runTags } from '#lab/transfers/tracking/mlflow.ts'
import type { TrackedModel } from '#lab/transfers/tracking/tracked-models.ts'
import { type TrackedExperiment, type TrackedRun, trackedColumn } from '#lab/transfers/tracking/tracked-run.ts'

const statusNames: Readonly<Record<RunStatus, string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  paused: 'RUNNING',
  interrupted: 'KILLED',
  stopped: 'KILLED',
  done: 'FINISHED',
  diverged: 'FAILED',
  failed: 'FAILED'
}

/** Writes the experiment, in steps, and the one that MLflow falls back on, which every store has. */
export function* putExperiment(
  db: MlflowDatabase,
  experiment: TrackedExperiment,
  root: string | null
): Generator<void, void, void> {
  const id = mlflowExperimentId(experiment)
  const { name, note, createdAt } = experiment
  const at = Math.round(createdAt)
  const rows: MlflowRow[] = [[id, db.freeName(id, name), placeOf(root, id), 'active', at, at]]
  if (db.isNew) rows.push(['0', db.freeName('0', 'Default'), placeOf(root, '0'), 'active', at, at])
  yield* db.put({ table: 'experiments', rows })
  if (note !== '') yield* db.put({ table: 'experiment_tags', rows: [['mlflow.note.content', note, id]] })
}

/** Writes one run with its curve, in steps; what was there of it is replaced. */
export function* putRun(
  db: MlflowDatabase,
  experiment: TrackedExperiment,
  run: TrackedRun,
  root: string | null,
  model: TrackedModel
): Generator<void, void, void> {
  const experimentId = mlflowExperimentId(experiment)
  const id = mlflowRunId(run)
  const start = Math.round(run.startedAt ?? run.createdAt)
  const end = run.endedAt === null ? null : Math.round(run.endedAt)
  const uri = `${placeOf(root, `${experimentId}/${id}`)}/artifacts`
  const row = [
    id,
    run.name,
    'LOCAL',
    'Topology Lab',
    '',
    'topology-lab',
    statusNames[run.status],
    start,
    end,
    '',
    'active'
  ]
  yield* db.put({ table: 'runs', rows: [[...row, uri, experimentId]] })
  db.clearRun(id)
  yield* db.put({ table: 'tags', rows: [...runTags(run, model)].map(([key, value]) => [key, value, id]) })
  const params = [...run.settings].map(([key, { text }]) => [key, text.slice(0, longestParameter), id])
  yield* db.put({ table: 'params', rows: params })
  const latest = new Map<string, Measured>()
  yield* db.put({ table: 'metrics', rows: metricRows(run, id, start, latest) })
  const rows = Array.from(latest, ([key, { value, at, step }]): MlflowRow => [key, value, at, step, 0, id])
  yield* db.put({ table: 'latest_metrics', rows })
}

interface Measured {
  readonly value: number
  readonly at: number
  readonly step: number
}

/** A row for each finite value of the curve and each figure; the last one of each goes into `latest`. */
function* metricRows(
  run: TrackedRun,
  id: string,
  start: number,
  latest: Map<string, Measured>
): Generator<MlflowRow, void, void> {
  const { curve, figures, bestEpoch, endedAt } = run
  if (curve) yield* curveRows(curve, id, start, latest)
  const at = Math.round(endedAt ?? start)
  for (const [key, value] of figures) {
    latest.set(key, { value, at, step: bestEpoch ?? 0 })
    yield [key, value, at, id, bestEpoch ?? 0, 0]
  }
}

function* curveRows(
  curve: CurvePiece,
  id: string,
  start: number,
  latest: Map<string, Measured>
): Generator<MlflowRow, void, void> {
  const seconds = columnNamed(curve, 'seconds')
  for (const column of curve.columns) {
    if (column === 'seconds') continue
    const key = trackedColumn(column)
    for (const [row, value] of columnNamed(curve, column).entries()) {
      if (!Number.isFinite(value)) continue
      const measured = { value, at: Math.round(start + (seconds[row] ?? 0) * 1000), step: curve.firstEpoch + row }
      latest.set(key, measured)
      yield [key, value, measured.at, id, measured.step, 0]
    }
  }
}
