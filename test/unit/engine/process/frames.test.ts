import { expect, test } from 'vitest'
import { createFrameMerger } from '#engine/process/frames.ts'
import type { RunColumns } from '#engine/training/epoch-columns.ts'

/** Records with the columns (epoch, 10 x epoch), column-major. */
function records(runId: number, firstEpoch: number, epochs: number): RunColumns {
  const numbers = Array.from({ length: epochs }, (_, index) => firstEpoch + index)
  return {
    runId,
    firstEpoch,
    epochs,
    values: new Float32Array([...numbers, ...numbers.map((epoch) => 10 * epoch)])
  }
}

test('many records of one run become one entry, column by column', () => {
  const merger = createFrameMerger()
  merger.add(records(1, 1, 2))
  merger.add(records(1, 3, 1))
  merger.add(records(1, 4, 3))
  expect(merger.take()).toEqual([records(1, 1, 6)])
})

test('runs stay apart, in the order of their first record', () => {
  const merger = createFrameMerger()
  merger.add(records(7, 5, 1))
  merger.add(records(3, 1, 2))
  merger.add(records(7, 6, 1))
  expect(merger.take()).toEqual([records(7, 5, 2), records(3, 1, 2)])
})

test('a merger that was emptied starts anew', () => {
  const merger = createFrameMerger()
  merger.add(records(1, 1, 1))
  merger.take()
  expect(merger.take()).toEqual([])
  merger.add(records(1, 2, 1))
  expect(merger.take()).toEqual([records(1, 2, 1)])
})
