/** The figures of a run in training: best epoch, its figures, pace; NaN and resumes included. */
import { describe, expect, it } from 'vitest'
import { finiteMetrics, trackProgress } from '#lab/runs/progress.ts'
import type { RunProgress } from '#lab/store/runs.ts'

const columns = [
  'seconds',
  'samplesPerSecond',
  'learningRate',
  'trainLoss',
  'trainAccuracy',
  'validationLoss',
  'validationAccuracy'
]
const nothing: RunProgress = {
  epochs: 0,
  bestEpoch: null,
  train: null,
  validation: null,
  seconds: 0,
  samplesPerSecond: null
}

const byLoss = { epochs: 100, patience: null }

/** Records with these validation losses, two seconds an epoch. */
function records(firstEpoch: number, losses: number[], accuracies = losses.map(() => 0.25)) {
  const at = (value: (index: number) => number) => losses.map((_, index) => value(index))
  const values = [
    at((index) => 2 * (firstEpoch + index)),
    at(() => 100),
    at(() => 0.01),
    at((index) => firstEpoch + index),
    at(() => 0.5),
    losses,
    accuracies
  ].flat()
  return { runId: 1, firstEpoch, epochs: losses.length, values: Float32Array.from(values) }
}

describe('trackProgress', () => {
  it('keeps the first epoch with the lowest validation loss, over several pieces', () => {
    const tracker = trackProgress(columns, true, byLoss, nothing)
    tracker.add(records(1, [4, 2, 3]))
    expect(tracker.add(records(4, [2, NaN]))).toEqual({
      epochs: 5,
      bestEpoch: 2,
      train: { loss: 2, accuracy: 0.5 },
      validation: { loss: 2, accuracy: 0.25 },
      seconds: 10,
      samplesPerSecond: 100
    })
    expect(tracker.latest()).toEqual({ train: { loss: 5, accuracy: 0.5 }, validation: null })
  })

  it('goes on from the best of the time before a resume', () => {
    const before = trackProgress(columns, true, byLoss, nothing).add(records(1, [4, 2, 3]))
    const tracker = trackProgress(columns, true, byLoss, before)
    expect(tracker.add(records(3, [3, 5]))).toMatchObject({ epochs: 4, bestEpoch: 2, validation: { loss: 2 } })
    expect(tracker.add(records(5, [1]))).toMatchObject({ bestEpoch: 5, validation: { loss: 1 } })
  })

  it('goes by the figure and the least improvement that the plan stops by', () => {
    const byAccuracy = { ...byLoss, metric: 'accuracy' as const, minimumImprovement: 0.05 }
    const tracker = trackProgress(columns, true, byAccuracy, nothing)
    const added = tracker.add(records(1, [4, 2, 3, 1], [0.5, 0.54, 0.625, 0.5]))
    expect(added).toMatchObject({ bestEpoch: 3, validation: { loss: 3, accuracy: 0.625 } })
    const resumed = trackProgress(columns, true, byAccuracy, added)
    expect(resumed.add(records(5, [1, 9], [0.64, 0.75]))).toMatchObject({ bestEpoch: 6 })
  })

  it('takes the last epoch for the best where there is no validation part', () => {
    const tracker = trackProgress(columns, false, byLoss, nothing)
    expect(tracker.add(records(1, [NaN, NaN]))).toMatchObject({ bestEpoch: 2, train: { loss: 2 }, validation: null })
  })

  it('tells the time to the last planned epoch once it knows the pace', () => {
    const tracker = trackProgress(columns, true, byLoss, nothing)
    tracker.add(records(1, [1]))
    expect(tracker.eta(11)).toBeNull()
    tracker.add(records(2, [1, 1]))
    expect(tracker.eta(11)).toBe(16)
  })
})

describe('finiteMetrics', () => {
  it('leaves out figures that are no numbers, and has none without a loss', () => {
    expect(finiteMetrics({ loss: 1, r2: NaN, mae: Infinity, rmse: 2 })).toEqual({ loss: 1, rmse: 2 })
    expect(finiteMetrics({ loss: NaN, accuracy: 1 })).toBeNull()
    expect(finiteMetrics(null)).toBeNull()
  })
})
