/**
 * Runs in training: the queue before the engine, and control of what is in it. Owns which runs are active; what a run
 * is, the store owns.
 */
import { storedCount } from '#engine/network/topology.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { snapshotEpochs } from '#engine/training/snapshots.ts'
import type { EngineHost, EngineListener, RunEvent } from '#lab/engine/host.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
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
  /** These three resolve once the run has its new status, or after two seconds as it then stands. */
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

/** An end before that of the plan: the run is stopped there, for the reason of the sentence, and can go on later. */
export interface Until {
  readonly epoch: number
  readonly message: string
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

/**
 * A run between `queued` and its end. `preparing` and `training` take the engine's threads; `held` is paused in
 * the engine, from where it goes on without a checkpoint; `settling` has paused or is at its end there, and is being stored.
 */
interface ActiveRun {
  readonly id: number
  /** How many of the engine's threads it takes. */
  readonly threads: number
  phase: 'waiting' | 'preparing' | 'training' | 'settling' | 'held'
  /** Set once the run is in the engine. */
  tracker: ProgressTracker | null
  /** Where it ends although its plan goes on. */
  readonly until: Until | undefined
  /** Why it was asked to stop, in a sentence. */
  stopMessage: string | null
  /** The data set held in the engine, to be released with the run. */
  heldDataset: string | null
}

/** How long the engine may take to answer; it takes one step of about 10 ms. */
const answerLimitMs = 2000

const stoppedByRequest = 'Stopped by request.'

/** Creates the runner with nothing in it. */
export function createRunner(options: RunnerOptions): Runner {
  const { store, engine, prepared, statuses, recorder, onChange, log } = options
  const active = new Map<number, ActiveRun>()
  const waiting: ActiveRun[] = []
  let mostParallel: number | null = null
  let closing = false

  function enqueue(runIds: readonly number[], until?: Until): void {
    if (engine.status().state === 'failed') engine.start()
    for (const id of runIds) {
      const threads = store.runs.get(id)?.plan.threads ?? 1
      const run: ActiveRun = {
        id,
        threads,
        phase: 'waiting',
        tracker: null,
        until,
        stopMessage: null,
        heldDataset: null
      }
      active.set(id, run)
      waiting.push(run)
    }
    onChange()
    startWaiting()
  }

  function startWaiting(): void {
    for (let next = waiting[0]; next && !closing && hasRoomFor(next); next = waiting[0]) {
      waiting.shift()
      begin(next)
      onChange()
    }
  }

  const inTraining = () => [...active.values()].filter(({ phase }) => phase === 'preparing' || phase === 'training')

  /** In the order of the queue: a run of several threads waits until so many are free, and the ones behind it with it. */
  function hasRoomFor(run: ActiveRun): boolean {
    const running = inTraining()
    const taken = running.reduce((sum, { threads }) => sum + threads, 0)
    // One that asks for more than there are is the engine's to refuse, once it is alone.
    if (taken === 0) return true
    return running.length < (mostParallel ?? Infinity) && taken + run.threads <= engine.status().threads
  }

  function begin(run: ActiveRun): void {
    if (run.tracker) {
      run.phase = 'training'
      engine.resumeRun(run.id)
    } else {
      run.phase = 'preparing'
      start(run).catch((error: unknown) => breakOff(run, error))
    }
  }

  async function start(run: ActiveRun): Promise<void> {
    const stored = store.runs.get(run.id)
    const experiment = stored && store.experiments.get(stored.experimentId)
    if (!experiment) return leave(run)
    const table = await prepared.prepare(experiment, stored.data)
    const loading = engine.loadDataset(table)
    // What another run holds is there, and messages keep their order: no need to wait for the answer.
    if (isHeld(table.id)) loading.catch(() => undefined)
    else await loading
    // Paused, stopped, removed or lost while its table was being prepared.
    if (active.get(run.id) !== run || closing) return engine.releaseDataset(table.id)
    run.heldDataset = table.id
    const checkpoint = store.checkpoints.read(run.id)
    engine.startRun({
      runId: run.id,
      datasetId: table.id,
      topology: stored.topology,
      plan: stored.plan,
      seed: stored.seed,
      checkpoint,
      ...(checkpoint === null && stored.fromEpoch !== undefined && { initial: beginningOf(stored) }),
      snapshotEpochs: epochsToKeep(stored),
      haltEpoch: run.until?.epoch
    })
    const columns = metricColumns(experiment.settings.task, stored.topology)
    run.tracker = trackProgress(columns, table.validation !== null, stored.plan.stopping, stored)
    run.phase = 'training'
    statuses.change(run.id, { status: 'running', message: null, startedAt: Date.now(), endedAt: null })
  }

  const isHeld = (datasetId: string) => [...active.values()].some(({ heldDataset }) => heldDataset === datasetId)

  /** The weights that a run takes over from its parent: its own copy of them, as the parent may be gone. */
  function beginningOf(run: StoredRun): Float32Array {
    const weights = store.snapshots.read(run.id, 0)
    if (!weights) throw new Error(`Run ${run.id} has lost the weights that it begins with.`)
    return weights
  }

  /** Takes a run out of all that is active and starts the next one. */
  function leave(run: ActiveRun): void {
    active.delete(run.id)
    const index = waiting.indexOf(run)
    if (index >= 0) waiting.splice(index, 1)
    onChange()
    startWaiting()
    // Last, so that the next run of the same experiment finds its table still loaded.
    if (run.heldDataset !== null) engine.releaseDataset(run.heldDataset)
    run.heldDataset = null
  }

  /** Ends a run that could not start or be recorded: it can go on later where the cause may pass, else it failed. */
  function breakOff(run: ActiveRun, error: unknown): void {
    if (active.get(run.id) !== run || closing) return
    const known = storageProblem(error)
    const mayPass = known?.code === 'lab_unusable' || known?.code === 'engine'
    const message = known?.message ?? 'The run ended by an unexpected error; the log tells more.'
    if (!known) log('error', `Run ${run.id}: ${error instanceof Error ? error.stack : String(error)}`)
    if (run.tracker) engine.stopRun(run.id)
    statuses.insist(run.id, { status: mayPass ? 'interrupted' : 'failed', message, endedAt: Date.now() })
    leave(run)
  }

  async function pause(stored: StoredRun): Promise<void> {
    const run = active.get(stored.id)
    if (run?.phase === 'training' || run?.phase === 'settling') {
      const changed = statuses.next(run.id, answerLimitMs)
      engine.pauseRun(run.id)
      // One that goes on at this moment is told to run first.
      return stored.status === 'paused' ? changed.then(() => statuses.next(run.id, answerLimitMs)) : changed
    }
    statuses.change(stored.id, { status: 'paused', message: null })
    if (run?.tracker) {
      waiting.splice(waiting.indexOf(run), 1)
      run.phase = 'held'
      onChange()
    } else if (run) {
      leave(run)
    }
  }

  async function resume(stored: StoredRun): Promise<void> {
    const run = active.get(stored.id)
    if (!run) {
      statuses.change(stored.id, { status: 'queued', message: null, endedAt: null })
      return enqueue([stored.id])
    }
    const changed = statuses.next(run.id, answerLimitMs)
    // Somebody else has asked for it a moment ago.
    if (run.phase !== 'held') return changed
    // It is still in the engine: it goes on as soon as a thread is free, before those that have not begun.
    run.phase = 'waiting'
    waiting.unshift(run)
    onChange()
    startWaiting()
    if (waiting.includes(run)) statuses.change(run.id, { status: 'queued', message: null })
    return changed
  }

  async function stop(stored: StoredRun, message = stoppedByRequest): Promise<void> {
    const run = active.get(stored.id)
    if (run?.tracker) {
      run.stopMessage = message
      const changed = statuses.next(run.id, answerLimitMs)
      engine.stopRun(run.id)
      return changed
    }
    const endedAt = Date.now()
    statuses.change(stored.id, { status: 'stopped', message, reason: 'asked', endedAt })
    if (run) leave(run)
  }

  function discard(runIds: readonly number[]): void {
    for (const id of runIds) {
      const run = active.get(id)
      if (!run) continue
      if (run.tracker) engine.stopRun(id)
      leave(run)
    }
  }

  function record(event: RunEvent): void {
    if (event.type === 'frame') {
      const known = event.runs.flatMap((frame) => {
        const tracker = active.get(frame.runId)?.tracker
        return tracker ? [{ frame, tracker }] : []
      })
      return recorder.frame(known)
    }
    const run = active.get(event.runId)
    // One that is being prepared to go on: this tells still of its former start.
    if (!run?.tracker) return
    switch (event.type) {
      case 'run.started':
        return
      case 'run.resumed':
        return statuses.change(run.id, { status: 'running', message: null })
      case 'run.checkpoint':
        return settle(run, recorder.checkpoint(run.id, event.checkpoint))
      case 'run.snapshot':
        return settle(run, recorder.snapshot(run.id, event.snapshot))
      case 'run.paused':
        run.phase = 'settling'
        onChange()
        startWaiting()
        return settle(
          run,
          recorder.pause(run.id, event.checkpoint, () => (run.phase = 'held'))
        )
      case 'run.ending':
        // The next one is on its way while this one is measured and sends its weights.
        run.phase = 'settling'
        onChange()
        return startWaiting()
      case 'run.ended': {
        run.phase = 'settling'
        startWaiting()
        const { outcome } = event
        const end = {
          outcome,
          tracker: run.tracker,
          askedBecause: run.stopMessage ?? run.until?.message ?? stoppedByRequest
        }
        return settle(
          run,
          recorder.end(run.id, end, () => leave(run))
        )
      }
    }
  }

  function settle(run: ActiveRun, stored: Promise<void>): void {
    stored.catch((error: unknown) => breakOff(run, error))
  }

  function onRunEvent(event: RunEvent): void {
    try {
      record(event)
    } catch (error) {
      const ids = event.type === 'frame' ? event.runs.map((frame) => frame.runId) : [event.runId]
      for (const id of ids) {
        const run = active.get(id)
        if (run) breakOff(run, error)
      }
    }
  }

  function onRunsLost(runIds: readonly number[], message: string): void {
    // The tables went with the process: there is nothing left to release.
    active.forEach((run) => (run.heldDataset = null))
    for (const id of runIds) {
      const run = active.get(id)
      if (!run) continue
      statuses.insist(id, { status: 'interrupted', message, endedAt: Date.now() })
      leave(run)
    }
  }

  function onEngineFailed(message: string): void {
    for (const run of waiting.splice(0)) {
      active.delete(run.id)
      statuses.insist(run.id, { status: 'interrupted', message, endedAt: Date.now() })
    }
  }

  async function close(): Promise<void> {
    closing = true
    const training = [...active.values()].filter(({ phase }) => phase === 'training' || phase === 'settling')
    const settled = training.map((run) => statuses.next(run.id, answerLimitMs))
    training.forEach((run) => engine.pauseRun(run.id))
    await Promise.all(settled)
    await recorder.settled()
    active.clear()
    waiting.length = 0
  }

  return {
    enqueue,
    startWaiting,
    order: () => ({ training: inTraining().map(({ id }) => id), waiting: waiting.map(({ id }) => id) }),
    reorder(ids) {
      const place = new Map(ids.map((id, index) => [id, index]))
      waiting.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity))
      store.runs.saveOrder(waiting.map(({ id }) => id))
      onChange()
    },
    setParallel(most) {
      mostParallel = most
      onChange()
      startWaiting()
    },
    pause,
    resume,
    stop,
    discard,
    has: (runId) => active.has(runId),
    tracker: (runId) => active.get(runId)?.tracker ?? null,
    onRunEvent,
    onRunsLost,
    onEngineFailed,
    close
  }
}

function epochsToKeep({ topology, plan, snapshotBytes = 0 }: StoredRun): number[] {
  const bytesEach = storedCount(topology) * Float32Array.BYTES_PER_ELEMENT
  return snapshotEpochs(plan.stopping.epochs, bytesEach, snapshotBytes)
}
