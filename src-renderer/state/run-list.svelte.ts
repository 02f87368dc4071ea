/**
 * All runs the screen knows, by id: filled an experiment at a time, kept up to date by the lab's events.
 * Events are gathered and shown once a frame, since a run that trains tells of itself many times a second.
 */
import type { Run } from '#contract/runs.ts'
import { RunKinds } from '#renderer/pure/runs/run-groups.ts'

export class RunList {
  /** What kind each run is of: the same for the table and the charts. */
  readonly kinds = new RunKinds()
  #byId = $state.raw<ReadonlyMap<number, Run>>(new Map())
  /** Removed on the screen, and still to be undone: not shown, not yet asked of the lab. */
  #hidden = $state.raw<ReadonlySet<number>>(new Set())
  #changes = new Map<number, Run | null>()
  #framePending = false
  #nextFrame: (task: () => void) => void

  constructor(nextFrame: (task: () => void) => void) {
    this.#nextFrame = nextFrame
  }

  get(runId: number): Run | undefined {
    return this.#hidden.has(runId) ? undefined : this.#byId.get(runId)
  }

  /** The runs of an experiment, newest first. */
  ofExperiment(experimentId: number): Run[] {
    return [...this.#byId.values()]
      .filter((run) => run.experimentId === experimentId && !this.#hidden.has(run.id))
      .sort((a, b) => b.id - a.id)
  }

  /** The runs that are training now, in any experiment. */
  get running(): Run[] {
    return [...this.#byId.values()].filter((run) => run.status === 'running')
  }

  /** Takes the newest state of runs, at the next frame; where it is not due, with what comes after it. */
  put(runs: readonly Run[], isDue = true): void {
    for (const run of runs) this.#changes.set(run.id, run)
    if (isDue) this.#schedule()
  }

  drop(runIds: readonly number[]): void {
    for (const runId of runIds) this.#changes.set(runId, null)
    this.#schedule()
  }

  hide(runIds: readonly number[]): void {
    this.#hidden = new Set([...this.#hidden, ...runIds])
  }

  unhide(runIds: readonly number[]): void {
    const shown = new Set(runIds)
    this.#hidden = new Set([...this.#hidden].filter((runId) => !shown.has(runId)))
  }

  #schedule(): void {
    if (this.#framePending) return
    this.#framePending = true
    this.#nextFrame(() => {
      this.#framePending = false
      const next = new Map(this.#byId)
      for (const [runId, run] of this.#changes) {
        if (run) next.set(runId, run)
        else next.delete(runId)
      }
      this.#changes.clear()
      this.#byId = next
    })
  }
}
