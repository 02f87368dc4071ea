/** The queue as somebody looks at it: read one at a time, however often it changes, and not at all unseen. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { QueueState } from '#contract/queue.ts'
import { Queue } from '#renderer/state/queue.svelte.ts'
import { run } from '#test/unit/renderer/state/support.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A lab whose queue has one more run in training each time it is asked, and that answers when it is told to. */
function slowLab() {
  const asked: (() => void)[] = []
  const get = () =>
    new Promise<QueueState>((resolve) => {
      const training = Array.from({ length: asked.length + 1 }, (_, index) => run(index + 1, { status: 'running' }))
      asked.push(() =>
        resolve({ training, paused: [], waiting: [], moreWaiting: 0, threads: 2, parallel: null, resumes: true })
      )
    })
  const client = { queue: { get }, sweeps: { list: () => Promise.resolve([]) }, runs: {} }
  const queue = new Queue(client as unknown as ConstructorParameters<typeof Queue>[0])
  const answer = async () => {
    asked.at(-1)?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  return { queue, asked, answer }
}

test('any number of changes is one reading at a time, and one more for what came meanwhile', async () => {
  const { queue, asked, answer } = slowLab()
  const leave = queue.watch()
  for (let change = 0; change < 50; change++) queue.onChange()
  expect(asked).toHaveLength(1)
  await answer()
  expect(queue.state?.training).toHaveLength(1)
  for (let change = 0; change < 50; change++) queue.onChange()
  await vi.advanceTimersByTimeAsync(249)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toHaveLength(2)
  await answer()
  expect(queue.state?.training).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(2)
  leave()
})

test('nothing is read while nobody looks, and what changed by then is read for who comes', async () => {
  const { queue, asked, answer } = slowLab()
  queue.onChange()
  expect(asked).toHaveLength(0)
  const [leave, leaveToo] = [queue.watch(), queue.watch()]
  expect(asked).toHaveLength(1)
  await answer()
  // The second who looked came while the first reading went on.
  await vi.advanceTimersByTimeAsync(250)
  expect(asked).toHaveLength(2)
  leave()
  queue.onChange()
  leaveToo()
  await answer()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(2)
  queue.onChange()
  expect(asked).toHaveLength(2)
  queue.watch()
  expect(asked).toHaveLength(3)
})
