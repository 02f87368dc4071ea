/** The app's state as a whole: one object a concern, wired to the lab once and handed to the screens by context. */
import { createContext } from 'svelte'
import { joinOptions, type ReadOptions } from '#contract/reading.ts'
import type { Dataset } from '#contract/datasets.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { LabEvent } from '#contract/host.ts'
import type { Run } from '#contract/runs.ts'
import type { Sweep } from '#contract/sweeps.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import { follow } from '#renderer/lab/follow.ts'
import type { ConnectionState } from '#renderer/state/connection.svelte.ts'
import { Curves } from '#renderer/state/curves.svelte.ts'
import { DropTarget } from '#renderer/state/drop-target.svelte.ts'
import { ExperimentSession, type Suggestion } from '#renderer/state/experiment-session.svelte.ts'
import { type FilesSource, ImportJob, type ImportSource } from '#renderer/state/import-job.svelte.ts'
import type { SweepRequest } from '#renderer/state/forecast.svelte.ts'
import { Library } from '#renderer/state/library.svelte.ts'
import { Navigation } from '#renderer/state/navigation.svelte.ts'
import { Preferences } from '#renderer/state/preferences.svelte.ts'
import { Queue } from '#renderer/state/queue.svelte.ts'
import { Workers } from '#renderer/state/workers.svelte.ts'
import { RunList } from '#renderer/state/run-list.svelte.ts'
import { Sparks } from '#renderer/state/sparks.svelte.ts'
import { SweepList } from '#renderer/state/sweep-list.svelte.ts'
import { Undo } from '#renderer/state/undo.svelte.ts'
import { unpackRuns } from '#trials/run-pieces.ts'

const removedAtOnce = 100

export class App {
  readonly client: LabClient
  readonly connection: ConnectionState
  readonly library: Library
  readonly runs: RunList
  readonly sweeps = new SweepList()
  readonly curves: Curves
  readonly sparks: Sparks
  readonly queue: Queue
  readonly workers: Workers
  /** What was imported in this window, by the data set that came of it. */
  readonly #files = new Map<string, FilesSource>()
  readonly imports: ImportJob
  readonly navigation: Navigation
  readonly preferences: Preferences
  readonly undo = new Undo()
  readonly drops = new DropTarget()
  #sessions = new Map<number, ExperimentSession>()
  /** Experiments whose runs are being read. */
  #loading = new Map<number, Promise<Run[]>>()

  constructor(client: LabClient, connection: ConnectionState, page: Window) {
    const nextFrame = (task: () => void) => void page.requestAnimationFrame(task)
    this.client = client
    this.connection = connection
    this.library = new Library(client, toFailure)
    this.runs = new RunList(nextFrame)
    this.curves = new Curves({ runs: client.runs, follow, nextFrame })
    this.sparks = new Sparks(client.runs)
    this.queue = new Queue(client)
    this.workers = new Workers(client)
    this.imports = new ImportJob({ datasets: client.datasets, transfers: client.transfers, follow, toFailure })
    this.navigation = new Navigation(page)
    this.preferences = new Preferences(client.host.settings, page.localStorage)
  }

  /** Reads the lab and follows its events until `signal` aborts. */
  async start(signal: AbortSignal): Promise<void> {
    void this.preferences.load().catch(() => undefined)
    const following = follow<LabEvent>(
      (options) => this.client.host.events(undefined, options),
      (event) => this.#take(event),
      signal
    )
    this.#readAhead()
    await this.library.load()
    await following.catch((error: unknown) => (this.library.failure = toFailure(error)))
  }

  /** Reads everything again that events may have told while nobody listened. */
  async reload(): Promise<void> {
    await this.library.load()
    await Promise.all([...this.#sessions.keys()].flatMap((id) => [this.loadRuns(id), this.loadSweeps(id)]))
  }

  /**
   * Reads the runs of an experiment piece by piece, newest first. The first piece is on the screen at once; all others
   * come to it together, because the table is worked out from all of it each time. Who asks while they are being read
   * waits for the same answer; what changes meanwhile comes as events.
   */
  loadRuns(experimentId: number): Promise<Run[]> {
    const loading = this.#loading.get(experimentId) ?? this.#readRuns(experimentId)
    this.#loading.set(experimentId, loading)
    return loading.finally(() => this.#loading.delete(experimentId))
  }

  /**
   * Begins to read the runs of the experiment in the address before anything else is there: they take longest, and need
   * nothing of it. Its screen takes them over.
   */
  #readAhead(): void {
    const { place } = this.navigation
    if (place.screen !== 'experiment') return
    const loading = this.#readRuns(place.experimentId)
    this.#loading.set(place.experimentId, loading)
    // There may be no such experiment, and then no screen that asks.
    loading.catch(() => this.#loading.delete(place.experimentId))
  }

  async #readRuns(experimentId: number): Promise<Run[]> {
    const all: Run[] = []
    for await (const piece of unpackRuns(await this.client.runs.list({ experimentId }))) {
      this.runs.put(piece, all.length === 0)
      all.push(...piece)
    }
    this.runs.put([])
    return all
  }

  async loadSweeps(experimentId: number): Promise<void> {
    this.sweeps.put(await this.client.sweeps.list({ experimentId }))
  }

  /** Starts a sweep; its runs are on the screen at once, before any has begun. */
  async startSweep(settings: SweepRequest): Promise<Sweep> {
    const sweep = await this.client.sweeps.start(settings)
    this.sweeps.put([sweep])
    await this.#readRuns(sweep.experimentId)
    return sweep
  }

  /** Trains on, from their checkpoints, what its last epoch ended while it was still learning. */
  async trainOn(experimentId: number, folds: number | null): Promise<void> {
    await this.client.sweeps.trainOn({ experimentId, folds })
    await this.#readRuns(experimentId)
  }

  /** The work place of an experiment; the same one each time. */
  session(experiment: Experiment): ExperimentSession {
    const known = this.#sessions.get(experiment.id)
    if (known) return known
    const session = outliving(() => new ExperimentSession(experiment))
    this.#sessions.set(experiment.id, session)
    return session
  }

  /** Imports files and goes to their profile. */
  async importFiles(source: ImportSource, options: ReadOptions = {}): Promise<void> {
    const dataset = await this.imports.run(source, options)
    if (dataset && source.kind === 'files') this.#files.set(dataset.id, source)
    if (dataset) this.navigation.go({ screen: 'dataset', datasetId: dataset.id })
  }

  /** Reads the files of a data set once more in another way, and goes to the new data set. */
  async readAgain({ id, source: label, reading }: Dataset, options: ReadOptions): Promise<void> {
    // Uploads are gone when they were read, so the window's own files are taken where it still has them.
    const files = this.#files.get(id)
    if (files) await this.importFiles(files, joinOptions(reading?.options ?? {}, options))
    else await this.importFiles({ kind: 'dataset', label, datasetId: id }, options)
  }

  /** Takes in a bundle and goes to its experiment. */
  async importBundle(source: FilesSource): Promise<void> {
    const experiment = await this.imports.runBundle(source)
    if (!experiment) return
    await this.library.load()
    this.#goTo(experiment)
  }

  /** Imports a sample, accepts what is proposed for it, and goes to its experiment: ready to train. */
  async openSample(sampleId: string, label: string, suggestion?: Suggestion): Promise<void> {
    const dataset = await this.imports.run({ kind: 'sample', label, sampleId })
    if (!dataset) return
    const experiment = this.library.experiments.find(({ settings }) => settings.datasetId === dataset.id)
    if (experiment) this.#goTo(experiment, suggestion)
    else await this.#createProposed(dataset, suggestion)
  }

  async #createProposed(dataset: Dataset, suggestion: Suggestion | undefined): Promise<void> {
    try {
      const { settings } = await this.client.experiments.propose({ datasetId: dataset.id })
      const experiment = await this.client.experiments.create({ settings })
      this.library.put(experiment)
      this.#goTo(experiment, suggestion)
    } catch {
      // Where the proposal does not work as it is, its own screen says what to change.
      this.navigation.go({ screen: 'dataset', datasetId: dataset.id })
    }
  }

  #goTo(experiment: Experiment, suggestion?: Suggestion): void {
    if (suggestion) this.session(experiment).suggest(suggestion)
    this.navigation.go({ screen: 'experiment', experimentId: experiment.id, runId: null })
  }

  /** Takes runs off the screen at once, and out of the lab when the time to undo is up. */
  removeRuns(runs: readonly Run[], message: string): void {
    const runIds = runs.map((run) => run.id)
    this.runs.hide(runIds)
    for (const experimentId of new Set(runs.map((run) => run.experimentId))) {
      this.#sessions.get(experimentId)?.forget(runIds)
    }
    const commit = () => void this.#remove(runIds).catch(() => this.runs.unhide(runIds))
    this.undo.offer(message, commit, () => this.runs.unhide(runIds))
  }

  /** In parts, so that the lab has time for others in between. */
  async #remove(runIds: readonly number[]): Promise<void> {
    for (let start = 0; start < runIds.length; start += removedAtOnce) {
      await this.client.runs.remove({ runIds: runIds.slice(start, start + removedAtOnce) })
    }
  }

  /** A sweep that somebody else started comes with runs that no event has told of. */
  #takeSweep(sweep: Sweep): void {
    const isNew = !this.sweeps.has(sweep.id)
    this.sweeps.put([sweep])
    if (isNew && this.#sessions.has(sweep.experimentId)) {
      void this.#readRuns(sweep.experimentId).catch(() => undefined)
    }
  }

  #take(event: LabEvent): void {
    if (event.type === 'run') {
      this.runs.put([event.run])
      if (event.run.status === 'running') this.sparks.take([event.run])
    } else if (event.type === 'queue') this.queue.onChange()
    else if (event.type === 'workers') this.workers.onChange()
    else if (event.type === 'sweep') this.#takeSweep(event.sweep)
    else if (event.type === 'runs.removed') {
      this.runs.drop(event.runIds)
      this.curves.forget(event.runIds)
      this.sparks.forget(event.runIds)
      for (const session of this.#sessions.values()) session.forget(event.runIds)
    } else this.library.take(event)
  }
}

/**
 * Makes what is kept beyond the screen that asked for it: what is derived in the scope of a component no longer follows
 * its sources once that component is gone.
 */
function outliving<Made>(make: () => Made): Made {
  let made: Made | undefined
  $effect.root(() => {
    made = make()
  })
  return made as Made
}

export const [useApp, provideApp] = createContext<App>()
