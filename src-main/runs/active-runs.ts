/**
 * The runs between `queued` and their end, and the order in which they wait. Knows neither engine nor store: which run has
 * its turn follows from the threads that each takes.
 */
import type { ProgressTracker } from '#lab/runs/progress.ts'

/** An end before that of the plan: the run is stopped there, for the reason of the sentence, and can go on later. */
export interface Until {
  readonly epoch: number
  readonly message: string
}

/**
 * One run. `preparing` and `training` take the engine's threads; `held` is paused in the engine, from where it goes on
 * without a checkpoint; `settling` has paused or is at its end there, and is being stored.
 */
export interface ActiveRun {
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

export class ActiveRuns {
  readonly #runs = new Map<number, ActiveRun>()
  readonly #waiting: ActiveRun[] = []
  /** How many train at once at most; null: as many as there are threads. */
  mostParallel: number | null = null

  /** Adds a run at the end of the queue. */
  add(id: number, threads: number, until: Until | undefined): void {
    const run: ActiveRun = {
      id,
      threads,
      phase: 'waiting',
      tracker: null,
      until,
      stopMessage: null,
      heldDataset: null
    }
    this.#runs.set(id, run)
    this.#waiting.push(run)
  }

  get(id: number): ActiveRun | undefined {
    return this.#runs.get(id)
  }

  /** Whether this very run is still here; a run of the same id may have come after it. */
  includes(run: ActiveRun): boolean {
    return this.#runs.get(run.id) === run
  }

  remove(run: ActiveRun): void {
    this.#runs.delete(run.id)
    this.leaveQueue(run)
  }

  clear(): void {
    this.#runs.clear()
    this.#waiting.length = 0
  }

  inPhase(...phases: ActiveRun['phase'][]): ActiveRun[] {
    return [...this.#runs.values()].filter(({ phase }) => phases.includes(phase))
  }

  /** What takes the engine's threads. */
  inTraining(): ActiveRun[] {
    return this.inPhase('preparing', 'training')
  }

  waiting(): readonly ActiveRun[] {
    return this.#waiting
  }

  /**
   * Takes the run whose turn it is out of the queue; undefined where none waits or it has no room. The order is kept: a
   * run of several threads waits until so many are free, and the ones behind it with it.
   */
  takeNext(threads: number): ActiveRun | undefined {
    const [next] = this.#waiting
    return next && this.#hasRoomFor(next, threads) ? this.#waiting.shift() : undefined
  }

  #hasRoomFor(run: ActiveRun, threads: number): boolean {
    const running = this.inTraining()
    const taken = running.reduce((sum, each) => sum + each.threads, 0)
    // One that asks for more than there are is the engine's to refuse, once it is alone.
    if (taken === 0) return true
    return running.length < (this.mostParallel ?? Infinity) && taken + run.threads <= threads
  }

  /** Puts a run in front of all that wait. */
  waitFirst(run: ActiveRun): void {
    run.phase = 'waiting'
    this.#waiting.unshift(run)
  }

  leaveQueue(run: ActiveRun): void {
    const index = this.#waiting.indexOf(run)
    if (index >= 0) this.#waiting.splice(index, 1)
  }

  /** Gives those that wait another order; the ones not named come last, as they were. */
  reorder(ids: readonly number[]): void {
    const place = new Map(ids.map((id, index) => [id, index]))
    this.#waiting.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity))
  }

  /** Lets go of all that wait, and tells which they were. */
  dropWaiting(): ActiveRun[] {
    const dropped = this.#waiting.splice(0)
    dropped.forEach((run) => this.#runs.delete(run.id))
    return dropped
  }

  /** Whether a run holds the data set in the engine. */
  holds(datasetId: string): boolean {
    return [...this.#runs.values()].some(({ heldDataset }) => heldDataset === datasetId)
  }

  /** The engine died: its data sets went with it, and nothing is left to release. */
  forgetDatasets(): void {
    this.#runs.forEach((run) => (run.heldDataset = null))
  }
}
