/**
 * Which runs would have to train on, so that the topologies which were still learning when their last epoch ended are
 * judged as the others are. Pure.
 *
 * The plan of a run says how long it may train at most. A run that ended before that, by patience, is the run of the
 * longer plan as well, bit by bit; one that the last epoch ended begins the longer one. So all runs of such a plan get
 * the longer plan, and those that the last epoch ended go on from their checkpoints: afterwards all are as if they had
 * been trained by it from the start, and stay comparable.
 */
import { planKey } from '#engine/training/plan-settings.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { canTrainOn } from '#lab/selection/convergence.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import { isOwnTrial } from '#trials/trials.ts'

export interface TrainOn {
  /** Runs that the last epoch of their plan ended, and that go on. */
  readonly goOn: readonly TrialRun[]
  /** Runs that ended before, and get the longer plan. */
  readonly stay: readonly TrialRun[]
  /** Whether some can't: their schedule brought the learning rate to its end with the epochs. */
  readonly isHeld: boolean
}

/** Times as many epochs where nobody says how many. */
export const usualTimes = 3

/** Chooses among the runs that were judged in one way; `isLearning` says which were still learning at their end. */
export function trainOnOf(runs: readonly TrialRun[], isLearning: (run: TrialRun) => boolean): TrainOn {
  const ended = runs.filter((run) => run.status === 'done' && isOwnTrial(run))
  const learning = ended.filter(isLearning)
  if (learning.length === 0) return { goOn: [], stay: [], isHeld: false }
  const keys = new Map<TrainingPlan, string>()
  const keyOf = (plan: TrainingPlan) => keys.get(plan) ?? keys.set(plan, planKey(plan)).get(plan)
  const plans = new Set(learning.filter(({ plan }) => canTrainOn(plan)).map(({ plan }) => keyOf(plan)))
  const own = ended.filter(({ plan }) => plans.has(keyOf(plan)))
  return {
    goOn: own.filter(({ reason }) => reason === 'epochs'),
    stay: own.filter(({ reason }) => reason !== 'epochs'),
    isHeld: learning.some(({ plan }) => !canTrainOn(plan))
  }
}

/** The plan with `times` as many epochs at most. */
export function longerPlan(plan: TrainingPlan, times: number): TrainingPlan {
  return { ...plan, stopping: { ...plan.stopping, epochs: plan.stopping.epochs * times } }
}
