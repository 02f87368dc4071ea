/**
 * Runs in training: the queue before the engine, and control of what is in it. Owns which runs are active; what a run
 * is, the store owns.
 */
import { storedCount } from '#engine/network/topology.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { snapshotEpochs } from '#engine/training/snapshots.ts'
import type { EngineHost, EngineListener, RunEvent } from '#lab/engine/host.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { type ActiveRun, ActiveRuns, type Until } from '#lab/runs/active-runs.ts'
import { type ProgressTracker, trackProgress } from '#lab/runs/progress.ts'
import type { Recorder } from '#lab/runs/recorder.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { storageProblem } from '#lab/store/problems.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Runner extends Pick<EngineListener, 'onRunEvent' | 'onRunsLost'> {
  /** Puts runs into the queue; their status is `queued`. */
  enqueue(runIds: readonly number[], until?: Until): void
  /** Starts what waits, as far as the engine has threads for it. */
  startWaiting(): void
  /** These three resolve once the run has its new status, or after seconds, a limit, as it then stands. */
  pause(run: StoredRun): Promise<void>
  resume(run: StoredRun): Promise<void>
  stop(run: StoredRun, message?: string): Promise<void>
  /** Forgets runs that are about to be removed. */
  discard(runIds: readonly number[]): void
  /** What takes the engine's threads, and what waits, in the order of its turn. */
  order(): { readonly training: readonly number[]; readonly waiting: readonly number[] }
  /** Gives the waiting runs another order, and keeps it. */
  reorder(waiting: readonly number[]): void
  /** Sets how many runs train at once at most; null: as many as the engine has threads. */
  setParallel(most: number | null): void
  /** Whether a run waits here or is in the engine. */
  has(runId: number): boolean
  /** How far a run in the engine has come; null for others. */
  tracker(runId: number): ProgressTracker | null
  /** Leaves what waits for an engine that does not come back interrupted. */
  onEngineFailed(message: string): void
  /** Pauses what trains, so that its checkpoints are stored, and starts nothing more. */
  close(): Promise<void>
}

export interface RunnerOptions {
  readonly store: Store
  readonly engine: EngineHost
  readonly prepared: PreparedTables
  readonly statuses: Statuses
  readonly recorder: Recorder
  /** Hears whenever what trains or waits has changed. */
  readonly onChange: () => void
  readonly log: HostServices['log']
}

/** How long the engine may take to answer; it takes one step of about 10 ms. */
const answerLimitMs = 2000

/** How long a pause may take: on a machine with other work, a run may come up first, with a thread of its own. */
const pauseLimitMs = 20_000

const stoppedByRequest = 'Stopped by request.'

/** Creates the runner with nothing in it. */
export function createRunner(options: RunnerOptions): Runner {
  return new EngineRunner(options)
}

class EngineRunner implements Runner {
  readonly #options: RunnerOptions
  readonly #runs = new ActiveRuns()
  #closing = false

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  enqueue(runIds: readonly number[], until?: Until): void {
    const { engine, store } = this.#options
    if (engine.status().state === 'failed') engine.start()
    for (const id of runIds) this.#runs.add(id, store.runs.get(id)?.plan.threads ?? 1, until)
    this.#options.onChange()
    this.startWaiting()
  }

  startWaiting(): void {
    const { engine, onChange } = this.#options
    while (!this.#closing) {
      const next = this.#runs.takeNext(engine.status().threads)
      if (!next) return
      this.#begin(next)
      onChange()
    }
  }

  #begin(run: ActiveRun): void {
    if (run.tracker) {
      run.phase = 'training'
      this.#options.engine.resumeRun(run.id)
    } else {
      run.phase = 'preparing'
      this.#start(run).catch((error: unknown) => this.#breakOff(run, error))
    }
  }

  async #start(run: ActiveRun): Promise<void> {
    const { store, engine, prepared, statuses } = this.#options
    const stored = store.runs.get(run.id)
    const experiment = stored && store.experiments.get(stored.experimentId)
    if (!experiment) return this.#leave(run)
    const table = await prepared.prepare(experiment, stored.data)
    const loading = engine.loadDataset(table)
    // What another run holds is there, and messages keep their order: no need to wait for the answer.
    if (this.#runs.holds(table.id)) loading.catch(() => undefined)
    else await loading
    // Paused, stopped, removed or lost while its table was being prepared.
    if (!this.#runs.includes(run) || this.#closing) return engine.releaseDataset(table.id)
    run.heldDataset = table.id
    const checkpoint = store.checkpoints.read(run.id)
    engine.startRun({
      runId: run.id,
      datasetId: table.id,
      topology: stored.topology,
      plan: stored.plan,
      seed: stored.seed,
      checkpoint,
      ...(checkpoint === null && stored.fromEpoch !== undefined && { initial: beginningOf(store, stored) }),
      snapshotEpochs: epochsToKeep(stored),
      haltEpoch: run.until?.epoch
    })
    const columns = metricColumns(experiment.settings.task, stored.topology)
    run.tracker = trackProgress(columns, table.validation !== null, stored.plan.stopping, stored)
    run.phase = 'training'
    statuses.change(run.id, { status: 'running', message: null, startedAt: Date.now(), endedAt: null })
  }

  /** Takes a run out of all that is active and starts the next one. */
  #leave(run: ActiveRun): void {
    this.#runs.remove(run)
    this.#options.onChange()
    this.startWaiting()
    // Last, so that the next run of the same experiment finds its table still loaded.
    if (run.heldDataset !== null) this.#options.engine.releaseDataset(run.heldDataset)
    run.heldDataset = null
  }

  /** Ends a run that could not start or be recorded: it can go on later where the cause may pass, else it failed. */
  #breakOff(run: ActiveRun, error: unknown): void {
    const { engine, statuses, log } = this.#options
    if (!this.#runs.includes(run) || this.#closing) return
    const known = storageProblem(error)
    const mayPass = known?.code === 'lab_unusable' || known?.code === 'engine'
    const message = known?.message ?? 'The run ended by an unexpected error; the log tells more.'
    if (!known) log('error', `Run ${run.id}: ${error instanceof Error ? error.stack : String(error)}`)
    if (run.tracker) engine.stopRun(run.id)
    statuses.insist(run.id, { status: mayPass ? 'interrupted' : 'failed', message, endedAt: Date.now() })
    this.#leave(run)
  }

  async pause(stored: StoredRun): Promise<void> {
    const { statuses, engine, onChange } = this.#options
    const run = this.#runs.get(stored.id)
    if (run?.phase === 'training' || run?.phase === 'settling') {
      // One that goes on at this moment, or has just been sent to a thread, is told to run or to wait first.
      const held = statuses.next(run.id, pauseLimitMs, (status) => status !== 'running' && status !== 'queued')
      engine.pauseRun(run.id)
      return held
    }
    statuses.change(stored.id, { status: 'paused', message: null })
    if (run?.tracker) {
      this.#runs.leaveQueue(run)
      run.phase = 'held'
      onChange()
    } else if (run) {
      this.#leave(run)
    }
  }

  async resume(stored: StoredRun): Promise<void> {
    const { statuses, onChange } = this.#options
    const run = this.#runs.get(stored.id)
    if (!run) {
      statuses.change(stored.id, { status: 'queued', message: null, endedAt: null })
      return this.enqueue([stored.id])
    }
    const changed = statuses.next(run.id, answerLimitMs)
    // Somebody else has asked for it a moment ago.
    if (run.phase !== 'held') return changed
    // It is still in the engine: it goes on as soon as a thread is free, before those that have not begun.
    this.#runs.waitFirst(run)
    onChange()
    this.startWaiting()
    if (this.#runs.waiting().includes(run)) statuses.change(run.id, { status: 'queued', message: null })
    return changed
  }

  async stop(stored: StoredRun, message = stoppedByRequest): Promise<void> {
    const { statuses, engine } = this.#options
    const run = this.#runs.get(stored.id)
    if (run?.tracker) {
      run.stopMessage = message
      const changed = statuses.next(run.id, answerLimitMs)
      engine.stopRun(run.id)
      return changed
    }
    const endedAt = Date.now()
    statuses.change(stored.id, { status: 'stopped', message, reason: 'asked', endedAt })
    if (run) this.#leave(run)
  }

  discard(runIds: readonly number[]): void {
    for (const run of this.#known(runIds)) {
      if (run.tracker) this.#options.engine.stopRun(run.id)
      this.#leave(run)
    }
  }

  #known(runIds: readonly number[]): ActiveRun[] {
    return runIds.flatMap((id) => this.#runs.get(id) ?? [])
  }

  onRunEvent(event: RunEvent): void {
    try {
      this.#record(event)
    } catch (error) {
      const ids = event.type === 'frame' ? event.runs.map((frame) => frame.runId) : [event.runId]
      for (const run of this.#known(ids)) this.#breakOff(run, error)
    }
  }

  #record(event: RunEvent): void {
    const { recorder } = this.#options
    if (event.type === 'frame') {
      const known = event.runs.flatMap((frame) => {
        const tracker = this.tracker(frame.runId)
        return tracker ? [{ frame, tracker }] : []
      })
      return recorder.frame(known)
    }
    const run = this.#runs.get(event.runId)
    // One that is being prepared to go on: this tells still of its former start.
    if (run?.tracker) this.#recordOf(run, run.tracker, event)
  }

  #recordOf(run: ActiveRun, tracker: ProgressTracker, event: Exclude<RunEvent, { type: 'frame' }>): void {
    const { recorder, statuses, onChange } = this.#options
    switch (event.type) {
      case 'run.started':
        return
      case 'run.resumed':
        return statuses.change(run.id, { status: 'running', message: null })
      case 'run.checkpoint':
        return this.#settle(run, recorder.checkpoint(run.id, event.checkpoint))
      case 'run.snapshot':
        return this.#settle(run, recorder.snapshot(run.id, event.snapshot))
      case 'run.paused':
        run.phase = 'settling'
        onChange()
        this.startWaiting()
        return this.#settle(
          run,
          recorder.pause(run.id, event.checkpoint, () => (run.phase = 'held'))
        )
      case 'run.ending':
        // The next one is on its way while this one is measured and sends its weights.
        run.phase = 'settling'
        onChange()
        return this.startWaiting()
      case 'run.ended': {
        run.phase = 'settling'
        this.startWaiting()
        const askedBecause = run.stopMessage ?? run.until?.message ?? stoppedByRequest
        return this.#settle(
          run,
          recorder.end(run.id, { outcome: event.outcome, tracker, askedBecause }, () => this.#leave(run))
        )
      }
    }
  }

  #settle(run: ActiveRun, stored: Promise<void>): void {
    stored.catch((error: unknown) => this.#breakOff(run, error))
  }

  onRunsLost(runIds: readonly number[], message: string): void {
    this.#runs.forgetDatasets()
    for (const id of runIds) {
      const run = this.#runs.get(id)
      if (!run) continue
      this.#options.statuses.insist(id, { status: 'interrupted', message, endedAt: Date.now() })
      this.#leave(run)
    }
  }

  onEngineFailed(message: string): void {
    for (const { id } of this.#runs.dropWaiting()) {
      this.#options.statuses.insist(id, { status: 'interrupted', message, endedAt: Date.now() })
    }
  }

  order() {
    const idsOf = (runs: readonly ActiveRun[]) => runs.map(({ id }) => id)
    return { training: idsOf(this.#runs.inTraining()), waiting: idsOf(this.#runs.waiting()) }
  }

  reorder(ids: readonly number[]): void {
    this.#runs.reorder(ids)
    this.#options.store.runs.saveOrder(this.order().waiting)
    this.#options.onChange()
  }

  setParallel(most: number | null): void {
    this.#runs.mostParallel = most
    this.#options.onChange()
    this.startWaiting()
  }

  has(runId: number): boolean {
    return this.#runs.get(runId) !== undefined
  }

  tracker(runId: number): ProgressTracker | null {
    return this.#runs.get(runId)?.tracker ?? null
  }

  async close(): Promise<void> {
    const { statuses, engine, recorder } = this.#options
    this.#closing = true
    const training = this.#runs.inPhase('training', 'settling')
    const settled = training.map((run) => statuses.next(run.id, answerLimitMs))
    training.forEach((run) => engine.pauseRun(run.id))
    await Promise.all(settled)
    await recorder.settled()
    this.#runs.clear()
  }
}

/** The weights that a run takes over from its parent: its own copy of them, as the parent may be gone. */
function beginningOf(store: Store, run: StoredRun): Float32Array {
  const weights = store.snapshots.read(run.id, 0)
  if (!weights) throw new Error(`Run ${run.id} has lost the weights that it begins with.`)
  return weights
}

/** The epochs whose weights are kept, as far as the lab lets them take room. */
export function epochsToKeep({ topology, plan, snapshotBytes = 0 }: StoredRun): number[] {
  const bytesEach = storedCount(topology) * Float32Array.BYTES_PER_ELEMENT
  return snapshotEpochs(plan.stopping.epochs, bytesEach, snapshotBytes)
}
