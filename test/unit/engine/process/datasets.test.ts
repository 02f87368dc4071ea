import { expect, test } from 'vitest'
import { createAllocator } from '#engine/process/allocator.ts'
import { createDatasets, createPartLoader } from '#engine/process/datasets.ts'
import type { EngineDataset } from '#engine/process/protocol.ts'

const dataset: EngineDataset = {
  id: 'a',
  inputs: 3,
  task: 'regression',
  classes: 1,
  targetScale: { mean: 0, deviation: 1 },
  train: { path: 'train', rows: 100 },
  validation: { path: 'validation', rows: 20 }
}

/** Data sets over a real memory, whose files are read when the test says so. */
function setup() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true })
  const allocator = createAllocator(memory, 4)
  const reads: { path: string; target: Uint8Array; done: PromiseWithResolvers<void> }[] = []
  const loadPart = createPartLoader(memory, allocator, (path, target) => {
    const done = Promise.withResolvers<void>()
    reads.push({ path, target, done })
    return done.promise
  })
  /** Lets the reads go on, including those that begin meanwhile. */
  async function finishReads() {
    for (let read = reads.shift(); read; read = reads.shift()) {
      read.target.fill(read.path === 'train' ? 1 : 2)
      read.done.resolve()
      await new Promise(setImmediate)
    }
  }
  return { memory, allocator, datasets: createDatasets(loadPart), reads, finishReads }
}

test('callers who load the same data set side by side share one load and one copy', async () => {
  const { memory, allocator, datasets, reads, finishReads } = setup()
  const loads = [datasets.load(dataset), datasets.load(dataset)]
  expect(reads).toHaveLength(1)
  await finishReads()
  await Promise.all(loads)
  expect(allocator.bytesInUse()).toBe(100 * 4 * 4 + 20 * 4 * 4)
  const loaded = datasets.hold('a')
  expect(new Uint8Array(memory.buffer, loaded?.train.targets, 1)[0]).toBe(1)
  expect(new Uint8Array(memory.buffer, loaded?.validation?.inputs, 1)[0]).toBe(2)
})

test('the memory is given back with the last hold, not before', async () => {
  const { allocator, datasets, finishReads } = setup()
  const load = datasets.load(dataset)
  await finishReads()
  await load
  datasets.hold('a')
  datasets.release('a')
  expect(allocator.bytesInUse()).toBeGreaterThan(0)
  datasets.release('a')
  expect(allocator.bytesInUse()).toBe(0)
  expect(datasets.hold('a')).toBeNull()
  datasets.release('a')
})

test('a data set released while it is being read keeps its memory until the reading is over', async () => {
  const { allocator, datasets, finishReads } = setup()
  const load = datasets.load(dataset)
  datasets.release('a')
  expect(allocator.bytesInUse()).toBeGreaterThan(0)
  await finishReads()
  await load
  expect(allocator.bytesInUse()).toBe(0)
})

test('a file that fails takes the whole data set back and can be loaded again', async () => {
  const { allocator, datasets, reads, finishReads } = setup()
  const loads = [datasets.load(dataset), datasets.load(dataset)]
  reads.shift()?.done.resolve()
  await new Promise(setImmediate)
  reads.shift()?.done.reject(new Error('The disk is gone.'))
  for (const load of loads) await expect(load).rejects.toThrow('The disk is gone.')
  expect(allocator.bytesInUse()).toBe(0)
  const again = datasets.load(dataset)
  await finishReads()
  await again
  expect(datasets.hold('a')).not.toBeNull()
})
