/**
 * The statuses of a run, how one follows another, and what may be done in each: the same rules for lab, window and terminal.
 *
 *   queued -> running -> done | stopped | diverged | failed
 *   done -> queued: its plan was given more epochs, and it trains on
 *   running <-> paused;  queued, paused -> stopped;  stopped, interrupted, paused -> queued (resume)
 *   queued, running, paused -> interrupted: the engine or the lab went away; the last checkpoint is kept
 */
import type { Run, RunStatus } from '#contract/runs.ts'

type WithStatus = Pick<Run, 'status'>

const following: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'paused', 'stopped', 'interrupted', 'failed'],
  running: ['paused', 'interrupted', 'done', 'stopped', 'diverged', 'failed'],
  paused: ['running', 'queued', 'stopped', 'interrupted', 'failed'],
  interrupted: ['queued', 'stopped'],
  stopped: ['queued'],
  done: ['queued'],
  diverged: [],
  failed: []
}

/** Whether a run may go from one status to another. */
export function canFollow(from: RunStatus, to: RunStatus): boolean {
  return following[from].includes(to)
}

/** Statuses in which a run waits for the engine or is in it; none of them outlives the process. */
export const activeStatuses: readonly RunStatus[] = ['queued', 'running', 'paused']

export const isActive = ({ status }: WithStatus): boolean => activeStatuses.includes(status)

/** Whether a run trains or waits for its turn, so that its weights are no result yet. */
export const isGoing = ({ status }: WithStatus): boolean => status === 'queued' || status === 'running'

export const canPause = isGoing

/** Whether a run can go on from its last checkpoint; not once its test part was opened, or it would use what was seen. */
export const canResume = ({ status, testOpened }: Pick<Run, 'status' | 'testOpened'>): boolean =>
  !testOpened && !isGoing({ status }) && status !== 'done' && canFollow(status, 'queued')

/** Whether a run can be stopped for good: while it is active, and where it was interrupted. */
export const canStop = ({ status }: WithStatus): boolean => canFollow(status, 'stopped')

/** Whether a run is still to come to its end: also one that goes on once it is asked to. */
export const isToEnd = (run: WithStatus): boolean => isActive(run) || run.status === 'interrupted'

/** Whether a run ended by what went wrong. */
export const hasFailed = ({ status }: WithStatus): boolean => status === 'diverged' || status === 'failed'

/** Whether a run has a network that can be used: it has completed an epoch and is not in training. */
export const hasNetwork = (run: Pick<Run, 'status' | 'epochs'>): boolean => run.epochs > 0 && !isGoing(run)

/**
 * Tells which runs there are and which of them have come to their end, as text: it changes with any of them, and not
 * with the epochs that those in training tell of.
 */
export const standOf = (runs: readonly Pick<Run, 'id' | 'status'>[]): string =>
  runs.map((run) => (isToEnd(run) ? -run.id : run.id)).join()
