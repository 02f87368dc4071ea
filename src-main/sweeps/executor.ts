/**
 * Where the runs of a sweep are trained: in the engine of this lab, or by workers elsewhere. The conductor hands out and
 * counts; an executor trains, and tells what came of a run by its status alone. A folder of units is no executor: nobody
 * is there to hand anything out while its workers train (workers/folder).
 */
import type { EngineHost } from '#lab/engine/host.ts'
import type { Until } from '#lab/runs/active-runs.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { StoredSweep } from '#lab/store/sweeps.ts'

export interface Executor {
  /** Whether it is the engine of this lab, with whose life and death its sweeps go on and wait. */
  readonly isLocal: boolean
  /** How many runs of a sweep it wants to have: once they are no more than `least`, it is given up to `most`. */
  ahead(): { readonly least: number; readonly most: number }
  /** Whether runs that were interrupted are about to go on by themselves. */
  isComingBack(): boolean
  /**
   * Gets ready for a sweep; `lost` is called where it can not go on, with the sentence why.
   * Errors: LabError with the sentence where it can not begin.
   */
  begin(sweep: StoredSweep, lost: (message: string) => void): Promise<void>
  /** Trains runs, each once, however often it is given. */
  enqueue(sweepId: number, runIds: readonly number[], until: Until | undefined): void
  /** Hands out nothing more of a sweep; where that is over, nothing of it is kept either. */
  leave(sweepId: number, isOver: boolean): Promise<void>
}

/** The engine of this lab: a few runs ahead of its threads, so that one started by hand does not wait for a whole sweep. */
export function createLocalExecutor(runner: Runner, engine: Pick<EngineHost, 'status'>): Executor {
  return {
    isLocal: true,
    ahead() {
      const most = Math.max(4, 2 * engine.status().threads)
      return { least: most - 1, most }
    },
    isComingBack: () => engine.status().state === 'restarting',
    begin: () => Promise.resolve(),
    enqueue(_sweepId, runIds, until) {
      // One that a person paused and resumed is in the runner already.
      const fresh = runIds.filter((id) => !runner.has(id))
      if (fresh.length > 0) runner.enqueue(fresh, until)
    },
    leave: () => Promise.resolve()
  }
}
