/** One run whose batches several threads of a real engine process share. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import type { RunRequest } from '#engine/process/protocol.ts'
import { bitsOf, createTables, root, smallRun, startEngine } from '#test/integration/engine/engine.ts'

const tables = createTables()
const dataset = tables.quadrants('quadrants')
let engine: ReturnType<typeof startEngine> | null = null

afterEach(async () => {
  vi.unstubAllEnvs()
  await engine?.host.close()
  engine = null
})
afterAll(() => tables.remove())

async function start(options: Parameters<typeof startEngine>[0] = { threads: 2 }) {
  engine = startEngine(options)
  await engine.host.loadDataset(dataset)
  return engine
}

/** A run on two threads. */
const shared = (runId: number, epochs: number, rest: Partial<Pick<RunRequest, 'checkpoint'>> = {}): RunRequest =>
  smallRun(runId, dataset.id, epochs, { ...rest, plan: { threads: 2, stopping: { epochs, patience: null } } })

/** How many frames the engine sends meanwhile: one in 50 ms, and fewer where other programs have the machine. */
async function framesUntil(answer: Promise<unknown>): Promise<number> {
  const sent = () => engine?.events.filter(({ type }) => type === 'frame').length ?? 0
  const before = sent()
  await answer
  return sent() - before
}

test('two threads give the same bits again, beside other runs, and after pauses', async () => {
  const { host, train, nextOf, nextFrameOf } = await start()
  const epochs = 800
  const wanted = bitsOf(await train(shared(1, epochs)))

  host.startRun(smallRun(2, dataset.id, 1_000_000))
  await nextFrameOf(2)
  const ended = nextOf('run.ended', 3)
  host.startRun(shared(3, epochs))
  await nextFrameOf(3)
  for (let pause = 0; pause < 2; pause++) {
    const paused = nextOf('run.paused', 3)
    host.pauseRun(3)
    // Run 2 goes on beside it and is in all of them.
    expect(await framesUntil(paused)).toBeLessThan(4)
    expect((await paused).checkpoint.epoch).toBeLessThan(epochs)
    await nextFrameOf(2)
    const resumed = nextOf('run.resumed', 3)
    host.resumeRun(3)
    await resumed
  }
  expect(bitsOf((await ended).outcome)).toEqual(wanted)
})

test('kill -9: a run on two threads goes on from its checkpoint to the same bits', async () => {
  const { host, train, pid, next, nextOf, nextFrameOf, nextStatus } = await start()
  const epochs = 800
  const wanted = bitsOf(await train(shared(1, epochs)))
  host.startRun(shared(2, epochs))
  await nextFrameOf(2)
  const paused = nextOf('run.paused', 2)
  host.pauseRun(2)
  const { checkpoint } = await paused
  host.resumeRun(2)
  const lost = next((event) => event.type === 'lost')
  const ready = nextStatus('ready')
  process.kill(pid(), 'SIGKILL')
  expect(await lost).toMatchObject({ runIds: [2] })
  await ready
  await host.loadDataset(dataset)
  expect(bitsOf(await train(shared(2, epochs, { checkpoint })))).toEqual(wanted)
})

test('runs on two threads leave the memory as it was, stopped ones as well', async () => {
  // Room for a few of these runs beside the data: a leak of one region a run would be felt at once.
  const { host, train, nextOf, nextFrameOf } = await start({ threads: 2, memoryPages: 3 })
  for (let runId = 0; runId < 12; runId += 2) {
    expect(await train(shared(runId, 1))).toMatchObject({ status: 'done', message: null })
    host.startRun(shared(runId + 1, 1_000_000))
    await nextFrameOf(runId + 1)
    const ended = nextOf('run.ended', runId + 1)
    host.stopRun(runId + 1)
    expect(await framesUntil(ended)).toBeLessThan(4)
    expect((await ended).outcome).toMatchObject({ status: 'stopped' })
  }
})

test('a plan for more threads than the engine has is refused with a sentence', async () => {
  const { train } = await start({ threads: 1 })
  expect(await train(shared(1, 10))).toMatchObject({
    status: 'failed',
    message: 'The plan asks for 2 threads, where the engine has 1; set threads lower.'
  })
})

test.each([
  ['leads', 3],
  ['helps', 4]
])('a thread of the run that %s and dies ends the run with a sentence, and no other', async (_, threadId) => {
  vi.stubEnv('NODE_OPTIONS', `--import=${pathToFileURL(join(root, 'test/integration/engine/mortal-thread.ts')).href}`)
  const { host, train, port, nextOf, nextFrameOf } = await start({ threads: 2 })
  host.startRun(smallRun(1, dataset.id, 1_000_000))
  // The pool's own threads are 1 and 2.
  host.startRun(shared(2, 1_000_000))
  await Promise.all([nextFrameOf(1), nextFrameOf(2)])
  const ended = nextOf('run.ended', 2)
  port().post({ type: 'test.die', threadId } as never)
  const { outcome } = await ended
  expect(outcome).toMatchObject({
    status: 'failed',
    message: 'One of the threads that trained this run died. It was told to die.'
  })
  expect(outcome.epochs).toBeGreaterThan(0)
  await nextFrameOf(1)
  expect(await train(shared(3, 5))).toMatchObject({ status: 'done' })
})
