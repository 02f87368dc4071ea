/** What a lab is made of, floor by floor: the services of all rooms over one store. Nothing starts here. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostInfo } from '#contract/host.ts'
import type { SweepSettings } from '#contract/sweeps.ts'
import { createChoice } from '#lab/choice/choice.ts'
import { createDuckDb } from '#lab/datasets/duckdb.ts'
import { createExperiments } from '#lab/experiments/experiments.ts'
import { createFolds } from '#lab/experiments/folds.ts'
import { createPreparedTables } from '#lab/experiments/prepared-tables.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createDiagnostics } from '#lab/insight/diagnostics/diagnostics.ts'
import { createRunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'
import { createLossSlices } from '#lab/insight/understanding/loss-slices.ts'
import { createUnderstanding } from '#lab/insight/understanding/understanding.ts'
import { checkLab } from '#lab/library/check-lab.ts'
import { createDatasetLibrary } from '#lab/library/library.ts'
import { createPredictions } from '#lab/models/predictions/predictions.ts'
import { createQueue } from '#lab/runs/queue.ts'
import { createRangeTests } from '#lab/runs/range-tests.ts'
import { createRuns } from '#lab/runs/runs.ts'
import { createTraining } from '#lab/runs/training.ts'
import { createPredictionTimes } from '#lab/selection/prediction-times.ts'
import { References } from '#lab/selection/references/references.ts'
import { Selection } from '#lab/selection/selection.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import { Strays } from '#lab/store/strays.ts'
import type { Store } from '#lab/store/store.ts'
import type { StoredSweep } from '#lab/store/sweeps.ts'
import { createEvents } from '#lab/streams/events.ts'
import { type Conductor, createConductor } from '#lab/sweeps/conductor.ts'
import { createLocalExecutor } from '#lab/sweeps/executor.ts'
import { createSweeps, describeSweep } from '#lab/sweeps/sweeps.ts'
import { createTrainsOn } from '#lab/sweeps/train-on.ts'
import { createTransfers } from '#lab/transfers/transfers.ts'
import { createFolderSharing } from '#lab/workers/folder/share.ts'
import { createServerExecutors } from '#lab/workers/nats/executor.ts'

export interface PartsOptions {
  readonly folder: string
  readonly services: HostServices
  readonly store: Store
  /** False beside the process that owns the lab: nothing is stored then. */
  readonly isOwned: boolean
}

export type Parts = ReturnType<typeof createParts>

/** Creates all services. What each needs of the others it takes by name from those made before it. */
export function createParts({ folder, services, store, isOwned }: PartsOptions) {
  const { root, log } = services
  const version = readVersion(root)
  const events = createEvents()
  const duckDb = createDuckDb({ log })
  const strays = new Strays(isOwned ? folder : null)
  const library = createDatasetLibrary({ folder, services, store, duckDb, events })
  const fileOf = (hash: string) => library.fileOf(hash)
  const prepared = createPreparedTables({
    folder: join(folder, 'prepared'),
    duckDb,
    experiments: store.experiments,
    folds: store.folds,
    fileOf: (experiment: StoredExperiment) => fileOf(experiment.datasetHash)
  })
  const watcher = {
    ready: () => conductor.onEngineReady(),
    failed: (reason: string) => conductor.onEngineFailed(reason)
  }
  const training = createTraining({ store, prepared, events, services, watcher })
  const base = {
    folder,
    root,
    version,
    services,
    log,
    store,
    events,
    duckDb,
    library,
    fileOf,
    prepared,
    strays,
    ...training
  }
  const { engine, runner } = base

  const discardRuns = (ids: readonly number[]) => runner.discard(ids)
  const experiments = createExperiments({ ...base, discardRuns })
  const runs = createRuns({ ...base, experiments })
  const queue = createQueue({ ...base, runs })
  const announce = (id: number) => {
    const stored = store.sweeps.get(id)
    if (stored) events.publish({ type: 'sweep', sweep: describeSweep(store, stored) })
  }
  const servers = createServerExecutors({ ...base, onWorkers: () => events.publish({ type: 'workers' }) })
  const local = createLocalExecutor(runner, engine)
  const executorOf = ({ settings: { workers } }: StoredSweep) => (workers === undefined ? local : servers.at(workers))
  const conductor: Conductor = createConductor({ ...base, announce, executorOf })
  const checkWorkers = async ({ workers }: SweepSettings) => {
    if (workers !== undefined) await servers.check(workers)
  }
  const sweeps = createSweeps({ ...base, experiments, folds: createFolds(base), conductor, checkWorkers })

  const predictionTimes = createPredictionTimes({ engine, known: store.predictionTimes, keeps: isOwned })
  const references = new References({ ...base, keeps: isOwned })
  const selection = new Selection({ ...base, experiments, predictionTimes, references, keeps: isOwned })
  const trainsOn = createTrainsOn({ ...base, conductor, selection })
  const outputs = createRunOutputs({ ...base, experiments })
  const choice = createChoice({ ...base, experiments, runs, selection, outputs })
  return {
    ...base,
    experiments,
    runs,
    queue,
    conductor,
    servers,
    sweeps,
    folderSharing: createFolderSharing({ ...base, conductor }),
    trainsOn,
    selection,
    references,
    choice,
    rangeTests: createRangeTests({ ...base, experiments }),
    diagnostics: createDiagnostics({ ...base, experiments, outputs }),
    understanding: createUnderstanding({ ...base, experiments }),
    lossSlices: createLossSlices({ ...base, experiments }),
    predictions: createPredictions(base),
    transfers: createTransfers({ ...base, experiments }),
    info: (): HostInfo => {
      const { state, threads } = engine.status()
      const { name, capabilities } = services
      return { name, version, labFolder: folder, capabilities, engine: { state, threads } }
    },
    check: (mends: boolean) => checkLab({ folder, store }, mends),
    settings: store.settings,
    /** Remembers an export that was made. */
    record: isOwned
      ? (runId: number, made: Parameters<typeof store.exports.add>[1]) => store.exports.add(runId, made)
      : undefined
  }
}

function readVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}
