/** Training on, from their checkpoints, what its last epoch ended while it was still learning. */
import { LabError } from '#contract/errors.ts'
import type { TrainingOn } from '#contract/sweeps.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import type { Selection } from '#lab/selection/selection.ts'
import { longerPlan } from '#lab/selection/train-on.ts'
import type { Store } from '#lab/store/store.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import type { Conductor } from '#lab/sweeps/conductor.ts'

export interface TrainOnOptions {
  readonly store: Store
  readonly statuses: Statuses
  readonly runner: Pick<Runner, 'enqueue'>
  readonly conductor: Pick<Conductor, 'begin'>
  readonly selection: Pick<Selection, 'trainOn'>
}

export interface TrainOnRequest {
  readonly experimentId: number
  readonly folds: FoldCount
  /** Times as many epochs. */
  readonly times: number
}

export type TrainsOn = (request: TrainOnRequest) => Promise<TrainingOn>

/**
 * Creates the function that trains on.
 * Errors: LabError 'not_found' for an unknown experiment, 'conflict' where nothing was still learning, or can't go on.
 */
export function createTrainsOn({ store, statuses, runner, conductor, selection }: TrainOnOptions): TrainsOn {
  /** Not what has seen the test part: it would be chosen by what was seen. */
  const isSealed = ({ id }: TrialRun) => store.runs.get(id)?.testOpened === false

  return async ({ experimentId, folds, times }) => {
    const { goOn, stay, isHeld } = await selection.trainOn(experimentId, folds)
    const going = goOn.filter(isSealed)
    if (going.length === 0) {
      const why =
        goOn.length > 0
          ? 'The test part was opened for all that could train on; using what was seen is no way. Sweep anew.'
          : isHeld
            ? 'The schedule brought the learning rate to its end with the epochs, so there is nothing to train on from: sweep anew with more epochs.'
            : 'No topology was still learning when its last epoch ended.'
      throw new LabError('conflict', why)
    }
    store.transaction(() => {
      for (const { id, plan } of [...going, ...stay.filter(isSealed)]) store.runs.savePlan(id, longerPlan(plan, times))
      for (const { id } of going) statuses.change(id, { status: 'queued', message: null, endedAt: null })
    })
    const runIds = going.map(({ id }) => id)
    const sweepIds = endedSweeps(store, runIds)
    // A sweep takes its own up again, so that it can be paused and goes on after a crash as it did before.
    const isTaken = (id: number) => sweepIds.includes(store.runs.get(id)?.sweep?.id ?? 0)
    runner.enqueue(runIds.filter((id) => !isTaken(id)))
    for (const id of sweepIds) await conductor.begin(id)
    return { runIds, sweepIds }
  }
}

/** The ended sweeps of runs, but those whose budget of time may be used up. */
function endedSweeps(store: Store, runIds: readonly number[]): number[] {
  const ids = new Set(runIds.flatMap((id) => store.runs.get(id)?.sweep?.id ?? []))
  return [...ids].filter((id) => {
    const sweep = store.sweeps.get(id)
    return sweep?.status === 'done' && sweep.settings.budget.minutes === null
  })
}
