/** Learning-rate range tests on request, on a data set that is loaded. */
import type { Allocator } from '#engine/process/allocator.ts'
import { expectInputs } from '#engine/process/checks.ts'
import { allocateOrThrow, type Datasets } from '#engine/process/datasets.ts'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import type { SoloWork } from '#engine/process/solo-work.ts'
import { rangeTestPlan } from '#engine/training/range-test.ts'
import { arenaBytes } from '#engine/training/open-training.ts'

type Request = Extract<ToEngine, { type: 'rangeTest' }>

export interface RangeTestingOptions {
  readonly allocator: Allocator
  readonly datasets: Datasets
  readonly work: SoloWork
}

/**
 * Tests rates through a range.
 * Errors: rejects with a sentence where there is no room, things do not fit together, or it was cancelled.
 */
export async function testRates(
  { allocator, datasets, work }: RangeTestingOptions,
  { requestId, datasetId, topology, plan, seed, range }: Request
): Promise<FromEngine> {
  const data = datasets.hold(datasetId)
  if (!data) throw new RangeError(`The data set "${datasetId}" is not loaded in the engine.`)
  try {
    expectInputs(topology, data.dataset.inputs)
    const { task, classes } = data.dataset
    const { train } = data
    const tested = rangeTestPlan(plan)
    const isWeighted = train.weights !== undefined
    const bytes = arenaBytes(topology, tested, train.rows, { isWeighted })
    const arena = allocateOrThrow(allocator, bytes, 'This test')
    try {
      const setup = { arena, train, task, classes, topology, plan: tested, seed, range }
      return await work.run({ type: 'rangeTest', requestId, setup })
    } finally {
      allocator.free(arena)
    }
  } finally {
    datasets.release(datasetId)
  }
}
