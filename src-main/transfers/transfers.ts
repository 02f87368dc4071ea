/** Moves work out of the lab and back in, as jobs: bundles, and runs to where people already keep theirs. */
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '#contract/errors.ts'
import type { FileSource } from '#contract/datasets.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { type Destination, destinations, type TransferProgress } from '#contract/transfers.ts'
import type { DatasetLibrary } from '#lab/library/library.ts'
import type { MetricsStream } from '#lab/runs/metrics-stream.ts'
import { failedItem } from '#lab/procedures/contract-errors.ts'
import type { Events } from '#lab/streams/events.ts'
import { type BundleOptions, type OnProgress, readBundle, writeBundle } from '#lab/transfers/bundle/bundle.ts'
import type { GatherOptions } from '#lab/models/gather-model.ts'
import { makeTemporary } from '#lab/datasets/temporary.ts'
import { type OutputFile, writeFolder, writeOne, writeZip } from '#lab/models/output-file.ts'
import type { ProofOptions } from '#lab/models/prove.ts'
import { curvesCsv, runsCsv } from '#lab/transfers/tracking/csv.ts'
import { mlflowExperimentFiles, mlflowRunFiles } from '#lab/transfers/tracking/mlflow.ts'
import { TrackedModels } from '#lab/transfers/tracking/tracked-models.ts'
import { tensorboardFiles } from '#lab/transfers/tracking/tensorboard.ts'
import { putExperiment, putRun } from '#lab/transfers/tracking/mlflow-rows.ts'
import { trackedExperiment, trackedRun, type TrackedRun } from '#lab/transfers/tracking/tracked-run.ts'
import { expectFileOrNothing, toWriteError } from '#lab/models/write-errors.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createJobs } from '#lab/streams/jobs.ts'
import { MlflowDatabase } from '#lab/store/mlflow-database.ts'
import type { Strays } from '#lab/store/strays.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'

export interface WriteRequest {
  readonly experimentId: number
  readonly to: Destination
  readonly path: string
}

export interface Transfers {
  /** Starts the job; follow it by its id. Errors: LabError 'not_found' for an unknown experiment. */
  write(request: WriteRequest): string
  read(source: FileSource): string
  follow(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<TransferProgress, void, void>
  cancel(jobId: string): void
  close(): Promise<void>
}

export interface TransferOptions extends BundleOptions, GatherOptions, ProofOptions {
  readonly strays: Strays
  readonly events: Events
  readonly library: Pick<DatasetLibrary, 'adding' | 'pathOf' | 'recordTable'>
  readonly experiments: Pick<Experiments, 'find' | 'get'>
  readonly stream: Pick<MetricsStream, 'read'>
  readonly services: Pick<HostServices, 'findUpload' | 'releaseUpload' | 'log'>
}

/** Creates the service. */
export function createTransfers(options: TransferOptions): Transfers {
  const { store, events, services } = options
  const jobs = createJobs<TransferProgress>()

  function start(work: (onProgress: OnProgress, signal: AbortSignal) => Promise<TransferProgress>): string {
    return jobs.start(async (report, signal) => {
      const onProgress: OnProgress = (fraction, message) => report({ type: 'progress', fraction, message })
      try {
        return await work(onProgress, signal)
      } catch (error) {
        const cancelled = new LabError('cancelled', 'It was cancelled; nothing was changed.')
        return failedItem(signal.aborted ? cancelled : error, services.log)
      }
    })
  }

  return {
    write({ experimentId, to, path }) {
      const experiment = options.experiments.find(experimentId)
      const target = resolve(path)
      const isFolder = destinations[to].isFolder && !/\.zip$/i.test(target)
      return start(async (onProgress, signal) => {
        if (!isFolder) await expectFileOrNothing(target)
        let leftOut: string[]
        try {
          const write = (place: string) =>
            writeTo(options, { experiment, to, target: place, isZip: !isFolder }, signal, onProgress)
          leftOut = isFolder ? await write(target) : await writeWhole(options.strays, target, write)
        } catch (error) {
          throw toWriteError(error, target)
        }
        return {
          type: 'written',
          name: basename(target),
          path: target,
          runs: store.runs.idsOf(experimentId).length,
          leftOut,
          bytes: isFolder ? 0 : (await stat(target)).size
        }
      })
    },

    read(source) {
      return start(async (onProgress, signal) => {
        const upload = 'uploadId' in source ? services.findUpload?.(source.uploadId) : null
        if ('uploadId' in source && !upload) {
          throw new LabError('not_found', 'The uploaded file is not there any more. Upload it again.')
        }
        const path = upload?.path ?? ('path' in source ? source.path : '')
        try {
          const shown = upload?.name ?? basename(path)
          const { experimentId, existed } = await options.library.adding(() =>
            readBundle(options, path, shown, signal, onProgress)
          )
          if (!existed) {
            events.publish({ type: 'datasets' })
            events.publish({ type: 'experiments' })
          }
          return { type: 'taken', experiment: options.experiments.get(experimentId), existed }
        } finally {
          if ('uploadId' in source) services.releaseUpload?.(source.uploadId)
        }
      })
    },

    follow: (jobId, signal) => jobs.follow(jobId, signal),
    cancel: (jobId) => jobs.cancel(jobId),
    close: () => jobs.close()
  }
}

/** A file appears whole or not at all. */
function writeWhole<Result>(
  strays: Strays,
  target: string,
  write: (place: string) => Promise<Result>
): Promise<Result> {
  return strays.beside(target, '.part', async (temporary) => {
    const result = await write(temporary)
    await rename(temporary, target)
    return result
  })
}

interface Writing {
  readonly experiment: StoredExperiment
  readonly to: Destination
  readonly target: string
  /** Whether a folder becomes one file. */
  readonly isZip: boolean
}

/** Gives a sentence for each reason why models of finished runs are not there. */
async function writeTo(
  options: TransferOptions,
  { experiment, to, target, isZip }: Writing,
  signal: AbortSignal,
  onProgress: OnProgress
): Promise<string[]> {
  if (to === 'bundle') {
    await writeBundle(options, experiment, target, signal, onProgress)
    return []
  }
  const runs = options.store.runs.list(experiment.id).reverse()
  const withCurves = trackedRuns(options, experiment, runs, onProgress)
  if (to === 'runs-csv') {
    const plain = runs.map((run) => trackedRun(experiment, run, null, testOf(options, run.id)))
    await writeOne(target, { path: '', content: () => runsCsv(plain) }, signal)
  } else if (to === 'curves-csv') {
    const columns = await columnsOf(options, runs)
    await writeOne(target, { path: '', content: () => curvesCsv(withCurves, columns) }, signal)
  } else {
    const root = isZip ? null : target
    await using models = new TrackedModels(options)
    const write = (files: AsyncIterable<OutputFile>) =>
      isZip ? writeZip(target, files, signal) : writeFolder(target, files, signal)
    if (to === 'mlflow') {
      await withMlflowDatabase(root, (db, packed) =>
        write(mlflowFiles({ models, db, root, packed }, experiment, withCurves))
      )
    } else await write(tensorboardOf(withCurves))
    return models.leftOut
  }
  return []
}

/** One run after the other with its curve, so that thousands of them need not be in memory at once. */
async function* trackedRuns(
  options: TransferOptions,
  experiment: StoredExperiment,
  runs: readonly StoredRun[],
  onProgress: OnProgress
): AsyncGenerator<TrackedRun & { readonly id: number }, void, void> {
  for (const [index, run] of runs.entries()) {
    onProgress(index / runs.length, `Run ${index + 1} of ${runs.length}`)
    const [curve] = await options.stream.read({ runIds: [run.id] })
    yield { ...trackedRun(experiment, run, curve ?? null, testOf(options, run.id)), id: run.id }
    await nextTurn()
  }
}

/** Every column that some run has, those of the deepest network included. */
async function columnsOf(options: TransferOptions, runs: readonly StoredRun[]): Promise<string[]> {
  const columns = new Set<string>()
  for (const run of runs) {
    const [curve] = await options.stream.read({ runIds: [run.id] })
    curve?.columns.forEach((column) => columns.add(column))
    await nextTurn()
  }
  return [...columns]
}

function testOf({ store }: TransferOptions, runId: number) {
  return store.openings.ofRun(runId)?.test ?? null
}

const mlflowDatabaseName = 'mlflow.db'

/** Opens the store in the folder that is written, or a new one elsewhere, which then goes into a zip as `packed`. */
async function withMlflowDatabase(
  root: string | null,
  use: (db: MlflowDatabase, packed: string | null) => Promise<void>
): Promise<void> {
  if (root !== null) await mkdir(root, { recursive: true })
  const temporary = root === null ? await makeTemporary() : null
  const path = join(root ?? temporary ?? '', mlflowDatabaseName)
  const db = await MlflowDatabase.open(path)
  try {
    await use(db, root === null ? path : null)
  } finally {
    db.close()
    if (temporary !== null) await rm(temporary, { recursive: true, force: true })
  }
}

interface MlflowWriting {
  readonly models: TrackedModels
  readonly db: MlflowDatabase
  readonly root: string | null
  readonly packed: string | null
}

/** Files of the old store, whose models the rows of the new one name as well; the database of a zip comes last. */
async function* mlflowFiles(
  { models, db, root, packed }: MlflowWriting,
  stored: StoredExperiment,
  runs: AsyncIterable<TrackedRun & { readonly id: number }>
): AsyncGenerator<OutputFile, void, void> {
  const below = (file: OutputFile): OutputFile => (root === null ? { ...file, path: `mlruns/${file.path}` } : file)
  const experiment = trackedExperiment(stored)
  await inSteps(putExperiment(db, experiment, root))
  yield* mlflowExperimentFiles(experiment, root).map(below)
  for await (const run of runs) {
    const model = run.status === 'done' ? await models.of(run.id) : null
    yield* mlflowRunFiles(experiment, run, root, model).map(below)
    await inSteps(putRun(db, experiment, run, root, model))
  }
  if (packed !== null) yield { path: mlflowDatabaseName, content: () => createReadStream(packed) }
}

/** Lets other work in between the steps. */
async function inSteps(steps: Generator<void, void, void>): Promise<void> {
  while (!steps.next().done) await nextTurn()
}

async function* tensorboardOf(runs: AsyncIterable<TrackedRun>): AsyncGenerator<OutputFile, void, void> {
  for await (const run of runs) yield* tensorboardFiles(run)
}
