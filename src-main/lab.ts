/**
 * The application without a host: wires store, data sets, experiments and the engine together behind the contract.
 * Hosts mount `router` on their transport; the CLI and tests call `client`.
 */
import { mkdir, stat } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { LabError } from '#contract/errors.ts'
import { createTables } from '#lab/datasets/duckdb.ts'
import { createDatasetLibrary } from '#lab/library/library.ts'
import { createEngineHost, type EngineStatus } from '#lab/engine/host.ts'
import { createEvents } from '#lab/streams/events.ts'
import { createAnnouncer } from '#lab/runs/announcer.ts'
import { createChoice } from '#lab/choice/choice.ts'
import { createDiagnostics } from '#lab/insight/diagnostics/diagnostics.ts'
import { createRunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'
import { createExperiments } from '#lab/experiments/experiments.ts'
import { createMetricsStream } from '#lab/runs/metrics-stream.ts'
import { createFolds } from '#lab/experiments/folds.ts'
import { createPreparedTables } from '#lab/experiments/prepared-tables.ts'
import { createQueue } from '#lab/runs/queue.ts'
import { createRecorder } from '#lab/runs/recorder.ts'
import { createRangeTests } from '#lab/runs/range-tests.ts'
import { interruptActive } from '#lab/runs/run-status.ts'
import { createRunner, type Runner } from '#lab/runs/runner.ts'
import { forecastRun } from '#lab/sweeps/run-forecast.ts'
import { createColumnsOf, createRuns, toRun } from '#lab/runs/runs.ts'
import { createStatuses, type Statuses } from '#lab/runs/statuses.ts'
import { openTestPart, toOpenedTest } from '#lab/choice/test-part.ts'
import { createPredictionTimes } from '#lab/selection/prediction-times.ts'
import { createSelection } from '#lab/selection/selection.ts'
import { createConductor, type Conductor } from '#lab/sweeps/conductor.ts'
import { createSweeps, describeSweep, interruptSweeps } from '#lab/sweeps/sweeps.ts'
import { createUnderstanding } from '#lab/insight/understanding/understanding.ts'
import { gatherReport } from '#lab/report/document.ts'
import { writeReport } from '#lab/report/report.ts'
import { writeExport } from '#lab/models/exports.ts'
import { takeOver } from '#lab/models/onnx-import/take-over.ts'
import { cleanBundles } from '#lab/transfers/bundle/bundle.ts'
import { createTransfers } from '#lab/transfers/transfers.ts'
import { createPredictions } from '#lab/models/predictions/predictions.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createRouter, type Router } from '#lab/router.ts'
import { busyError, type Owner, type Ownership, takeOwnership } from '#lab/store/owner.ts'
import { folderProblem } from '#lab/store/problems.ts'
import { openStore } from '#lab/store/store.ts'

export { readOwner } from '#lab/store/owner.ts'

export interface Lab {
  readonly folder: string
  /** The implemented contract, for the transports. */
  readonly router: Router
  /** Calls the contract directly, in this process. */
  readonly client: RouterClient<Router>
  /** Starts the engine before the first run asks for it. */
  startEngine(): void
  /** The same, and loads DuckDB before somebody looks at data; for hosts that stay. */
  warmUp(): void
  /** Goes on with the runs and sweeps that the end of the lab interrupted; for hosts that stay. */
  continueInterrupted(): void
  /** How many runs train or wait for their turn. */
  countActive(): number
  /** Tells other processes where they can join this one. */
  announce(address: NonNullable<Owner['address']>): void
  /** Stores what is in training, so that it can go on later, and lets go of the folder. */
  close(): Promise<void>
}

export interface LabOptions {
  /** Reads beside the process that owns the lab; whatever would change it is refused with `lab_busy`. */
  readonly readOnly?: boolean
}

/** What a reader beside the owner may call. */
const readingCalls: ReadonlySet<string> = new Set([
  'host.info',
  'host.events',
  'host.reserveDownload',
  'host.settings.get',
  'datasets.samples',
  'datasets.list',
  'datasets.get',
  'datasets.preview',
  'experiments.propose',
  'experiments.inspect',
  'experiments.list',
  'experiments.get',
  'runs.forecast',
  'runs.list',
  'runs.get',
  'runs.curves',
  'runs.details',
  'runs.metrics',
  'runs.kept',
  'runs.weights',
  'runs.openedTest',
  'queue.get',
  'sweeps.forecast',
  'sweeps.list',
  'sweeps.get',
  'understand.axes',
  'understand.surface',
  'understand.network',
  'exports.write',
  'transfers.write',
  'transfers.progress',
  'transfers.cancel',
  'exports.list',
  'predictions.form',
  'predictions.rows',
  'predictions.example',
  'predictions.check',
  'predictions.write',
  'predictions.progress',
  'predictions.cancel',
  'predictions.release',
  'selection.complexity',
  'selection.learningCurves',
  'selection.verdict',
  'diagnostics.ofPart',
  'diagnostics.worstRows',
  'diagnostics.importance',
  'report.write',
  'choice.get',
  'choice.expectation'
])

/**
 * Opens the lab in a folder, making a new one where there is none.
 * Errors: throws LabError 'lab_busy' where another process owns it, and 'lab_unusable' with the reason where the
 * folder can't be written, or its store is damaged or from a newer version; it is left as it is then.
 */
export async function createLab(folder: string, services: HostServices, options: LabOptions = {}): Promise<Lab> {
  const readOnly = options.readOnly ?? false
  if (!readOnly) await makeFolders(folder)
  const ownership = readOnly ? null : await takeOwnership(folder, services.name)
  try {
    return await openLab(folder, services, ownership)
  } catch (error) {
    ownership?.release()
    throw error
  }
}

async function openLab(folder: string, services: HostServices, ownership: Ownership | null): Promise<Lab> {
  const { log } = services
  const store = await openStore({
    folder,
    migrationsFolder: join(services.root, 'src-main', 'store', 'migrations'),
    readOnly: ownership === null,
    suspicious: ownership?.wasUnclean ?? false
  })
  const tables = createTables({ log })
  const events = createEvents()
  const library = createDatasetLibrary({ folder, services, store, tables, events })
  const prepared = createPreparedTables({
    folder: join(folder, 'prepared'),
    tables,
    experiments: store.experiments,
    folds: store.folds,
    fileOf: (experiment) => library.fileOf(experiment.datasetHash)
  })
  const columnsOf = createColumnsOf(store)
  const stream = createMetricsStream(store.metrics, columnsOf)
  const engine = createEngineHost({
    launch: services.launchEngine,
    log,
    now: () => performance.now(),
    listener: {
      onRunEvent: (event) => runner.onRunEvent(event),
      onRunsLost: (runIds, message) => runner.onRunsLost(runIds, message),
      onStatus: (status) => onEngineStatus(status)
    }
  })
  const engineThreads = () => engine.status().threads
  const announcer = createAnnouncer(events, (runId) => {
    const stored = store.runs.get(runId)
    return stored && toRun(statuses.asItStands(stored), runner.tracker(runId))
  })
  const statuses: Statuses = createStatuses(store, announcer, log)
  const recorder = createRecorder({ store, statuses, stream, announcer, log })
  const runner: Runner = createRunner({
    store,
    engine,
    tables: prepared,
    statuses,
    recorder,
    onChange: () => events.publish({ type: 'queue' }),
    log
  })
  const experiments = createExperiments({
    store,
    library,
    tables,
    prepared,
    events,
    discardRuns: (ids) => runner.discard(ids)
  })
  const runs = createRuns({
    store,
    experiments,
    runner,
    statuses,
    events,
    engineThreads
  })
  const queue = createQueue({ store, runs, runner, engineThreads })
  const conductor: Conductor = createConductor({
    store,
    engine,
    runner,
    statuses,
    events,
    columnsOf,
    announce: (id) => {
      const stored = store.sweeps.get(id)
      if (stored) events.publish({ type: 'sweep', sweep: describeSweep(store, stored) })
    },
    log
  })
  const folds = createFolds({ store, tables, fileOf: (hash) => library.fileOf(hash) })
  const sweeps = createSweeps({ store, experiments, folds, engine, conductor })

  const predictions = createPredictions({
    store,
    tables,
    engine,
    log,
    fileOf: (hash) => library.fileOf(hash),
    find: (source) => library.find(source),
    release: (sources) => library.release(sources)
  })

  function onEngineStatus({ state, message }: EngineStatus): void {
    events.publish({ type: 'engine', state, message })
    if (state === 'ready') {
      runner.startWaiting()
      conductor.onEngineReady()
    }
    if (state === 'failed') {
      const reason = message ?? 'The training engine has failed.'
      conductor.onEngineFailed(reason)
      runner.onEngineFailed(reason)
    }
  }

  const rangeTests = createRangeTests({ experiments, prepared, engine, log })
  const selection = createSelection({
    store,
    experiments,
    prepared,
    predictionTimes: createPredictionTimes({ engine, known: store.predictionTimes, keeps: ownership !== null }),
    columnsOf
  })
  const outputs = createRunOutputs({ store, experiments, prepared, engine })
  const choice = createChoice({ store, experiments, runs, selection, outputs, events })
  const testPart = {
    store,
    experiments,
    prepared,
    engine,
    announcer,
    events,
    expect: (runId: number) => choice.expectation(runId)
  }

  /** The report is over what the choice was made by; before it, over the validation part, or folds where only they are. */
  async function reportedFolds(experimentId: number): Promise<number | null> {
    const [newest] = store.choices.ofExperiment(experimentId)
    const chosen = store.runs.get(newest?.runId ?? 0)
    if (chosen) return chosen.data.kind === 'fold' ? chosen.data.of : null
    const { candidates, foldCounts } = await choice.get(experimentId, null)
    return candidates.length > 0 ? null : (foldCounts.at(-1) ?? null)
  }

  const version = readVersion(services.root)
  const transfers = createTransfers({
    folder,
    root: services.root,
    version,
    store,
    tables,
    fileOf: (hash) => library.fileOf(hash),
    engine,
    prepared,
    events,
    adding: (work) => library.adding(work),
    find: (id) => experiments.find(id),
    get: (id) => experiments.get(id),
    readCurves: (runIds) => stream.read({ runIds }),
    services
  })
  const router = createRouter({
    info: () => {
      const { state, threads } = engine.status()
      return {
        name: services.name,
        version,
        labFolder: folder,
        capabilities: services.capabilities,
        engine: { state, threads }
      }
    },
    reserveDownload: async (name) => {
      if (services.reserveDownload) return services.reserveDownload(name)
      throw new LabError('conflict', 'This host sends no files: give the path where the file is to be written.')
    },
    events,
    settings: store.settings,
    library,
    experiments,
    runs,
    queue,
    forecastRun: (request) => forecastRun(store, experiments, request),
    sweeps,
    selection,
    choice,
    diagnostics: createDiagnostics({
      store,
      experiments,
      prepared,
      engine,
      outputs,
      tables,
      fileOf: (hash) => library.fileOf(hash)
    }),
    understanding: createUnderstanding({ store, experiments, prepared, engine, runner }),
    stream,
    rangeTests,
    transfers,
    openTest: (runId) => openTestPart(testPart, runId),
    openedTest: (runId) => {
      runs.get(runId)
      const opening = store.openings.ofRun(runId)
      return opening && toOpenedTest(opening)
    },
    async writeReport(experimentId, format, path) {
      const experiment = experiments.find(experimentId)
      const folds = await reportedFolds(experimentId)
      const [complexity, chosen] = await Promise.all([
        selection.complexity({ experimentId, axis: 'parameters', measure: 'error', folds }),
        choice.get(experimentId, folds)
      ])
      const facts = { store, experiment, complexity, choice: chosen, version, now: Date.now() }
      return writeReport(gatherReport(facts), format, path)
    },
    writeExport: (request) =>
      writeExport(
        {
          store,
          prepared,
          engine,
          tables,
          fileOf: (hash) => library.fileOf(hash),
          version,
          record: ownership ? (runId, record) => store.exports.add(runId, record) : undefined
        },
        request
      ),
    importModel: async ({ experimentId, file, inputs }) => {
      const experiment = experiments.find(experimentId)
      try {
        const id = await takeOver({ store, prepared, engine }, { experiment, file: library.find(file), inputs })
        const run = runs.get(id)
        events.publish({ type: 'run', run })
        events.publish({ type: 'experiments' })
        return run
      } finally {
        library.release([file])
      }
    },
    predictions,
    listExports: (runId) => {
      runs.get(runId)
      return store.exports.ofRun(runId)
    },
    admit: (path) => {
      if (ownership === null && !readingCalls.has(path.join('.'))) throw busyError(folder)
    },
    log
  })

  if (ownership) {
    interruptActive(store, 'The lab ended while it was in training.')
    interruptSweeps(store)
    store.adoptions.clean()
    await Promise.all([prepared.clean(), library.clean(), cleanBundles(folder)])
  } else {
    // Nothing live reaches a reader: its streams end with what is stored.
    stream.close()
    events.close()
  }

  /** A full disk must not keep the folder locked: what is not marked now is marked when the lab is opened again. */
  async function closeRuns(): Promise<void> {
    try {
      const { training, waiting } = runner.order()
      conductor.close()
      await runner.close()
      interruptActive(store, 'The lab was closed while it was in training.', [...training, ...waiting])
    } catch (error) {
      log('error', `The runs could not be marked as interrupted: ${String(error)}`)
    }
  }

  async function close(): Promise<void> {
    try {
      if (ownership) await closeRuns()
      await rangeTests.close()
      prepared.close()
      await library.close()
      await transfers.close()
      await predictions.close()
      announcer.close()
      stream.close()
      events.close()
      await engine.close()
      await tables.close()
    } finally {
      store.close()
      ownership?.release()
    }
  }

  let closed: Promise<void> | null = null
  return {
    folder,
    router,
    client: createRouterClient(router),
    startEngine: () => engine.start(),
    warmUp() {
      engine.start()
      tables.warmUp()
    },
    continueInterrupted() {
      if (queue.resumes()) {
        runs.continueInterrupted().catch((error: unknown) => log('error', `The runs wait: ${String(error)}`))
        sweeps.continueInterrupted().catch((error: unknown) => log('error', `The sweeps wait: ${String(error)}`))
      }
    },
    countActive() {
      const { training, waiting } = runner.order()
      return training.length + waiting.length
    },
    announce: (address) => ownership?.announce(address),
    close: () => (closed ??= close())
  }
}

async function makeFolders(folder: string): Promise<void> {
  try {
    for (const each of [folder, join(folder, 'datasets'), join(folder, 'prepared')]) await makeFolder(each)
  } catch (error) {
    throw folderProblem(folder, error)
  }
}

/** With the folders above it. Node's own recursive mkdir() tries for ever where a system makes none, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  await mkdir(folder).catch(async (error: unknown) => {
    // Somebody else was faster.
    if (await isFolder(folder)) return
    const isNowhere = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw isNowhere ? new Error('No folder can be made there. Choose another one.') : error
  })
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )
}

function readVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}
