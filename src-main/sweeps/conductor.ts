/**
 * Steers sweeps: hands their planned runs to the runner, a few ahead of its threads, so that a run started by hand does
 * not wait for a whole sweep; ends the rungs of successive halving; keeps the budget of time. What a sweep has done is
 * told by the statuses of its runs alone, so that a killed lab goes on with exactly what was left.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Run, RunStatus } from '#contract/runs.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Events } from '#lab/streams/events.ts'
import type { Runner, Until } from '#lab/runs/runner.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import { keepBest, rungEpochs } from '#lab/sweeps/halving.ts'
import { readRungScores } from '#lab/sweeps/rung-scores.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { StoredSweep, SweepState } from '#lab/store/sweeps.ts'
import type { Store } from '#lab/store/store.ts'

export interface Conductor {
  /** Goes on with a sweep, new or not; what of it was paused or interrupted is taken up again. */
  begin(sweepId: number): Promise<void>
  /** Pauses what of it trains and hands out nothing more. */
  pause(sweepId: number): Promise<void>
  /** Stops all that has not ended, for the reason of the sentence. */
  stop(sweepId: number, message: string): Promise<void>
  /** The engine has come (back): runs that its death interrupted go on. */
  onEngineReady(): void
  /** The engine was given up: sweeps wait for a person. */
  onEngineFailed(message: string): void
  /** Steers no more and leaves running sweeps interrupted. */
  close(): void
}

export interface ConductorOptions {
  readonly store: Store
  readonly engine: EngineHost
  readonly runner: Runner
  readonly statuses: Statuses
  readonly events: Events
  readonly columnsOf: (runId: number) => readonly string[]
  /** Tells everybody how a sweep stands. */
  readonly announce: (sweepId: number) => void
  readonly log: HostServices['log']
}

interface ActiveSweep {
  state: StoredSweep
  /** Epochs at which the rungs of successive halving end; one rung for the other strategies. */
  readonly rungs: readonly number[]
  /** Runs the runner has and that have not ended. */
  readonly handed: Set<number>
  isDeciding: boolean
}

const tickMs = 500
/** Runs touched between two looks at the other work of the process. */
const stride = 25

/** The epochs at which the rungs of a sweep end. */
export function rungsOf({ settings, points }: Pick<StoredSweep, 'settings' | 'points'>): number[] {
  const { strategy, plan } = settings
  const { epochs } = plan.stopping
  return strategy.name === 'halving' ? rungEpochs(points, epochs, strategy.factor) : [epochs]
}

/** Creates the conductor with nothing to steer. */
export function createConductor(options: ConductorOptions): Conductor {
  const { store, engine, runner, statuses, events, columnsOf, announce, log } = options
  const active = new Map<number, ActiveSweep>()
  let timer: NodeJS.Timeout | null = null
  let tickedAt = 0
  let closed = false
  void listen()

  async function listen(): Promise<void> {
    for await (const event of events.follow(undefined)) {
      if (event.type === 'run') onRun(event.run)
      else if (event.type === 'runs.removed') onRemoved(event.runIds)
      else if (event.type === 'experiments') forgetRemoved()
    }
  }

  function onRun(run: Run): void {
    const sweep = run.sweepId === undefined ? undefined : active.get(run.sweepId)
    if (!sweep || run.status === 'queued' || run.status === 'running') return
    sweep.handed.delete(run.id)
    step(sweep)
  }

  function onRemoved(runIds: readonly number[]): void {
    for (const sweep of active.values()) {
      runIds.forEach((id) => sweep.handed.delete(id))
      step(sweep)
    }
  }

  function forgetRemoved(): void {
    for (const id of active.keys()) if (!store.sweeps.get(id)) active.delete(id)
  }

  function isAtLastRung({ state, rungs }: ActiveSweep): boolean {
    return state.rung >= rungs.length - 1
  }

  /** A run that has the epochs of the rung stops there; its checkpoint lets it go on where it is kept. */
  function endOfRung(sweep: ActiveSweep): Until | undefined {
    const { rungs, state } = sweep
    const epoch = rungs[state.rung]
    if (isAtLastRung(sweep) || epoch === undefined) return undefined
    const message = `Unfinished: successive halving stopped it after rung ${state.rung + 1} of ${rungs.length}.`
    return { epoch, message }
  }

  function step(sweep: ActiveSweep): void {
    if (closed || sweep.isDeciding || active.get(sweep.state.id) !== sweep) return
    feed(sweep)
    if (sweep.handed.size === 0) conclude(sweep)
  }

  function feed(sweep: ActiveSweep): void {
    const { state, handed } = sweep
    const ahead = Math.max(4, 2 * engine.status().threads)
    if (handed.size >= ahead) return
    const ids = store.sweeps.queued(state.id, [...handed], ahead - handed.size)
    ids.forEach((id) => handed.add(id))
    // One that a person paused and resumed is in the runner already.
    const fresh = ids.filter((id) => !runner.has(id))
    if (fresh.length > 0) runner.enqueue(fresh, endOfRung(sweep))
  }

  /** Nothing of the sweep is with the runner: it has ended, or a rung has, or something else keeps it. */
  function conclude(sweep: ActiveSweep): void {
    const counts = store.sweeps.countByStatus(sweep.state.id)
    const has = (...wanted: RunStatus[]) => wanted.some((status) => (counts.get(status) ?? 0) > 0)
    if (has('queued', 'running', 'paused')) return
    if (has('interrupted')) {
      // With a restarting engine they go on as soon as it is ready.
      if (engine.status().state === 'restarting') return
      const message = 'Some of its runs were interrupted; their messages tell why. Resume the sweep to go on.'
      return leave(sweep, { status: 'paused', message })
    }
    if (isAtLastRung(sweep)) return leave(sweep, { status: 'done', message: null, endedAt: Date.now() })
    sweep.isDeciding = true
    watch(nextRung(sweep).finally(() => (sweep.isDeciding = false)))
  }

  async function nextRung(sweep: ActiveSweep): Promise<void> {
    const { state, rungs } = sweep
    const { strategy } = state.settings
    const epochs = rungs[state.rung] ?? 0
    const trials = store.sweeps.trials(state.id).filter(({ point }) => state.kept.includes(point))
    const scores = await readRungScores(store.metrics, columnsOf, trials, epochs)
    if (closed || active.get(state.id) !== sweep) return
    const kept = keepBest(scores, strategy.name === 'halving' ? strategy.factor : 1)
    // As they stand now: a person may have let one go on meanwhile, or opened the test part for it.
    const runs = trials.filter(({ point }) => kept.includes(point)).flatMap(({ runId }) => store.runs.get(runId) ?? [])
    const goOn = runs.filter((run) => run.status === 'stopped' && run.epochs >= epochs && !run.testOpened)
    store.transaction(() => {
      goOn.forEach(({ id: runId }) => statuses.change(runId, { status: 'queued', message: null, endedAt: null }))
      save(sweep, { rung: state.rung + 1, kept })
    })
    sweep.isDeciding = false
    announce(state.id)
    step(sweep)
  }

  function save(sweep: ActiveSweep, change: Partial<SweepState>): void {
    sweep.state = { ...sweep.state, ...change }
    store.sweeps.save(sweep.state.id, sweep.state)
  }

  /** Takes a sweep out of all that is steered, in its new state. */
  function leave(sweep: ActiveSweep, change: Partial<SweepState>): void {
    tick()
    active.delete(sweep.state.id)
    save(sweep, change)
    announce(sweep.state.id)
    if (active.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }

  /** Adds the time since the last tick to each sweep, and ends those whose budget of time is used up. */
  function tick(): void {
    const now = performance.now()
    const seconds = (now - tickedAt) / 1000
    tickedAt = now
    for (const sweep of active.values()) save(sweep, { elapsedSeconds: sweep.state.elapsedSeconds + seconds })
  }

  function onTick(): void {
    tick()
    for (const { state } of [...active.values()]) {
      const { minutes } = state.settings.budget
      if (minutes !== null && state.elapsedSeconds >= minutes * 60) {
        watch(stop(state.id, `Unfinished: the sweep's budget of ${minutes} minutes was used up.`))
      } else announce(state.id)
    }
  }

  async function begin(sweepId: number): Promise<void> {
    const stored = store.sweeps.get(sweepId)
    if (!stored || active.has(sweepId) || closed) return
    if (timer) tick()
    const sweep: ActiveSweep = {
      state: stored,
      rungs: rungsOf(stored),
      handed: new Set(),
      isDeciding: true
    }
    active.set(sweepId, sweep)
    save(sweep, { status: 'running', message: null, endedAt: null })
    if (!timer) {
      tickedAt = performance.now()
      timer = setInterval(onTick, tickMs)
    }
    try {
      await takeUp(sweep, ['paused', 'interrupted'])
    } finally {
      sweep.isDeciding = false
    }
    announce(sweepId)
    step(sweep)
  }

  /** Lets paused and interrupted runs go on. */
  async function takeUp({ state, handed }: ActiveSweep, wanted: readonly RunStatus[]): Promise<void> {
    const trials = store.sweeps.trials(state.id).filter(({ status }) => wanted.includes(status))
    for (const [index, { runId, status }] of trials.entries()) {
      if (index % stride === stride - 1) await nextTurn()
      const run = store.runs.get(runId)
      if (closed || run?.status !== status) continue
      if (runner.has(runId)) {
        handed.add(runId)
        watch(runner.resume(run))
      } else statuses.change(runId, { status: 'queued', message: null, endedAt: null })
    }
  }

  async function pause(sweepId: number): Promise<void> {
    const sweep = active.get(sweepId)
    if (!sweep) return
    leave(sweep, { status: 'paused' })
    // One that goes on at this moment is still stored as paused.
    const training = new Set(runner.order().training)
    const goes = (run: StoredRun) => training.has(run.id) || ['queued', 'running'].includes(run.status)
    await forHanded(sweep, goes, (run) => runner.pause(run))
  }

  async function stop(sweepId: number, message: string): Promise<void> {
    const sweep = active.get(sweepId)
    const stored = store.sweeps.get(sweepId)
    if (!stored) return
    const ending = { status: 'stopped', message, endedAt: Date.now() } as const
    if (sweep) {
      leave(sweep, ending)
      const hasNotEnded = (run: StoredRun) => ['queued', 'running', 'paused'].includes(run.status)
      await forHanded(sweep, hasNotEnded, (run) => runner.stop(run, message))
    } else {
      store.sweeps.save(sweepId, { ...stored, ...ending })
    }
    const left = store.sweeps.trials(sweepId)
    for (const [index, { runId }] of left.entries()) {
      if (index % stride === stride - 1) await nextTurn()
      const run = store.runs.get(runId)
      if (run && ['queued', 'paused', 'interrupted'].includes(run.status)) await runner.stop(run, message)
    }
    announce(sweepId)
  }

  /** Does something with the runs that the runner has, those that wait before those that train. */
  async function forHanded(
    { handed }: ActiveSweep,
    isWanted: (run: StoredRun) => boolean,
    work: (run: StoredRun) => Promise<void>
  ): Promise<void> {
    const runs = [...handed].flatMap((id) => store.runs.get(id) ?? [])
    const order = runs.sort((a, b) => Number(a.status === 'running') - Number(b.status === 'running'))
    await Promise.all(order.filter(isWanted).map(work))
  }

  /** Work in the background: what goes wrong leaves the sweep as it is, for a person to resume. */
  function watch(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!closed) log('error', `Sweep: ${error instanceof Error ? error.stack : String(error)}`)
    })
  }

  return {
    begin,
    pause,
    stop,
    onEngineReady() {
      for (const sweep of active.values()) watch(takeUp(sweep, ['interrupted']).then(() => step(sweep)))
    },
    onEngineFailed(message) {
      for (const sweep of [...active.values()]) leave(sweep, { status: 'paused', message })
    },
    close() {
      if (active.size > 0) tick()
      closed = true
      if (timer) clearInterval(timer)
      timer = null
      for (const sweep of active.values()) {
        save(sweep, { status: 'interrupted', message: 'The lab was closed while it was running.' })
      }
      active.clear()
    }
  }
}
