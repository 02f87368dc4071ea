/**
 * The statuses of a run and how one follows another:
 *
 *   queued -> running -> done | stopped | diverged | failed
 *   running <-> paused;  queued, paused -> stopped;  stopped, interrupted, paused -> queued (resume)
 *   queued, running, paused -> interrupted: the engine or the lab went away; the last checkpoint is kept
 */
import type { RunStatus } from '#contract/runs.ts'
import type { Store } from '#lab/store/store.ts'

const following: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'paused', 'stopped', 'interrupted', 'failed'],
  running: ['paused', 'interrupted', 'done', 'stopped', 'diverged', 'failed'],
  paused: ['running', 'queued', 'stopped', 'interrupted', 'failed'],
  interrupted: ['queued', 'stopped'],
  stopped: ['queued'],
  done: [],
  diverged: [],
  failed: []
}

/** Statuses in which a run waits for the engine or is in it; none of them outlives the process. */
export const activeStatuses: readonly RunStatus[] = ['queued', 'running', 'paused']

/** Statuses from which a run can go on. */
export const resumableStatuses: readonly RunStatus[] = ['paused', 'interrupted', 'stopped']

/** Statuses in which a run can be stopped for good. */
export const stoppableStatuses: readonly RunStatus[] = ['queued', 'running', 'paused', 'interrupted']

/** Whether a run may go from one status to another. */
export function canFollow(from: RunStatus, to: RunStatus): boolean {
  return following[from].includes(to)
}

/**
 * Leaves every active run of a lab that nobody trains any more as interrupted, and marks those to go on that were
 * `going`: all but what a person had paused.
 */
export function interruptActive(
  store: Pick<Store, 'runs' | 'transaction'>,
  message: string,
  going: readonly number[] = store.runs.idsIn(['queued', 'running'])
): void {
  const endedAt = Date.now()
  store.transaction(() => {
    for (const id of store.runs.idsIn(activeStatuses)) {
      store.runs.saveStatus(id, { status: 'interrupted', message, endedAt })
    }
    store.runs.letGoOn(going)
  })
}
