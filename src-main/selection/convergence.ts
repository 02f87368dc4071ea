/**
 * Which runs ended at the last epoch of their plan while they were still learning. A topology judged before it has
 * converged looks worse than it is, and the small ones learn slowest.
 */
import { rateAt, schedules } from '#engine/training/schedules.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { deviation, mean } from '#trials/statistics.ts'
import type { TrialRun } from '#lab/store/runs.ts'

/** The last share of the epochs whose fall tells whether a run was still learning. */
const tailShare = 0.1
/** A fall of this share of the loss over the tail is still learning. */
const stillFalling = 0.02

/** What the end of a curve shows of a run that was still learning. */
export interface Tail {
  /** By what share the validation loss fell. */
  readonly fall: number
  /** Over how many epochs. */
  readonly epochs: number
}

/**
 * Looks at the end of a curve: whether the validation loss still fell beyond the noise of the epochs, and by enough to
 * matter, up to the very end; null where it did not. Shapes: the loss by epoch, as far as it was measured.
 */
export function learningTail(validationLoss: readonly number[], bestEpoch: number | null): Tail | null {
  const length = Math.max(2, Math.round(validationLoss.length * tailShare))
  const tail = validationLoss.slice(-length)
  const before = validationLoss.slice(-2 * length, -length)
  if (before.length < 2 || bestEpoch === null || bestEpoch < validationLoss.length - length) return null
  const fall = mean(before) - mean(tail)
  const share = fall / mean(before)
  return fall > deviation(tail) && share > stillFalling ? { fall: share, epochs: length } : null
}

/** Whether a run may have been ended by its plan before it had converged: only then its curve has to be read. */
export function mayLearnOn({
  status,
  reason,
  bestEpoch,
  plan
}: Pick<TrialRun, 'status' | 'reason' | 'bestEpoch' | 'plan'>): boolean {
  const { epochs } = plan.stopping
  return status === 'done' && reason === 'epochs' && bestEpoch !== null && bestEpoch > (1 - tailShare) * epochs - 1
}

/**
 * Whether a run with more epochs begins as the one with fewer ended: not where the learning rate is laid out over the
 * epochs of the plan, so that it has come to its end with them.
 */
export function canTrainOn({
  schedule = schedules.constant.defaults,
  optimizer
}: Pick<TrainingPlan, 'schedule' | 'optimizer'>): boolean {
  const { learningRate } = optimizer
  return [2, 5, 9].every(
    (epoch) => rateAt(schedule, learningRate, epoch, 10, 1) === rateAt(schedule, learningRate, epoch, 20, 1)
  )
}
