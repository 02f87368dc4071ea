/** The lecture's numbers on batches, as the trainer takes them; its other numbers are beside what they are about. */
import { expect, it } from 'vitest'
import { batchesPerEpoch } from '#engine/network/topology.ts'
import { generate, trainToEnd } from '#test/unit/engine/support.ts'

it.each([
  [1, 1000],
  [50, 20],
  [1000, 1]
])('an epoch of 1000 samples in batches of %d takes %d steps', (batchSize, steps) => {
  expect(batchesPerEpoch(1000, batchSize)).toBe(steps)
  const trainer = trainToEnd({
    train: generate(1000, 2, 1, ([x = 0]) => (x > 0 ? 1 : 0)),
    plan: { batchSize, stopping: { epochs: 1, patience: null } }
  })
  expect(trainer.checkpoint().step).toBe(steps)
})
