/** `runs.metrics`: backlog and live pieces without loss, resume after an id, bounded memory for a slow reader. */
import { getEventMeta } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import type { MetricsItem } from '#contract/runs.ts'
import { createMetricsStream } from '#lab/runs/metrics-stream.ts'
import { addExperiment, run, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

async function setUp() {
  const store = await storeIn(await temporaryFolder())
  const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
  const stream = createMetricsStream(store.metrics, () => ['trainLoss'])
  const add = (firstEpoch: number, epochs = 1) => {
    const values = Float32Array.from({ length: epochs }, (_, index) => firstEpoch + index)
    stream.publish([store.metrics.append({ runId, firstEpoch, epochs, values })])
  }
  return { runId, stream, add }
}

const epochsOf = (item: MetricsItem | undefined | void) =>
  item?.type === 'curves' ? item.pieces.flatMap((piece) => [...piece.values]) : item?.type

describe('the metrics stream', () => {
  it('gives what is stored, then what comes', async () => {
    const { runId, stream, add } = await setUp()
    add(1)
    add(2)
    const reader = stream.follow({ runIds: [runId] }, 0, undefined)
    expect(epochsOf((await reader.next()).value)).toEqual([1, 2])
    const coming = reader.next()
    add(3)
    expect(epochsOf((await coming).value)).toEqual([3])
    await reader.return()
  })

  it('loses nothing that is stored between attaching and reading the backlog', async () => {
    const { runId, stream, add } = await setUp()
    add(1)
    const reader = stream.follow({ runIds: [runId] }, 0, undefined)
    add(2)
    const seen = new Set<number>()
    while (seen.size < 3) {
      const { value } = await reader.next()
      for (const epoch of epochsOf(value) as number[]) seen.add(epoch)
      if (seen.size === 2) add(3)
    }
    expect([...seen]).toEqual([1, 2, 3])
    await reader.return()
  })

  it('goes on after the last event id that a client saw', async () => {
    const { runId, stream, add } = await setUp()
    add(1)
    const first = stream.follow({ runIds: [runId] }, 0, undefined)
    const { value } = await first.next()
    const seen = Number(getEventMeta(value)?.id)
    await first.return()
    add(2)
    add(3)
    const second = stream.follow({ runIds: [runId] }, seen, undefined)
    expect(epochsOf((await second.next()).value)).toEqual([2, 3])
    await second.return()
  })

  it('gives the columns that are asked for, and leaves out those a run does not have', async () => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    const stream = createMetricsStream(store.metrics, () => ['seconds', 'trainLoss', 'validationLoss'])
    store.metrics.append({ runId, firstEpoch: 1, epochs: 2, values: Float32Array.of(1, 2, 10, 20, 100, 200) })
    const [piece] = await stream.read({ runIds: [runId], columns: ['validationLoss', 'quiet1', 'seconds'] })
    expect(piece).toMatchObject({ columns: ['seconds', 'validationLoss'], epochs: 2 })
    expect([...(piece?.values ?? [])]).toEqual([1, 2, 100, 200])
  })

  it('joins what a slow reader has not taken yet', async () => {
    const { runId, stream, add } = await setUp()
    const reader = stream.follow({ runIds: [runId] }, 0, undefined)
    const first = reader.next()
    add(1)
    await first
    for (let epoch = 2; epoch <= 1000; epoch++) add(epoch)
    const { value } = await reader.next()
    expect(value).toMatchObject({ type: 'curves', pieces: [{ firstEpoch: 2, epochs: 999 }] })
    await reader.return()
  })

  it('tells a reader that lags too far behind to read again, and goes on with what is new', async () => {
    const { runId, stream, add } = await setUp()
    const reader = stream.follow({ runIds: [runId] }, 0, undefined)
    const first = reader.next()
    add(1)
    await first
    add(2, 700_000)
    add(700_002, 700_000)
    expect(epochsOf((await reader.next()).value)).toBe('gap')
    expect((await reader.next()).value).toMatchObject({ type: 'curves', pieces: [{ firstEpoch: 700_002 }] })
    await reader.return()
  })

  it('ends at once when the client goes away, though nothing comes any more', async () => {
    const { runId, stream } = await setUp()
    const abort = new AbortController()
    const byReturn = stream.follow({ runIds: [runId] }, 0, undefined)
    const bySignal = stream.follow({ runIds: [runId] }, 0, abort.signal)
    const waiting = [byReturn.next(), bySignal.next()]
    await byReturn.return()
    abort.abort()
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined }
    ])
  })

  it('gives readers beside the owner the stored curves and ends', async () => {
    const { runId, stream, add } = await setUp()
    add(1)
    stream.close()
    const items: MetricsItem[] = []
    for await (const item of stream.follow({ runIds: [runId] }, 0, undefined)) items.push(item)
    expect(items.map(epochsOf)).toEqual([[1]])
  })
})
