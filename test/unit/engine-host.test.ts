import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineDataset, FromEngine, RunRequest, ToEngine } from '#engine/process/protocol.ts'
import { createEngineHost, type RunEvent } from '#lab/engine/host.ts'
import type { EngineExit, EnginePort } from '#lab/hosts/services.ts'

const crash: EngineExit = { kind: 'crash', code: null, signal: 'SIGKILL' }

/** A launcher whose processes the test plays itself; the clock is the test's as well. */
function setup() {
  const processes: { posted: ToEngine[]; say: (message: FromEngine) => void; die: (exit: EngineExit) => void }[] = []
  const states: string[] = []
  const events: RunEvent[] = []
  const lost: { runIds: readonly number[]; message: string }[] = []
  const launch = (): EnginePort => {
    const posted: ToEngine[] = []
    let say = (_message: FromEngine): void => undefined
    let die = (_exit: EngineExit): void => undefined
    processes.push({ posted, say: (message) => say(message), die: (exit) => die(exit) })
    return {
      post: (message) => void posted.push(message),
      onMessage: (listener) => void (say = listener),
      onExit: (listener) => void (die = listener),
      stop: () => Promise.resolve(die({ kind: 'exit', code: 0, signal: null }))
    }
  }
  const host = createEngineHost({
    launch,
    listener: {
      onRunEvent: (event) => events.push(event),
      onRunsLost: (runIds, message) => lost.push({ runIds, message }),
      onStatus: ({ state }) => states.push(state)
    },
    log: () => undefined,
    now: () => Date.now()
  })
  const engine = () => {
    const latest = processes.at(-1)
    if (!latest) throw new Error('No engine was launched.')
    return latest
  }
  return { host, engine, processes, states, events, lost }
}

const dataset = { id: 'a' } as EngineDataset
const run = (runId: number) => ({ runId, datasetId: 'a' }) as RunRequest

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('nothing is launched before it is needed, and what is asked before it is ready waits', async () => {
  const { host, engine, processes, states } = setup()
  expect(processes).toHaveLength(0)
  const loaded = host.loadDataset(dataset)
  expect(processes).toHaveLength(1)
  expect(engine().posted).toEqual([])
  engine().say({ type: 'ready', threads: 3 })
  expect(engine().posted).toEqual([{ type: 'dataset.load', requestId: 1, dataset }])
  engine().say({ type: 'dataset.loaded', requestId: 1 })
  await loaded
  expect(host.status()).toEqual({ state: 'ready', threads: 3, message: null })
  expect(states).toEqual(['starting', 'ready'])
})

test('answers find their own request, and a refusal carries its sentence', async () => {
  const { host, engine } = setup()
  const first = host.loadDataset(dataset)
  const second = host.loadDataset(dataset)
  engine().say({ type: 'ready', threads: 1 })
  engine().say({ type: 'refused', requestId: 2, message: 'There is no room.' })
  engine().say({ type: 'dataset.loaded', requestId: 1 })
  await first
  await expect(second).rejects.toMatchObject({ code: 'engine', message: 'There is no room.' })
})

test('a crash loses the runs that had not ended, rejects open requests and restarts at once', async () => {
  const { host, engine, processes, states, lost } = setup()
  host.start()
  engine().say({ type: 'ready', threads: 2 })
  host.startRun(run(1))
  host.startRun(run(2))
  engine().say({ type: 'run.ended', runId: 1, outcome: {} as never })
  const request = host.loadDataset(dataset)
  engine().die(crash)
  await expect(request).rejects.toMatchObject({ code: 'engine' })
  expect(lost).toEqual([{ runIds: [2], message: 'The training engine crashed (SIGKILL). It is being restarted.' }])
  host.startRun(run(2))
  vi.advanceTimersByTime(0)
  expect(processes).toHaveLength(2)
  engine().say({ type: 'ready', threads: 2 })
  expect(engine().posted).toEqual([{ type: 'run.start', run: run(2) }])
  expect(states).toEqual(['starting', 'ready', 'restarting', 'ready'])
})

test('an engine that ends without being asked is told apart from one that crashed', () => {
  const { host, engine, lost } = setup()
  host.startRun(run(1))
  engine().die({ kind: 'exit', code: 0, signal: null })
  expect(lost[0]?.message).toContain('ended without being asked to')
})

test('after five ends within a minute it is given up, until it is started again', async () => {
  const { host, engine, processes } = setup()
  host.start()
  for (let end = 0; end < 5; end++) {
    engine().die(crash)
    vi.advanceTimersByTime(5000)
  }
  expect(processes).toHaveLength(5)
  expect(host.status()).toMatchObject({ state: 'failed' })
  await expect(host.loadDataset(dataset)).rejects.toThrow('5 times within a minute')
  expect(() => host.startRun(run(1))).toThrow('5 times within a minute')
  host.start()
  engine().say({ type: 'ready', threads: 1 })
  expect(host.status().state).toBe('ready')
})

test('ends that lie far apart are restarted for ever', () => {
  const { host, engine, processes } = setup()
  host.start()
  for (let end = 0; end < 12; end++) {
    engine().die(crash)
    vi.advanceTimersByTime(20_000)
  }
  expect(processes).toHaveLength(13)
})

test('control of a run that the engine does not have goes nowhere', () => {
  const { host, engine } = setup()
  host.start()
  engine().say({ type: 'ready', threads: 1 })
  host.pauseRun(9)
  expect(engine().posted).toEqual([])
})

test('closing ends the process, rejects open requests and restarts nothing', async () => {
  const { host, processes, engine } = setup()
  const request = host.loadDataset(dataset)
  engine().say({ type: 'ready', threads: 1 })
  const rejected = expect(request).rejects.toThrow('The lab is being closed')
  await host.close()
  await rejected
  vi.advanceTimersByTime(60_000)
  expect(processes).toHaveLength(1)
  await expect(host.loadDataset(dataset)).rejects.toThrow('The lab is being closed')
})

test('a run that is started again before its former start has ended begins once it has, and hears nothing of that', () => {
  const { host, engine, events } = setup()
  host.startRun(run(1))
  engine().say({ type: 'ready', threads: 1 })
  host.stopRun(1)
  host.startRun(run(1))
  const frame = (runId: number) => ({ runId, firstEpoch: 1, epochs: 1, values: new Float32Array(1) })
  engine().say({ type: 'frame', runs: [frame(1), frame(2)] })
  engine().say({ type: 'run.ending', runId: 1 })
  const starts = () => engine().posted.filter(({ type }) => type === 'run.start').length
  expect(starts()).toBe(1)
  engine().say({ type: 'run.ended', runId: 1 } as FromEngine)
  expect(starts()).toBe(2)
  engine().say({ type: 'run.started', runId: 1 })
  expect(events).toMatchObject([
    { type: 'frame', runs: [{ runId: 2 }] },
    { type: 'run.started', runId: 1 }
  ])
})

test('what a run is told while it waits for the end of its former start is told to the new one', () => {
  const { host, engine } = setup()
  host.startRun(run(1))
  engine().say({ type: 'ready', threads: 1 })
  host.stopRun(1)
  host.startRun(run(1))
  host.stopRun(1)
  engine().say({ type: 'run.ended', runId: 1 } as FromEngine)
  expect(engine().posted.map(({ type }) => type)).toEqual(['run.start', 'run.stop', 'run.start', 'run.stop'])
})

test('a crash is told also where no run was in the engine: what was loaded there is gone', () => {
  const { host, engine, lost } = setup()
  host.start()
  engine().say({ type: 'ready', threads: 1 })
  engine().die(crash)
  expect(lost).toMatchObject([{ runIds: [] }])
})
