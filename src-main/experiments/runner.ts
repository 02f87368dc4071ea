/**
 * Runs in training: the queue before the engine, control of what is in it, and the record of what it says.
 * Everything is stored before anybody hears of it. Owns which runs are active; what a run is, the store owns.
 */
import { metricColumns } from '#engine/training/metrics.ts'
import type { RunOutcome } from '#engine/training/outcome.ts'
import type { RunFrame } from '#engine/process/protocol.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineHost, EngineListener, RunEvent } from '#lab/engine-host.ts'
import type { Announcer } from '#lab/experiments/announcer.ts'
import { compactCurves } from '#lab/experiments/compaction.ts'
import type { MetricsStream } from '#lab/experiments/metrics-stream.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { finiteMetrics, type ProgressTracker, trackProgress } from '#lab/experiments/progress.ts'
import { canFollow } from '#lab/experiments/run-status.ts'
import type { HostServices } from '#lab/host-services.ts'
import { storageProblem } from '#lab/store/problems.ts'
import type { StatusChange, StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Runner extends Pick<EngineListener, 'onRunEvent' | 'onRunsLost'> {
  /** Puts runs into the queue; their status is `queued`. */
  enqueue(runIds: readonly number[]): void
  /** Starts what waits, as far as the engine has threads for it. */
  startWaiting(): void
  /** These three resolve once the run has its new status, or after two seconds as it then stands. */
  pause(run: StoredRun): Promise<void>
  resume(run: StoredRun): Promise<void>
  stop(run: StoredRun): Promise<void>
  /** Forgets runs that are about to be removed. */
  discard(runIds: readonly number[]): void
  tracker(runId: number): ProgressTracker | null
  /** Leaves what waits for an engine that does not come back interrupted. */
  onEngineFailed(message: string): void
  /** Pauses what trains, so that its checkpoints are stored, and leaves every active run interrupted. */
  close(): Promise<void>
}

export interface RunnerOptions {
  readonly store: Store
  readonly engine: EngineHost
  readonly tables: PreparedTables
  readonly stream: MetricsStream
  readonly announcer: Announcer
  readonly log: HostServices['log']
}

/**
 * A run between `queued` and its end. `preparing` and `training` take one of the engine's threads; `held` is paused in
 * the engine, from where it goes on without a checkpoint.
 */
interface ActiveRun {
  readonly id: number
  phase: 'waiting' | 'preparing' | 'training' | 'held'
  /** Set once the run is in the engine. */
  tracker: ProgressTracker | null
  /** The data set held in the engine, to be released with the run. */
  heldDataset: string | null
}

const answerLimitMs = 2000
const closingLimitMs = 2000

/** Creates the runner with nothing in it. */
export function createRunner({ store, engine, tables, stream, announcer, log }: RunnerOptions): Runner {
  const active = new Map<number, ActiveRun>()
  const waiting: ActiveRun[] = []
  const changeListeners = new Map<number, Set<() => void>>()
  const compacting = new Set<Promise<void>>()
  let closing = false

  // ---- status

  function change(runId: number, wanted: StatusChange, save?: () => void): void {
    const run = store.runs.get(runId)
    if (!run) return
    if (!canFollow(run.status, wanted.status)) {
      throw new LabError('conflict', `Run ${runId} is ${run.status} and can't become ${wanted.status}.`)
    }
    store.transaction(() => {
      save?.()
      store.runs.saveStatus(runId, wanted)
    })
    announcer.now(runId)
    changeListeners.get(runId)?.forEach((listener) => listener())
  }

  /** Resolves with the next change of a run's status, or after the limit. */
  function nextChange(runId: number, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const listeners = changeListeners.get(runId) ?? new Set()
      changeListeners.set(runId, listeners)
      const settle = () => {
        clearTimeout(timer)
        listeners.delete(settle)
        if (listeners.size === 0) changeListeners.delete(runId)
        resolve()
      }
      const timer = setTimeout(settle, limitMs)
      listeners.add(settle)
    })
  }

  /** Takes a run out of all that is active and starts the next one. */
  function leave(run: ActiveRun): void {
    active.delete(run.id)
    const index = waiting.indexOf(run)
    if (index >= 0) waiting.splice(index, 1)
    startWaiting()
    // Last, so that the next run of the same experiment finds its table still loaded.
    release(run)
  }

  function release(run: ActiveRun): void {
    if (run.heldDataset !== null) engine.releaseDataset(run.heldDataset)
    run.heldDataset = null
  }

  // ---- the queue

  function enqueue(runIds: readonly number[]): void {
    if (engine.status().state === 'failed') engine.start()
    for (const id of runIds) {
      const run: ActiveRun = { id, phase: 'waiting', tracker: null, heldDataset: null }
      active.set(id, run)
      waiting.push(run)
    }
    startWaiting()
  }

  function startWaiting(): void {
    while (!closing && waiting.length > 0 && slotsTaken() < Math.max(1, engine.status().threads)) {
      const run = waiting.shift()
      if (run) begin(run)
    }
  }

  function slotsTaken(): number {
    return [...active.values()].filter((run) => run.phase === 'preparing' || run.phase === 'training').length
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
    const table = await tables.prepare(experiment)
    await engine.loadDataset(table)
    // Paused, stopped, removed or lost while its table was being prepared.
    if (active.get(run.id) !== run) return engine.releaseDataset(table.id)
    run.heldDataset = table.id
    const checkpoint = store.checkpoints.read(run.id)
    const columns = metricColumns(experiment.settings.task, stored.topology)
    engine.startRun({
      runId: run.id,
      datasetId: table.id,
      topology: stored.topology,
      plan: stored.plan,
      seed: stored.seed,
      checkpoint
    })
    run.tracker = trackProgress(columns, table.validation !== null, stored)
    run.phase = 'training'
    change(run.id, { status: 'running', message: null, startedAt: Date.now(), endedAt: null })
  }

  /** Ends a run that could not start or could not be recorded: it can go on where the cause may pass, else it failed. */
  function breakOff(run: ActiveRun, error: unknown): void {
    if (active.get(run.id) !== run || closing) return
    const known = storageProblem(error)
    if (!known) log('error', `Run ${run.id}: ${error instanceof Error ? error.stack : String(error)}`)
    const mayPass = known?.code === 'lab_unusable' || known?.code === 'engine'
    const message = known?.message ?? 'The run could not start because of an unexpected error; the log tells more.'
    if (run.tracker) engine.stopRun(run.id)
    try {
      change(run.id, { status: mayPass ? 'interrupted' : 'failed', message, endedAt: Date.now() })
    } catch (second) {
      // The disk takes nothing more: the next start of the lab finds the run active and calls it interrupted.
      log('error', `Run ${run.id} could not be marked: ${String(second)}`)
    }
    leave(run)
  }

  // ---- control

  async function pause(stored: StoredRun): Promise<void> {
    const run = active.get(stored.id)
    if (run?.phase === 'training') {
      const changed = nextChange(run.id, answerLimitMs)
      engine.pauseRun(run.id)
      return changed
    }
    change(stored.id, { status: 'paused', message: null })
    if (run?.tracker) {
      waiting.splice(waiting.indexOf(run), 1)
      run.phase = 'held'
    } else if (run) {
      leave(run)
    }
  }

  async function resume(stored: StoredRun): Promise<void> {
    const run = active.get(stored.id)
    if (!run) {
      change(stored.id, { status: 'queued', message: null, endedAt: null })
      enqueue([stored.id])
      return
    }
    // It is still in the engine: it goes on as soon as a thread is free, before those that have not begun.
    const changed = nextChange(run.id, answerLimitMs)
    run.phase = 'waiting'
    waiting.unshift(run)
    startWaiting()
    if (waiting.includes(run)) change(run.id, { status: 'queued', message: null })
    return changed
  }

  async function stop(stored: StoredRun): Promise<void> {
    const run = active.get(stored.id)
    if (run?.tracker) {
      const changed = nextChange(run.id, answerLimitMs)
      engine.stopRun(run.id)
      return changed
    }
    change(stored.id, { status: 'stopped', message: 'Stopped by request.', reason: 'asked', endedAt: Date.now() })
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

  // ---- what the engine says

  function onFrame(frames: readonly RunFrame[]): void {
    const known = frames.flatMap((frame) => {
      const tracker = active.get(frame.runId)?.tracker
      return tracker ? [{ frame, tracker }] : []
    })
    const pieces = store.transaction(() =>
      known.map(({ frame, tracker }) => {
        store.runs.saveProgress(frame.runId, tracker.add(frame))
        return store.metrics.append(frame)
      })
    )
    stream.publish(pieces)
    pieces.forEach((piece) => announcer.soon(piece.runId))
  }

  function onEnded(run: ActiveRun, outcome: RunOutcome): void {
    const stored = store.runs.get(run.id)
    const status: StatusChange = {
      status: outcome.status,
      reason: outcome.reason,
      message: stored ? sentenceFor(outcome, stored) : null,
      endedAt: Date.now()
    }
    change(run.id, status, () => {
      if (outcome.checkpoint) store.checkpoints.save(run.id, outcome.checkpoint)
      const train = finiteMetrics(outcome.train)
      store.runs.saveProgress(run.id, {
        epochs: outcome.epochs,
        bestEpoch: train ? outcome.bestEpoch : null,
        train,
        validation: finiteMetrics(outcome.validation),
        seconds: outcome.seconds,
        samplesPerSecond: run.tracker?.progress().samplesPerSecond ?? null
      })
    })
    leave(run)
    const work = compactCurves(store.metrics, run.id)
      .catch((error: unknown) => log('warning', `The curves of run ${run.id} stay in pieces: ${String(error)}`))
      .finally(() => compacting.delete(work))
    compacting.add(work)
  }

  function record(event: RunEvent): void {
    if (event.type === 'frame') return onFrame(event.runs)
    const run = active.get(event.runId)
    if (!run) return
    switch (event.type) {
      case 'run.started':
        return
      case 'run.resumed':
        return change(run.id, { status: 'running', message: null })
      case 'run.checkpoint':
        return store.checkpoints.save(run.id, event.checkpoint)
      case 'run.paused':
        run.phase = 'held'
        change(run.id, { status: 'paused', message: null }, () => store.checkpoints.save(run.id, event.checkpoint))
        return startWaiting()
      case 'run.ended':
        return onEnded(run, event.outcome)
    }
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
    // The table went with the process: there is nothing left to release.
    active.forEach((run) => (run.heldDataset = null))
    for (const id of runIds) {
      const run = active.get(id)
      if (!run) continue
      change(id, { status: 'interrupted', message, endedAt: Date.now() })
      leave(run)
    }
  }

  function onEngineFailed(message: string): void {
    for (const run of waiting.splice(0)) {
      active.delete(run.id)
      change(run.id, { status: 'interrupted', message, endedAt: Date.now() })
    }
  }

  // ---- the end

  async function close(): Promise<void> {
    closing = true
    const training = [...active.values()].filter((run) => run.phase === 'training')
    const settled = training.map((run) => nextChange(run.id, closingLimitMs))
    training.forEach((run) => engine.pauseRun(run.id))
    await Promise.all(settled)
    await Promise.all(compacting)
    active.clear()
    waiting.length = 0
    interruptActive(store, 'The lab was closed while it was in training.')
  }

  return {
    enqueue,
    startWaiting,
    pause,
    resume,
    stop,
    discard,
    tracker: (runId) => active.get(runId)?.tracker ?? null,
    onRunEvent,
    onRunsLost,
    onEngineFailed,
    close
  }
}

/** Leaves every run that is queued, running or paused in the store as interrupted; returns their ids. */
export function interruptActive(store: Store, message: string): number[] {
  const ids = store.runs.idsIn(['queued', 'running', 'paused'])
  store.transaction(() =>
    ids.forEach((id) => store.runs.saveStatus(id, { status: 'interrupted', message, endedAt: Date.now() }))
  )
  return ids
}

function sentenceFor(outcome: RunOutcome, run: StoredRun): string | null {
  switch (outcome.reason) {
    case 'epochs':
      return null
    case 'patience':
      return `Stopped early: no lower validation loss in the last ${run.plan.stopping.patience ?? 0} epochs.`
    case 'asked':
      return 'Stopped by request.'
    case 'diverged':
      return outcome.divergence?.message ?? outcome.message
    case 'failed':
      return outcome.message
  }
}
