import { getPriority } from 'node:os'
import { afterAll, afterEach, expect, test } from 'vitest'
import { metricColumns } from '#engine/training/metrics.ts'
import { bitsOf, createTables, smallRun, startEngine } from '#test/integration/engine/engine.ts'

const tables = createTables()
const dataset = tables.quadrants('quadrants')
let engine: ReturnType<typeof startEngine>

afterEach(() => engine.host.close())
afterAll(() => tables.remove())

async function start(options?: Parameters<typeof startEngine>[0]) {
  engine = startEngine(options)
  await engine.host.loadDataset(dataset)
  return engine
}

test('a run trains to its end and its records come whole, in order and before the end', async () => {
  const { train, framesOf, events } = await start()
  const outcome = await train(smallRun(1, dataset.id, 300))
  expect(outcome).toMatchObject({ status: 'done', reason: 'epochs', epochs: 300, message: null })
  expect(outcome.train?.accuracy).toBeGreaterThan(0.9)
  expect(outcome.validation?.accuracy).toBeGreaterThan(0.8)

  let expected = 1
  const losses: number[] = []
  const columns = metricColumns(dataset.task, smallRun(1, dataset.id, 1).topology)
  for (const { firstEpoch, epochs, values } of framesOf(1)) {
    expect(firstEpoch).toBe(expected)
    expect(values).toHaveLength(columns.length * epochs)
    const column = columns.indexOf('trainLoss')
    losses.push(...values.subarray(column * epochs, (column + 1) * epochs))
    expected += epochs
  }
  expect(expected).toBe(301)
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0)
  expect(events.at(-1)).toMatchObject({ type: 'run.ended', runId: 1 })
})

test('many epochs share a message: frames follow the clock, not the epochs', async () => {
  const { train, events, framesOf } = await start()
  const begin = performance.now()
  await train(smallRun(1, dataset.id, 5000))
  const elapsedMs = performance.now() - begin
  const frames = events.filter((event) => event.type === 'frame').length
  // One each 50 ms, the first at once, and the last with the end of the run.
  expect(frames).toBeLessThanOrEqual(elapsedMs / 50 + 2)
  expect(framesOf(1).reduce((sum, frame) => sum + frame.epochs, 0)).toBe(5000)
})

test('a run says when its training is over; the next one may come then, and does not delay its end', async () => {
  const { host, nextOf, events } = await start({ threads: 1 })
  const ending = nextOf('run.ending', 1)
  host.startRun(smallRun(1, dataset.id, 50))
  await ending
  const ended = nextOf('run.ended', 2)
  host.startRun(smallRun(2, dataset.id, 50))
  await ended
  const told = events.flatMap((event) => ('runId' in event ? [`${event.type} ${event.runId}`] : []))
  for (const id of [1, 2]) {
    const own = told.filter((each) => each.endsWith(` ${id}`))
    expect(own).toEqual([`run.started ${id}`, `run.ending ${id}`, `run.ended ${id}`])
  }
  expect(told.indexOf('run.ended 1')).toBeLessThan(told.indexOf('run.ending 2'))
})

test('training stands back behind the lab and its window', async () => {
  const { pid } = await start()
  expect(getPriority(pid())).toBeGreaterThan(getPriority())
})

test('one seed gives the same bits alone, beside seven others, and with pauses', async () => {
  const { host, train, nextOf, nextFrameOf } = await start({ threads: 2 })
  const epochs = 30_000
  const alone = bitsOf(await train(smallRun(1, dataset.id, epochs)))

  const others = [2, 3, 4, 5, 6, 7, 8].map((runId) => train(smallRun(runId, dataset.id, epochs, { seed: runId })))
  const beside = bitsOf(await train(smallRun(9, dataset.id, epochs)))
  const differing = await Promise.all(others)
  expect(beside).toEqual(alone)
  expect(differing.map(bitsOf)).not.toContainEqual(alone)

  const ended = nextOf('run.ended', 10)
  host.startRun(smallRun(10, dataset.id, epochs))
  for (let pause = 0; pause < 3; pause++) {
    await nextFrameOf(10)
    const paused = nextOf('run.paused', 10)
    host.pauseRun(10)
    expect((await paused).checkpoint.epoch).toBeLessThan(epochs)
    const resumed = nextOf('run.resumed', 10)
    host.resumeRun(10)
    await resumed
  }
  expect(bitsOf((await ended).outcome)).toEqual(alone)
})

test('one run of several is stopped while the others go on, and keeps what it has', async () => {
  const { host, nextOf, nextFrameOf } = await start({ threads: 1 })
  const runIds = [1, 2, 3, 4]
  for (const runId of runIds) host.startRun(smallRun(runId, dataset.id, 1_000_000))
  await Promise.all(runIds.map(nextFrameOf))
  const ended = nextOf('run.ended', 1)
  host.stopRun(1)
  const { outcome } = await ended
  await Promise.all(runIds.slice(1).map(nextFrameOf))
  expect(outcome).toMatchObject({ status: 'stopped', reason: 'asked' })
  expect(outcome.epochs).toBeGreaterThan(0)
  expect(outcome.checkpoint?.epoch).toBe(outcome.epochs)
})

test('control is answered while the last measuring of a large run is under way', async () => {
  const { host, nextOf, nextFrameOf, events } = await start({ threads: 1 })
  const large = tables.quadrants('large', 40_000)
  await host.loadDataset(large)
  host.startRun(smallRun(1, large.id, 1_000_000, { units: 512 }))
  await nextFrameOf(1)
  host.startRun(smallRun(2, dataset.id, 1_000_000))
  await nextFrameOf(2)
  const ended = nextOf('run.ended', 1)
  host.stopRun(1)
  host.pauseRun(2)
  expect((await ended).outcome.train?.loss).toBeGreaterThan(0)
  expect(events.slice(-2)).toMatchObject([
    { type: 'run.paused', runId: 2 },
    { type: 'run.ended', runId: 1 }
  ])
})

test('a paused run can be stopped', async () => {
  const { host, nextOf, nextFrameOf } = await start()
  host.startRun(smallRun(1, dataset.id, 1_000_000))
  await nextFrameOf(1)
  const paused = nextOf('run.paused', 1)
  host.pauseRun(1)
  const { checkpoint } = await paused
  const ended = nextOf('run.ended', 1)
  host.stopRun(1)
  expect((await ended).outcome).toMatchObject({ status: 'stopped', epochs: checkpoint.epoch })
})
