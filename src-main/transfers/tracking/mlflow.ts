/**
 * Writes an experiment as an MLflow tracking folder (`mlruns`, the layout of its file store): parameters, metrics by
 * step, tags, and the ONNX model of each finished run as artifact. Ids follow from the runs, so that writing the same
 * experiment again replaces its files and doubles nothing.
 * Source: MLflow, mlflow/store/tracking/file_store.py (names and forms of the files), mlflow/utils/validation.py (limits).
 */
import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { columnNamed } from '#engine/training/epoch-columns.ts'
import type { RunStatus } from '#contract/runs.ts'
import type { OutputFile } from '#lab/models/output-file.ts'
import type { TrackedModel } from '#lab/transfers/tracking/tracked-models.ts'
import { type TrackedExperiment, type TrackedRun, trackedColumn } from '#lab/transfers/tracking/tracked-run.ts'

/** What MLflow calls these ends: RUNNING 1, SCHEDULED 2, FINISHED 3, FAILED 4, KILLED 5. */
const statusNumbers: Readonly<Record<RunStatus, number>> = {
  queued: 2,
  running: 1,
  paused: 1,
  interrupted: 5,
  stopped: 5,
  done: 3,
  diverged: 4,
  failed: 4
}

/** Longer values of parameters are refused by MLflow's reader. */
export const longestParameter = 6000

/** Gives the id of an experiment: 18 digits at most, as MLflow makes them. */
export function mlflowExperimentId({ key }: TrackedExperiment): string {
  return (BigInt(`0x${sha256(key)}`) % 10n ** 18n).toString()
}

/** Gives the id of a run: 32 hexadecimal digits. */
export function mlflowRunId({ key }: TrackedRun): string {
  return sha256(key).slice(0, 32)
}

/**
 * Gives the files of the experiment itself.
 * `root` is the absolute folder that holds `mlruns`' content; null where it is not known yet, as in a zip: the places of
 * artifacts are then relative to the folder from which MLflow is started.
 */
export function mlflowExperimentFiles(experiment: TrackedExperiment, root: string | null): OutputFile[] {
  const id = mlflowExperimentId(experiment)
  const meta = {
    artifact_location: placeOf(root, id),
    creation_time: experiment.createdAt,
    experiment_id: id,
    last_update_time: experiment.createdAt,
    lifecycle_stage: 'active',
    name: experiment.name
  }
  const files = [textFile(`${id}/meta.yaml`, yaml(meta))]
  if (experiment.note !== '') files.push(textFile(`${id}/tags/mlflow.note.content`, experiment.note))
  return files
}

/** Gives the files of one run, with its ONNX model, or a tag that says why it is left out. */
export function mlflowRunFiles(
  experiment: TrackedExperiment,
  run: TrackedRun,
  root: string | null,
  model: TrackedModel
): OutputFile[] {
  const experimentId = mlflowExperimentId(experiment)
  const id = mlflowRunId(run)
  const folder = `${experimentId}/${id}`
  const startedAt = run.startedAt ?? run.createdAt
  const meta = {
    artifact_uri: `${placeOf(root, folder)}/artifacts`,
    deleted_time: null,
    end_time: run.endedAt,
    entry_point_name: '',
    experiment_id: experimentId,
    lifecycle_stage: 'active',
    run_id: id,
    run_name: run.name,
    run_uuid: id,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: startedAt,
    status: statusNumbers[run.status],
    tags: [],
    user_id: 'topology-lab'
  }
  return [
    textFile(`${folder}/meta.yaml`, yaml(meta)),
    ...[...runTags(run, model)].map(([name, value]) => textFile(`${folder}/tags/${name}`, value)),
    ...[...run.settings].map(([name, { text }]) =>
      textFile(`${folder}/params/${name}`, text.slice(0, longestParameter))
    ),
    ...curveFiles(`${folder}/metrics`, run, startedAt),
    ...[...run.figures].map(([name, value]) =>
      textFile(`${folder}/metrics/${name}`, metricLine(Math.round(run.endedAt ?? startedAt), value, run.bestEpoch ?? 0))
    ),
    ...(model && 'content' in model ? [{ path: `${folder}/artifacts/model.onnx`, content: model.content }] : [])
  ]
}

/** The tags of a run, those that MLflow itself reads among them. */
export function runTags(run: TrackedRun, model: TrackedModel): Map<string, string> {
  const tags = new Map([
    ['mlflow.runName', run.name],
    ['mlflow.user', 'topology-lab'],
    ['mlflow.source.name', 'Topology Lab'],
    ['mlflow.source.type', 'LOCAL']
  ])
  if (run.note !== '') tags.set('mlflow.note.content', run.note)
  if (run.bestEpoch !== null) tags.set('best_epoch', `${run.bestEpoch}`)
  if (model && 'leftOut' in model) tags.set('model_left_out', model.leftOut)
  return tags
}

/** One file a column: a line for each epoch in which it has a value. */
function curveFiles(folder: string, { curve }: TrackedRun, startedAt: number): OutputFile[] {
  if (!curve) return []
  const { columns, firstEpoch } = curve
  const seconds = columnNamed(curve, 'seconds')
  return columns.flatMap((column) => {
    const values = columnNamed(curve, column)
    if (column === 'seconds' || !values.some(Number.isFinite)) return []
    function* lines() {
      for (const [row, value] of values.entries()) {
        if (!Number.isFinite(value)) continue
        yield metricLine(Math.round(startedAt + (seconds[row] ?? 0) * 1000), value, firstEpoch + row)
      }
    }
    return [{ path: `${folder}/${trackedColumn(column)}`, content: lines }]
  })
}

/** As MLflow writes them: milliseconds, value, step. */
function metricLine(at: number, value: number, step: number): string {
  return `${at} ${value} ${step}\n`
}

export function placeOf(root: string | null, path: string): string {
  return root === null ? `mlruns/${path}` : `${pathToFileURL(root).href.replace(/\/$/, '')}/${path}`
}

/** JSON's strings, numbers and null are YAML's as well. */
function yaml(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')
}

function textFile(path: string, text: string): OutputFile {
  return { path, content: () => [text] }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
