/**
 * Steers sweeps: hands their planned runs to an executor, which is the engine of this lab or workers elsewhere; ends the rungs of successive halving; keeps the budget of time. What a sweep has done is
 * told by the statuses of its runs alone, so that a killed lab goes on with exactly what was left.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '#contract/errors.ts'
import type { Run, RunStatus } from '#contract/runs.ts'
import type { Events } from '#lab/streams/events.ts'
import type { Until } from '#lab/runs/active-runs.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import type { Executor } from '#lab/sweeps/executor.ts'
import { keepBest, rungEpochs } from '#lab/sweeps/halving.ts'
import { readRungScores } from '#lab/sweeps/rung-scores.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { StoredSweep, SweepState } from '#lab/store/sweeps.ts'
import type { Store } from '#lab/store/store.ts'
import { isActive, isGoing } from '#trials/run-status.ts'

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
  readonly runner: Runner
  /** Who trains a sweep. */
  readonly executorOf: (sweep: StoredSweep) => Executor
  readonly statuses: Statuses
  readonly events: Events
  readonly columnsOf: (runId: number) => readonly string[]
  /** Tells everybody how a sweep stands. */
  readonly announce: (sweepId: number) => void
  readonly log: HostServices['log']
}

interface ActiveSweep {
  state: StoredSweep
  readonly executor: Executor
  /** Epochs at which the rungs of successive halving end; one rung for the other strategies. */
  readonly rungs: readonly number[]
  /** Runs the executor has and that have not ended. */
  readonly handed: Set<number>
  isDeciding: boolean
  /** All that is queued is handed out: to look again is no use until another one is queued. */
  isHandedOut: boolean
}

const tickMs = 500
/** Runs touched between two looks at the other work of the process. */
const stride = 25

/** The epochs at which the rungs of a sweep end. */
export function rungsOf({ settings, points }: Pick<StoredSweep, 'settings' | 'points'>): number[] {
  const { strategy, plan } = settings
  const { epochs } = plan.stopping
  return strategy.name === 'halving' ? rungEpochs(points, epochs, strategy) : [epochs]
}

const isOver = ({ status }: SweepState) => status === 'done' || status === 'stopped'

/** Creates the conductor with nothing to steer. */
export function createConductor(options: ConductorOptions): Conductor {
  return new SweepConductor(options)
}

class SweepConductor implements Conductor {
  readonly #options: ConductorOptions
  readonly #active = new Map<number, ActiveSweep>()
  #timer: NodeJS.Timeout | null = null
  #tickedAt = 0
  #closed = false

  constructor(options: ConductorOptions) {
    this.#options = options
    void this.#listen()
  }

  async #listen(): Promise<void> {
    const { events } = this.#options
    for await (const event of events.follow(undefined)) {
      if (event.type === 'run') this.#onRun(event.run)
      else if (event.type === 'runs.removed') this.#onRemoved(event.runIds)
      else if (event.type === 'experiments') this.#forgetRemoved()
    }
  }

  #onRun(run: Run): void {
    const sweep = run.sweepId === undefined ? undefined : this.#active.get(run.sweepId)
    if (!sweep) return
    if (run.status === 'queued' && !sweep.handed.has(run.id)) sweep.isHandedOut = false
    if (isGoing(run)) return
    sweep.handed.delete(run.id)
    this.#step(sweep)
  }

  #onRemoved(runIds: readonly number[]): void {
    for (const sweep of this.#active.values()) {
      runIds.forEach((id) => sweep.handed.delete(id))
      this.#step(sweep)
    }
  }

  #forgetRemoved(): void {
    const { store } = this.#options
    for (const id of this.#active.keys()) if (!store.sweeps.get(id)) this.#active.delete(id)
  }

  #isAtLastRung({ state, rungs }: ActiveSweep): boolean {
    return state.rung >= rungs.length - 1
  }

  /** A run that has the epochs of the rung stops there; its checkpoint lets it go on where it is kept. */
  #endOfRung(sweep: ActiveSweep): Until | undefined {
    const { rungs, state } = sweep
    const epoch = rungs[state.rung]
    if (this.#isAtLastRung(sweep) || epoch === undefined) return undefined
    const message = `Unfinished: successive halving stopped it after rung ${state.rung + 1} of ${rungs.length}.`
    return { epoch, message }
  }

  #step(sweep: ActiveSweep): void {
    if (this.#closed || sweep.isDeciding || this.#active.get(sweep.state.id) !== sweep) return
    this.#feed(sweep)
    if (sweep.handed.size === 0) this.#conclude(sweep)
  }

  #feed(sweep: ActiveSweep): void {
    const { store } = this.#options
    const { state, handed, executor } = sweep
    const { least, most } = executor.ahead()
    if (sweep.isHandedOut || handed.size > least) return
    const wanted = most - handed.size
    const ids = store.sweeps.queued(state.id, [...handed], wanted)
    ids.forEach((id) => handed.add(id))
    sweep.isHandedOut = ids.length < wanted
    if (ids.length > 0) executor.enqueue(state.id, ids, this.#endOfRung(sweep))
  }

  /** Nothing of the sweep is with the executor: it has ended, or a rung has, or something else keeps it. */
  #conclude(sweep: ActiveSweep): void {
    const { store } = this.#options
    const counts = store.sweeps.countByStatus(sweep.state.id)
    const has = (...wanted: RunStatus[]) => wanted.some((status) => (counts.get(status) ?? 0) > 0)
    if (has('queued')) {
      sweep.isHandedOut = false
      this.#feed(sweep)
    }
    if (has('queued', 'running', 'paused')) return
    if (has('interrupted')) {
      // With a restarting engine they go on as soon as it is ready.
      if (sweep.executor.isComingBack()) return
      const message = 'Some of its runs were interrupted; their messages tell why. Resume the sweep to go on.'
      return void this.#leave(sweep, { status: 'paused', message })
    }
    if (this.#isAtLastRung(sweep)) {
      return void this.#leave(sweep, { status: 'done', message: null, endedAt: Date.now() })
    }
    sweep.isDeciding = true
    this.#watch(this.#nextRung(sweep).finally(() => (sweep.isDeciding = false)))
  }

  async #nextRung(sweep: ActiveSweep): Promise<void> {
    const { store, columnsOf, statuses, announce } = this.#options
    const { state, rungs } = sweep
    const { strategy } = state.settings
    const epochs = rungs[state.rung] ?? 0
    const trials = store.sweeps.trials(state.id).filter(({ point }) => state.kept.includes(point))
    const scores = await readRungScores(store.metrics, columnsOf, trials, epochs)
    if (this.#closed || this.#active.get(state.id) !== sweep) return
    const kept = keepBest(scores, strategy.name === 'halving' ? strategy.factor : 1)
    // As they stand now: a person may have let one go on meanwhile, or opened the test part for it.
    const runs = trials.filter(({ point }) => kept.includes(point)).flatMap(({ runId }) => store.runs.get(runId) ?? [])
    const goOn = runs.filter((run) => run.status === 'stopped' && run.epochs >= epochs && !run.testOpened)
    store.transaction(() => {
      goOn.forEach(({ id: runId }) => statuses.change(runId, { status: 'queued', message: null, endedAt: null }))
      this.#save(sweep, { rung: state.rung + 1, kept })
    })
    sweep.isDeciding = false
    sweep.isHandedOut = false
    announce(state.id)
    this.#step(sweep)
  }

  #save(sweep: ActiveSweep, change: Partial<SweepState>): void {
    const { store } = this.#options
    sweep.state = { ...sweep.state, ...change }
    store.sweeps.save(sweep.state.id, sweep.state)
  }

  /** Takes a sweep out of all that is steered, in its new state; resolves once nothing more comes of it. */
  #leave(sweep: ActiveSweep, change: Partial<SweepState>): Promise<void> {
    const { announce } = this.#options
    this.#tick()
    this.#active.delete(sweep.state.id)
    this.#save(sweep, change)
    const left = sweep.executor.leave(sweep.state.id, isOver(sweep.state))
    this.#watch(left)
    announce(sweep.state.id)
    if (this.#active.size === 0 && this.#timer) {
      clearInterval(this.#timer)
      this.#timer = null
    }
    return left
  }

  /** Adds the time since the last tick to each sweep, and ends those whose budget of time is used up. */
  #tick(): void {
    const now = performance.now()
    const seconds = (now - this.#tickedAt) / 1000
    this.#tickedAt = now
    for (const sweep of this.#active.values())
      this.#save(sweep, { elapsedSeconds: sweep.state.elapsedSeconds + seconds })
  }

  #onTick(): void {
    const { announce } = this.#options
    this.#tick()
    for (const { state } of [...this.#active.values()]) {
      const { minutes } = state.settings.budget
      if (minutes !== null && state.elapsedSeconds >= minutes * 60) {
        this.#watch(this.stop(state.id, `Unfinished: the sweep's budget of ${minutes} minutes was used up.`))
      } else announce(state.id)
    }
  }

  async begin(sweepId: number): Promise<void> {
    const { store, announce, executorOf } = this.#options
    const stored = store.sweeps.get(sweepId)
    if (!stored || this.#active.has(sweepId) || this.#closed) return
    if (this.#timer) this.#tick()
    const executor = executorOf(stored)
    const sweep: ActiveSweep = {
      state: stored,
      executor,
      rungs: rungsOf(stored),
      handed: new Set(),
      isDeciding: true,
      isHandedOut: false
    }
    this.#active.set(sweepId, sweep)
    this.#save(sweep, { status: 'running', message: null, endedAt: null })
    if (!this.#timer) {
      this.#tickedAt = performance.now()
      this.#timer = setInterval(() => this.#onTick(), tickMs)
    }
    try {
      await executor.begin(stored, (message) => this.#lose(sweep, message))
      await this.#takeUp(sweep, ['paused', 'interrupted'])
    } catch (error) {
      const message = error instanceof LabError ? error.message : 'It could not begin; the log tells more.'
      if (this.#active.get(sweepId) === sweep) await this.#leave(sweep, { status: 'paused', message })
      throw error
    } finally {
      sweep.isDeciding = false
    }
    announce(sweepId)
    this.#step(sweep)
  }

  #lose(sweep: ActiveSweep, message: string): void {
    if (!this.#closed && this.#active.get(sweep.state.id) === sweep)
      void this.#leave(sweep, { status: 'paused', message })
  }

  /** Lets paused and interrupted runs go on. */
  async #takeUp(sweep: ActiveSweep, wanted: readonly RunStatus[]): Promise<void> {
    const { state, handed } = sweep
    const { store, runner, statuses } = this.#options
    const trials = store.sweeps.trials(state.id).filter(({ status }) => wanted.includes(status))
    for (const [index, { runId, status }] of trials.entries()) {
      if (index % stride === stride - 1) await nextTurn()
      const run = store.runs.get(runId)
      if (this.#closed || run?.status !== status) continue
      if (runner.has(runId)) {
        handed.add(runId)
        this.#watch(runner.resume(run))
      } else statuses.change(runId, { status: 'queued', message: null, endedAt: null })
    }
    sweep.isHandedOut = false
  }

  async pause(sweepId: number): Promise<void> {
    const { runner } = this.#options
    const sweep = this.#active.get(sweepId)
    if (!sweep) return
    await this.#leave(sweep, { status: 'paused' })
    // One that goes on at this moment is still stored as paused.
    const training = new Set(runner.order().training)
    const goes = (run: StoredRun) => training.has(run.id) || isGoing(run)
    await this.#forHanded(sweep, goes, (run) => runner.pause(run))
  }

  async stop(sweepId: number, message: string): Promise<void> {
    const { store, runner, announce, executorOf } = this.#options
    const sweep = this.#active.get(sweepId)
    const stored = store.sweeps.get(sweepId)
    if (!stored) return
    const ending = { status: 'stopped', message, endedAt: Date.now() } as const
    if (sweep) {
      await this.#leave(sweep, ending)
      await this.#forHanded(sweep, isActive, (run) => runner.stop(run, message))
    } else {
      store.sweeps.save(sweepId, { ...stored, ...ending })
      this.#watch(executorOf(stored).leave(sweepId, true))
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
  async #forHanded(
    { handed }: ActiveSweep,
    isWanted: (run: StoredRun) => boolean,
    work: (run: StoredRun) => Promise<void>
  ): Promise<void> {
    const { store } = this.#options
    const runs = [...handed].flatMap((id) => store.runs.get(id) ?? [])
    const order = runs.sort((a, b) => Number(a.status === 'running') - Number(b.status === 'running'))
    const changing: Promise<void>[] = []
    for (const [index, { id }] of order.entries()) {
      if (index % stride === stride - 1) await nextTurn()
      const run = store.runs.get(id)
      if (run && isWanted(run)) changing.push(work(run))
    }
    await Promise.all(changing)
  }

  /** Work in the background: what goes wrong leaves the sweep as it is, for a person to resume. */
  #watch(work: Promise<void>): void {
    const { log } = this.#options
    work.catch((error: unknown) => {
      if (!this.#closed) log('error', `Sweep: ${error instanceof Error ? error.stack : String(error)}`)
    })
  }

  onEngineReady(): void {
    for (const sweep of this.#local()) this.#watch(this.#takeUp(sweep, ['interrupted']).then(() => this.#step(sweep)))
  }

  onEngineFailed(message: string): void {
    for (const sweep of this.#local()) void this.#leave(sweep, { status: 'paused', message })
  }

  #local(): ActiveSweep[] {
    return [...this.#active.values()].filter(({ executor }) => executor.isLocal)
  }

  close(): void {
    if (this.#active.size > 0) this.#tick()
    this.#closed = true
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    for (const sweep of this.#active.values()) {
      this.#save(sweep, { status: 'interrupted', message: 'The lab was closed while it was running.' })
    }
    this.#active.clear()
  }
}
