import { fork } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { engineProgram } from '#lab/engine/launcher.ts'
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

function start(options?: Parameters<typeof startEngine>[0]) {
  engine = startEngine(options)
  return engine
}

test('kill -9: the host says so and restarts; the run goes on from its checkpoint to the same bits', async () => {
  const { host, train, pid, next, nextOf, nextStatus, nextFrameOf } = start({ threads: 1 })
  await host.loadDataset(dataset)
  const epochs = 10_000
  const whole = bitsOf(await train(smallRun(1, dataset.id, epochs)))

  host.startRun(smallRun(2, dataset.id, epochs))
  await nextFrameOf(2)
  const paused = nextOf('run.paused', 2)
  host.pauseRun(2)
  const { checkpoint } = await paused
  expect(checkpoint.epoch).toBeLessThan(epochs)
  host.resumeRun(2)

  const killed = pid()
  const lost = next((event) => event.type === 'lost')
  const restarting = nextStatus('restarting')
  const ready = nextStatus('ready')
  process.kill(killed, 'SIGKILL')
  // Asked of a process that is dead already, before the host could notice.
  const unanswered = host.loadDataset(dataset)
  await expect(unanswered).rejects.toMatchObject({ code: 'engine' })
  expect((await restarting).message).toMatch(/^The training engine crashed .* It is being restarted\.$/)
  expect(await lost).toMatchObject({ runIds: [2] })
  await ready
  expect(pid()).not.toBe(killed)

  await host.loadDataset(dataset)
  const outcome = await train(smallRun(2, dataset.id, epochs, { checkpoint }))
  expect(bitsOf(outcome)).toEqual(whole)
})

test('a long run leaves checkpoints by itself', async () => {
  const { host, nextOf } = start({ threads: 1 })
  await host.loadDataset(dataset)
  const posted = nextOf('run.checkpoint', 1)
  host.startRun(smallRun(1, dataset.id, 1_000_000))
  expect((await posted).checkpoint.epoch).toBeGreaterThan(0)
})

test('1,000 runs leave the memory as it was', async () => {
  // Room for about a dozen of these runs beside the data: a leak of one region a run would be felt at once.
  const { host, train } = start({ threads: 2, memoryPages: 8 })
  await host.loadDataset(dataset)
  for (let block = 0; block < 125; block++) {
    const runIds = Array.from({ length: 8 }, (_, index) => block * 8 + index)
    const outcomes = await Promise.all(runIds.map((runId) => train(smallRun(runId, dataset.id, 1))))
    for (const { message, status } of outcomes) expect({ message, status }).toEqual({ message: null, status: 'done' })
  }
  host.releaseDataset(dataset.id)
  // All but the kernels' own page, in one piece.
  const rows = (7 * 65_536) / (2 * 4)
  const train1 = tables.writePart(
    'whole',
    1,
    rows,
    () => 0,
    () => 0
  )
  await host.loadDataset({ ...dataset, id: 'whole', inputs: 1, train: train1, validation: null })
})

test('what does not fit is refused with a sentence, and the others go on', async () => {
  const { host, train, nextFrameOf } = start({ threads: 1, memoryPages: 16 })
  await host.loadDataset(dataset)
  host.startRun(smallRun(1, dataset.id, 1_000_000))
  await nextFrameOf(1)

  await expect(host.loadDataset(tables.quadrants('large', 100_000))).rejects.toThrow(
    /^A part of 100000 rows and 2 inputs needs 1\.2 MB of the engine's memory, where .* are free in one piece: /
  )
  const outcome = await train(smallRun(2, dataset.id, 1, { units: 8000 }))
  expect(outcome).toMatchObject({ status: 'failed', reason: 'failed' })
  expect(outcome.message).toMatch(/^This run needs .* of the engine's memory/)
  await nextFrameOf(1)
})

test('a file that is not there or has another size is refused by name, and can be loaded once it is right', async () => {
  const { host } = start({ threads: 1 })
  const missing = { ...dataset, id: 'missing', train: { path: join(tables.folder, 'none.f32'), rows: 1 } }
  await expect(host.loadDataset(missing)).rejects.toThrow('none.f32')
  const short = { ...dataset, train: { ...dataset.train, rows: dataset.train.rows + 1 } }
  await expect(host.loadDataset(short)).rejects.toThrow(/quadrants-train\.f32 has 1152 bytes .* needs 1164/)
  await host.loadDataset(dataset)
})

test('a run of a data set that is not loaded ends with a sentence', async () => {
  const { train } = start({ threads: 1 })
  const outcome = await train(smallRun(1, 'nowhere', 10))
  expect(outcome).toMatchObject({ status: 'failed', message: 'The data set "nowhere" is not loaded in the engine.' })
})

test('a data set that was released stays for the runs that read it', async () => {
  const { host, train, nextFrameOf, nextOf } = start({ threads: 1 })
  await host.loadDataset(dataset)
  host.startRun(smallRun(1, dataset.id, 1_000_000))
  await nextFrameOf(1)
  host.releaseDataset(dataset.id)
  expect(await train(smallRun(2, dataset.id, 5))).toMatchObject({ status: 'done' })
  const ended = nextOf('run.ended', 1)
  host.stopRun(1)
  expect((await ended).outcome.status).toBe('stopped')
  expect(await train(smallRun(3, dataset.id, 5))).toMatchObject({ status: 'failed' })
})

test('a thread that dies takes its runs alone, and is replaced', async () => {
  vi.stubEnv('NODE_OPTIONS', `--import=${pathToFileURL(join(root, 'test/integration/engine/mortal-thread.ts')).href}`)
  const { host, train, port, nextOf, nextFrameOf } = start({ threads: 2 })
  await host.loadDataset(dataset)
  for (const runId of [1, 2]) host.startRun(smallRun(runId, dataset.id, 1_000_000))
  await Promise.all([nextFrameOf(1), nextFrameOf(2)])
  const ended = nextOf('run.ended', 2)
  port().post({ type: 'test.die', threadId: 2 } as never)
  const { outcome } = await ended
  expect(outcome).toMatchObject({
    status: 'failed',
    message: 'The thread that trained this run died and was replaced. It was told to die.'
  })
  expect(outcome.epochs).toBeGreaterThan(0)
  await nextFrameOf(1)
  expect(await train(smallRun(3, dataset.id, 5))).toMatchObject({ status: 'done' })
})

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s to all processes of the lab, as a terminal or the end of a session sends it, leaves the engine to the lab',
  async (signal) => {
    const { host, pid, nextFrameOf, events } = start({ threads: 1 })
    await host.loadDataset(dataset)
    host.startRun(smallRun(1, dataset.id, 1_000_000))
    await nextFrameOf(1)
    process.kill(pid(), signal)
    await nextFrameOf(1)
    await nextFrameOf(1)
    expect(events.filter((event) => event.type === 'lost')).toEqual([])
  }
)

test('the engine ends with its channel, as when the lab was killed', async () => {
  const { file, args } = engineProgram({ root, threads: 1 })
  const child = fork(file, args, { serialization: 'advanced', execArgv: [] })
  const [message] = (await once(child, 'message')) as [unknown]
  expect(message).toEqual({ type: 'ready', threads: 1 })
  const exit = once(child, 'exit')
  child.disconnect()
  expect(await exit).toEqual([0, null])
})

test('an engine whose threads cannot start is given up with a sentence', async () => {
  vi.stubEnv('NODE_OPTIONS', `--import=${pathToFileURL(join(root, 'test/integration/engine/mortal-thread.ts')).href}`)
  vi.stubEnv('TEST_THREADS_DIE_AT_BIRTH', '1')
  const { host, nextStatus, log } = start({ threads: 1 })
  const failed = nextStatus('failed')
  host.start()
  expect((await failed).message).toMatch(/5 times within a minute/)
  expect(log.join('\n')).toContain('A thread of the engine could not start')
})
