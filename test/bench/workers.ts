/**
 * Workers at a real NATS server on this machine.
 *
 *   node test/bench/workers.ts kills [RUNS] [SECONDS]     4 workers train a sweep while one of them is killed every so many
 *                                                         seconds and the server twice; told is whether every run came to
 *                                                         the bits of the lab's own engine (2000 and 3 where left out)
 *   node test/bench/workers.ts load [RUNS] [WORKERS] [S]  so many connections send what workers send, with results made in
 *                                                         advance, S seconds a run; told is what that costs the lab
 *                                                         (10000, 200 and 1)
 *   node test/bench/workers.ts speed                      runs of about a second: two workers against the lab's own engine
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { Sweep } from '#contract/sweeps.ts'
import { createLab, type Lab } from '#lab/lab.ts'
import {
  curveOf,
  planFor,
  ringsExperiment,
  servicesOf,
  type SweepRequest,
  waitForSweep,
  weightBits
} from '#test/integration/lab/support.ts'
import { findNatsServer, natsServer, type TestServer } from '#test/nats-server.ts'
import { root } from '#test/services.ts'
import { listRuns } from '#trials/run-pieces.ts'

const [mode = 'kills', ...numbers] = process.argv.slice(2)
const [first, second, third] = numbers.map(Number)
const program = findNatsServer()
if (!program) process.exit(1)
process.env['LAB_NATS_LEASE_SECONDS'] ??= '5'
const folder = mkdtempSync(join(tmpdir(), 'workers-'))
const serverFolder = join(folder, 'server')
mkdirSync(serverFolder)
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** A hundred seeds for each topology, as many topologies as it takes. */
function sweepOf({ id: experimentId }: Experiment, runs: number, epochs: number): SweepRequest {
  const seeds = Array.from({ length: Math.min(runs, 1000) }, (_, index) => index + 1)
  const hidden = Array.from({ length: Math.ceil(runs / seeds.length) }, (_, index) => `${16 + index}`)
  return { experimentId, space: { hidden }, plan: planFor(epochs), seeds, baseline: false }
}

/** A hash of all that a run came to, by what it is. */
async function outcomes(client: ContractClient, sweepId: number): Promise<Map<string, string>> {
  const runs = (await listRuns(client, {})).filter((run) => run.sweepId === sweepId)
  const told = new Map<string, string>()
  for (const { id, topology, seed, status, validation, bestEpoch, epochs, message } of runs) {
    const hash = createHash('sha256').update(JSON.stringify([status, validation, bestEpoch]))
    if (epochs === 0) say(`run ${id} is ${status}: ${message}`)
    hash.update(JSON.stringify(await curveOf(client, id, 'trainLoss')))
    for (const which of epochs > 0 ? (['best', 'last'] as const) : []) hash.update(await weightBits(client, id, which))
    told.set(JSON.stringify([topology, seed]), hash.digest('hex'))
  }
  return told
}

function startWorker(server: TestServer): ChildProcess {
  const args = ['work', server.address, '--cores', '1', '--cache', join(folder, 'cache'), '--quiet']
  return spawn(process.execPath, [join(root, 'src-main', 'cli', 'main.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** The shares of a sweep at which the server is killed and started again. */
const restarts = [0.3, 0.6]

async function kills({ client }: Lab, server: TestServer, experiment: Experiment): Promise<void> {
  const settings = sweepOf(experiment, first ?? 2000, 200)
  const here = await client.sweeps.start(settings)
  await waitForSweep(client, here.id, ({ status }) => status === 'done')
  const wanted = await outcomes(client, here.id)
  const workers = Array.from({ length: 4 }, () => startWorker(server))
  const { id, planned } = await client.sweeps.start({ ...settings, workers: server.address })
  let turn = 0
  const timer = setInterval(
    () => {
      const place = turn++ % workers.length
      workers[place]?.kill('SIGKILL')
      workers[place] = startWorker(server)
    },
    (second ?? 3) * 1000
  )
  for (const share of restarts) {
    await waitForSweep(client, id, ({ runs }) => runs.done >= planned * share)
    await server.kill()
    await server.start()
  }
  const ended = await waitForSweep(client, id, ({ status }) => status === 'done')
  clearInterval(timer)
  await Promise.all(workers.map((worker) => end(worker, 'SIGTERM')))
  const found = await outcomes(client, id)
  const differing = [...wanted].filter(([key, hash]) => found.get(key) !== hash).length
  say(
    `${planned} runs, ${turn} workers killed, the server ${restarts.length} times: ${ended.runs.done} done, ` +
      `${ended.runs.failed} failed, ${differing} differ from the lab's own, in ${ended.elapsedSeconds.toFixed(0)} s ` +
      `(here ${(await client.sweeps.get({ sweepId: here.id })).elapsedSeconds.toFixed(0)} s)`
  )
  process.exitCode = differing === 0 && ended.runs.done === planned ? 0 : 1
}

async function load({ client }: Lab, server: TestServer, experiment: Experiment): Promise<void> {
  const count = second ?? 200
  const script = join(import.meta.dirname, 'simulated-workers.ts')
  const simulated = fork(script, [server.address, String(count), join(folder, 'cache'), String(third ?? 1)], {
    stdio: 'inherit'
  })
  await once(simulated, 'message')
  const events = await client.host.events()
  const following = (async () => {
    let seen = 0
    for await (const { type } of events) seen += Number(type === 'run')
    return seen
  })()
  const { id, planned } = await client.sweeps.start({
    ...sweepOf(experiment, first ?? 10_000, 20),
    workers: server.address
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const [before, begin] = [process.cpuUsage(), performance.now()]
  await waitForSweep(client, id, ({ status }) => status === 'done')
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - begin) / 1000
  delay.disable()
  simulated.kill('SIGTERM')
  await events.return?.()
  await following
  const ms = (nanoseconds: number) => (nanoseconds / 1e6 - 1).toFixed(1)
  say(
    `${planned} runs from ${count} workers in ${seconds.toFixed(0)} s (${(planned / seconds).toFixed(0)} a second): ` +
      `${((user + system) / 1000 / planned).toFixed(2)} ms of processor time a run; event loop p50 ${ms(delay.percentile(50))}, ` +
      `p99 ${ms(delay.percentile(99))}, p99.9 ${ms(delay.percentile(99.9))}, longest ${ms(delay.max)} ms`
  )
}

async function speed({ client }: Lab, server: TestServer, experiment: Experiment): Promise<void> {
  const settings: SweepRequest = { ...sweepOf(experiment, first ?? 40, 6000), space: { hidden: ['32x32'] } }
  const time = async (more: Partial<SweepRequest>): Promise<Sweep> => {
    const { id } = await client.sweeps.start({ ...settings, ...more })
    return waitForSweep(client, id, ({ status }) => status === 'done')
  }
  const here = await time({})
  const workers = [startWorker(server), startWorker(server)]
  // The first runs find both workers started.
  await time({ plan: planFor(10), workers: server.address })
  const away = await time({ workers: server.address })
  await Promise.all(workers.map((worker) => end(worker, 'SIGTERM')))
  say(
    `${away.planned} runs of about ${((here.elapsedSeconds * 2) / here.planned).toFixed(2)} s: two workers ` +
      `${away.elapsedSeconds.toFixed(1)} s, the lab's own engine ${here.elapsedSeconds.toFixed(1)} s`
  )
}

const server = await natsServer(program, serverFolder)
const lab = await createLab(join(folder, 'lab'), servicesOf({ engines: [], errors: [] }))
try {
  await server.start()
  const experiment = await ringsExperiment(lab.client, folder)
  await { kills, load, speed }[mode as 'kills' | 'load' | 'speed'](lab, server, experiment)
} finally {
  await lab.close()
  await server.kill()
  rmSync(folder, { recursive: true, force: true })
}
