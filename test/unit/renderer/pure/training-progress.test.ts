/** How far the runs are that were started by hand, and in which words. */
import { expect, it } from 'vitest'
import type { Run } from '#contract/runs.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { describeTraining, trainingProgressOf } from '#renderer/pure/training-progress.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const plan = { ...defaultPlan('cross_entropy'), stopping: { epochs: 100, patience: null } }
const started = (id: number, change: Partial<Run>) => run(id, { plan, createdAt: 1, ...change })

const wordsOf = (runs: readonly Run[]) => {
  const progress = trainingProgressOf(runs)
  return progress && describeTraining(progress)
}

it('says nothing where all has ended, or only a sweep trains', () => {
  expect(trainingProgressOf([])).toBeNull()
  expect(trainingProgressOf([started(1, {}), started(2, { status: 'running', sweepId: 7 })])).toBeNull()
})

it('counts what was started together, and leaves out what was started before', () => {
  const runs = [
    started(1, { createdAt: 0 }),
    started(2, { status: 'done', epochs: 30 }),
    started(3, { status: 'running', epochs: 50, etaSeconds: 10 }),
    started(4, { status: 'queued', epochs: 0 })
  ]
  const progress = trainingProgressOf(runs)
  expect(progress?.underWay.map(({ id }) => id)).toEqual([3, 4])
  expect(progress?.share).toBeCloseTo(0.5)
  // 10 s for the half that is left of one, then 20 s for the other after it.
  expect(progress?.etaSeconds).toBeCloseTo(30)
  expect(wordsOf(runs)).toBe('1 of 3 runs, 1 in training, about 30 s left')
})

it('shares what is left among those that train at once, but waits for the slowest', () => {
  const left = (id: number, etaSeconds: number) => started(id, { status: 'running', epochs: 50, etaSeconds })
  const waiting = [5, 6].map((id) => started(id, { status: 'queued', epochs: 0 }))
  expect(trainingProgressOf([left(1, 10), left(2, 10), ...waiting])?.etaSeconds).toBeCloseTo(30)
  expect(trainingProgressOf([left(1, 60), left(2, 10)])?.etaSeconds).toBeCloseTo(60)
})

it('tells the epoch of a run alone, and no time where none is known', () => {
  const epochs = { epochs: 1200, plan: { ...plan, stopping: { epochs: 5000, patience: null } } }
  expect(wordsOf([started(1, { status: 'running', ...epochs })])).toBe('epoch 1,200 of 5,000')
  expect(wordsOf([started(1, { status: 'paused', ...epochs })])).toBe('epoch 1,200 of 5,000, paused')
  expect(wordsOf([started(1, { status: 'queued', epochs: 0 })])).toBe('epoch 0 of 100, waiting for a free thread')
})
