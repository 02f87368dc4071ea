import { describe, expect, it } from 'vitest'
import { snapshotEpochs } from '#engine/training/snapshots.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { type Given, setupOf, xor } from '#test/unit/engine/support.ts'

describe('the epochs that are kept', () => {
  it('begin with the start, are close at first and wide apart later, and end with the plan', () => {
    const epochs = snapshotEpochs(1000, 400, 1_000_000)
    expect(epochs.slice(0, 5)).toEqual([0, 1, 2, 3, 4])
    expect(epochs.at(-1)).toBe(1000)
    expect(epochs.length).toBeGreaterThanOrEqual(28)
    expect(epochs.length).toBeLessThanOrEqual(32)
    const gaps = epochs.slice(1).map((epoch, index) => epoch - (epochs[index] ?? 0))
    expect(gaps.every((gap, index) => gap >= 1 && gap >= (gaps[index - 1] ?? 0) * 0.5)).toBe(true)
  })

  it('are all there where the plan has few', () => {
    expect(snapshotEpochs(6, 400, 1_000_000)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(snapshotEpochs(1, 400, 1_000_000)).toEqual([0, 1])
  })

  it('are so many as the limit holds, and none where that says nothing of the way', () => {
    expect(snapshotEpochs(1000, 400_000, 4_000_000)).toHaveLength(10)
    expect(snapshotEpochs(1000, 400_000, 800_000)).toEqual([0, 1000])
    expect(snapshotEpochs(1000, 400_000, 799_999)).toEqual([])
  })
})

describe('a trainer', () => {
  const given: Given = {
    train: xor,
    hidden: [{ units: 4, activation: 'tanh' }],
    plan: { stopping: { epochs: 20, patience: null } }
  }

  function kept(more: Partial<ReturnType<typeof setupOf>>) {
    const trainer = createTrainer({ ...setupOf(given), ...more })
    const snapshots = []
    for (;;) {
      const { snapshots: some, finished } = trainer.advance(1)
      snapshots.push(...some)
      if (finished) return { trainer, snapshots }
    }
  }

  it('hands out the weights of these epochs, whatever its steps, and trains as if it did not', () => {
    const { trainer, snapshots } = kept({ snapshotEpochs: [0, 3, 20] })
    expect(snapshots.map(({ epoch }) => epoch)).toEqual([0, 3, 20])
    expect(snapshots.at(-1)?.parameters).toEqual(trainer.checkpoint().parameters)
    expect(kept({}).trainer.checkpoint().parameters).toEqual(trainer.checkpoint().parameters)
    expect(snapshots[0]?.parameters).not.toEqual(snapshots[1]?.parameters)
  })

  it('hands out what is left to come after a resume, bit for bit', () => {
    const whole = kept({ snapshotEpochs: [0, 3, 10, 20] }).snapshots
    const first = createTrainer({ ...setupOf({ ...given, plan: { stopping: { epochs: 7, patience: null } } }) })
    while (!first.advance(1).finished);
    const { snapshots } = kept({ snapshotEpochs: [0, 3, 10, 20], checkpoint: first.checkpoint() })
    expect(snapshots).toEqual(whole.slice(2))
  })

  it('begins with the weights it is given', () => {
    const [, third] = kept({ snapshotEpochs: [0, 3] }).snapshots
    const { snapshots } = kept({ initial: third?.parameters, snapshotEpochs: [0] })
    expect(snapshots).toEqual([{ epoch: 0, parameters: third?.parameters }])
  })
})
