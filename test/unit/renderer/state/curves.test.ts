/** The curves on the screen: told once a frame however much has come, in order, and left alone once they are not shown. */
import { expect, test } from 'vitest'
import type { CurvePiece, MetricsItem } from '#contract/runs.ts'
import { follow } from '#renderer/lab/follow.ts'
import { Curves, type CurvesPorts } from '#renderer/state/curves.svelte.ts'

const piece = (runId: number, firstEpoch: number, ...losses: number[]): CurvePiece => {
  const values = Float32Array.from(losses)
  return { runId, columns: ['trainLoss'], firstEpoch, epochs: losses.length, values }
}

/** One stream of metrics as the lab holds it open: what is sent waits for its turn, and ends with the signal. */
class Stream implements AsyncIterable<MetricsItem> {
  readonly runIds: readonly number[]
  readonly isWhole: boolean
  readonly signal: AbortSignal
  #items: MetricsItem[] = []
  #wake: () => void = () => undefined

  constructor(input: { runIds: number[]; columns?: string[] | undefined }, signal: AbortSignal) {
    this.runIds = input.runIds
    this.isWhole = input.columns === undefined
    this.signal = signal
    signal.addEventListener('abort', () => this.#wake())
  }

  /** Sends items and lets them arrive. */
  async send(...items: MetricsItem[]): Promise<void> {
    this.#items.push(...items)
    this.#wake()
    await new Promise((resolve) => setImmediate(resolve))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<MetricsItem, void> {
    for (;;) {
      for (let item = this.#items.shift(); item; item = this.#items.shift()) yield item
      if (this.signal.aborted) return
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

function screen(all: readonly CurvePiece[] = []) {
  const streams: Stream[] = []
  const frames: (() => void)[] = []
  const runs = {
    metrics: (input: { runIds: number[]; columns?: string[] }, { signal }: { signal: AbortSignal }) => {
      streams.push(new Stream(input, signal))
      return Promise.resolve(streams.at(-1))
    },
    curves: () => Promise.resolve([...all])
  }
  const ports = { runs, follow, nextFrame: (task: () => void) => void frames.push(task) }
  const curves = new Curves(ports as unknown as CurvesPorts)
  const draw = () => frames.splice(0).forEach((task) => task())
  const lossesOf = (runId: number) => [...(curves.of(runId)?.column('trainLoss') ?? [])]
  return { curves, streams, frames, draw, lossesOf }
}

const items = (...pieces: CurvePiece[]): MetricsItem => ({ type: 'curves', pieces })

test('all that comes between two frames is told once, in the order in which it came', async () => {
  const { curves, streams, frames, draw, lossesOf } = screen()
  curves.show([1, 2])
  const [whole, other] = streams
  expect(streams.map(({ runIds, isWhole }) => ({ runIds, isWhole }))).toEqual([
    { runIds: [1], isWhole: true },
    { runIds: [2], isWhole: false }
  ])
  await whole?.send(...Array.from({ length: 50 }, (_, index) => items(piece(1, index + 1, index))))
  await other?.send(items(piece(2, 1, 7)), items(piece(2, 2, 8)), items(piece(2, 1, 5)))
  expect(frames).toHaveLength(1)
  expect(curves.revision).toBe(0)
  draw()
  expect(curves.revision).toBe(1)
  expect(lossesOf(1)).toEqual(Array.from({ length: 50 }, (_, index) => index))
  expect(lossesOf(2)).toEqual([5, 8])
  draw()
  expect(curves.revision).toBe(1)
  await whole?.send(items(piece(1, 51, 0)))
  draw()
  expect(curves.revision).toBe(2)
})

test('many curves are told less often than once a frame', async () => {
  const { curves, streams, draw } = screen()
  curves.show(
    Array.from({ length: 250 }, (_, index) => index + 1),
    null
  )
  await streams[0]?.send(items(piece(1, 1, 1)))
  draw()
  draw()
  expect(curves.revision).toBe(0)
  draw()
  expect(curves.revision).toBe(1)
})

test('a stream ends with the last of its runs that is shown, and what it still had is not taken', async () => {
  const { curves, streams, frames, draw, lossesOf } = screen()
  curves.show([1, 2, 3], null)
  const [stream] = streams
  curves.show([2], null)
  expect(stream?.signal.aborted).toBe(false)
  expect(streams).toHaveLength(1)
  curves.show([], null)
  expect(stream?.signal.aborted).toBe(true)
  await stream?.send(items(piece(2, 1, 1)))
  expect(frames).toHaveLength(0)
  expect(curves.of(2)).toBeNull()

  curves.show([2])
  await streams[1]?.send(items(piece(2, 1, 4, 3)))
  draw()
  expect(lossesOf(2)).toEqual([4, 3])
  curves.forget([2])
  expect(streams[1]?.signal.aborted).toBe(true)
  expect(curves.of(2)).toBeNull()
})

test('after a gap the curves are read again as a whole', async () => {
  const { curves, streams, draw, lossesOf } = screen([piece(1, 1, 3, 2, 1)])
  curves.show([1])
  await streams[0]?.send(items(piece(1, 1, 3)), { type: 'gap' })
  draw()
  expect(lossesOf(1)).toEqual([3, 2, 1])
})
