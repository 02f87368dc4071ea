import { expect, it } from 'vitest'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import { groupRuns } from '#lab/experiments/selection/groups.ts'
import type { TrialRun } from '#lab/store/runs.ts'

const metrics = { loss: 0.2, accuracy: 0.9 }
const plan = defaultPlan('cross_entropy')
const shorter: TrainingPlan = { ...plan, stopping: { ...plan.stopping, epochs: 40 } }

function runOf(id: number, units: number, own: TrainingPlan, status: TrialRun['status'] = 'done'): TrialRun {
  const layers = [
    { units, activation: 'relu' as const },
    { units: 2, activation: 'softmax' as const }
  ]
  const result = status === 'done' ? metrics : null
  return {
    id,
    status,
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

it('names groups by what differs between those that are drawn: one without a result puts no word to the others', () => {
  const runs = [runOf(1, 8, plan), runOf(2, 16, plan), runOf(3, 64, shorter, 'stopped')]
  const drawn = groupRuns(runs, 'error').filter(({ trials }) => trials.length > 0)
  expect(drawn.map(({ topology }) => topology)).toEqual(['8', '16'])

  const both = groupRuns([...runs, runOf(4, 64, shorter)], 'error')
  expect(both.find(({ hiddenUnits }) => hiddenUnits === 64)?.topology).toBe('64 epochs 40')
})

it('counts the runs of a group that have no result', () => {
  const groups = groupRuns([runOf(1, 8, plan), runOf(2, 8, plan, 'stopped'), runOf(3, 64, shorter, 'stopped')], 'error')
  expect(groups.map(({ unfinished }) => unfinished)).toEqual([1, 1])
})
