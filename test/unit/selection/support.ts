/** Made-up runs for the tests of what is chosen from. */
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import type { TrialRun } from '#lab/store/runs.ts'

const metrics = { loss: 0.2, accuracy: 0.9 }

export const plan = defaultPlan('cross_entropy')
export const shorter: TrainingPlan = { ...plan, stopping: { ...plan.stopping, epochs: 40 } }

/** A run of one hidden layer on all rows; it has a result where it is done. */
export function runOf(id: number, units: number, own: TrainingPlan, status: TrialRun['status'] = 'done'): TrialRun {
  const layers = [
    { units, activation: 'relu' as const },
    { units: 2, activation: 'softmax' as const }
  ]
  const result = status === 'done' ? metrics : null
  return {
    id,
    status,
    reason: status === 'done' ? 'patience' : null,
    topology: { inputs: 4, layers },
    plan: own,
    data: { kind: 'whole' },
    seed: 1,
    bestEpoch: 3,
    train: result,
    validation: result,
    fromEpoch: undefined
  }
}
