/**
 * Learning-rate range tests on request: each on a thread of its own, that is ended with it. Ending the thread is how a
 * test is cancelled, wherever it is, and what it holds in the shared memory is given back only after that.
 */
import type { Allocator } from '#engine/process/allocator.ts'
import { expectInputs } from '#engine/process/checks.ts'
import { allocateOrThrow, type Datasets } from '#engine/process/datasets.ts'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import type { ThreadHandle, Threads } from '#engine/process/threads.ts'
import { rangeTestPlan } from '#engine/training/range-test.ts'
import type { RangeTest } from '#engine/training/rate-range.ts'
import { arenaBytes } from '#engine/training/open-training.ts'

type Request = Extract<ToEngine, { type: 'rangeTest' }>

export interface RangeTesting {
  /** Errors: rejects with a sentence where there is no room, things do not fit together, or it was cancelled. */
  run(request: Request): Promise<FromEngine>
  cancel(requestId: number): void
}

export interface RangeTestingOptions {
  readonly allocator: Allocator
  readonly datasets: Datasets
  readonly threads: Threads
  readonly post: (message: FromEngine) => void
}

/** Creates the service with no test under way. */
export function createRangeTesting({ allocator, datasets, threads, post }: RangeTestingOptions): RangeTesting {
  const underWay = new Map<number, { readonly handle: ThreadHandle; reject(error: Error): void }>()

  async function measure(setup: Parameters<ThreadHandle['post']>[0], requestId: number): Promise<RangeTest> {
    const { promise, resolve, reject } = Promise.withResolvers<RangeTest>()
    const handle = threads.start({
      onMessage(message) {
        if (message.type === 'rangeTest.progress') post(message)
        else if (message.type === 'rangeTested') resolve(message.result)
        else if (message.type === 'refused') reject(new RangeError(message.message))
      },
      onLost: (cause) => reject(new Error(`The thread that tested rates died. ${cause}`))
    })
    underWay.set(requestId, { handle, reject })
    try {
      handle.post(setup)
      return await promise
    } finally {
      underWay.delete(requestId)
      await handle.end()
    }
  }

  return {
    async run({ requestId, datasetId, topology, plan, seed, range }) {
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
          const result = await measure({ type: 'rangeTest', requestId, setup }, requestId)
          return { type: 'rangeTested', requestId, result }
        } finally {
          allocator.free(arena)
        }
      } finally {
        datasets.release(datasetId)
      }
    },
    cancel(requestId) {
      underWay.get(requestId)?.reject(new Error('The test was cancelled.'))
    }
  }
}
