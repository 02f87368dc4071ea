/** Sweeps by workers at a real NATS server: killed workers, a killed server, a closed lab; every unit once, the same to the bit. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import type { Run } from '#contract/runs.ts'
import { forgetBegun, mayBegin } from '#lab/workers/nats/begun.ts'
import { connectTo } from '#lab/workers/nats/connect.ts'
import { makeStreams, openBuckets } from '#lab/workers/nats/streams.ts'
import { startCli } from '#test/integration/cli/run-cli.ts'
import {
  curveOf,
  openLab,
  openSharedLab,
  planFor,
  ringsExperiment,
  sweepOf,
  waitForSweep,
  weightBits
} from '#test/integration/lab/support.ts'
import { testPartBytes } from '#test/integration/lab/test-part-bytes.ts'
import { root } from '#test/services.ts'
import { findNatsServer, natsServer } from '#test/nats-server.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

const program = findNatsServer()
/** Of the README: a lab and a worker that may do what they need. */
const users = (
  /authorization \{[\s\S]*?\n\}/.exec(readFileSync(join(root, 'src-main/workers/README.md'), 'utf8'))?.[0] ?? ''
)
  .replace('"..."', '"of the lab"')
  .replace('"..."', '"of workers"')

async function started(config = '') {
  vi.stubEnv('LAB_NATS_LEASE_SECONDS', '2')
  onTestFinished(() => void vi.unstubAllEnvs())
  const folder = await temporaryFolder()
  const server = await natsServer(program ?? '', folder, config)
  await server.start()
  onTestFinished(() => server.kill())
  return { server, folder, cache: join(folder, 'cache') }
}

function startWorker(address: string, cache: string, cores = 1) {
  return startCli(['work', address, '--cores', String(cores), '--cache', cache, '--json', '--quiet'])
}

/** What runs came to, by what they are: without their numbers and times. */
async function outcomes(client: ContractClient, sweepId: number) {
  const runs = (await listRuns(client, {})).filter((run) => run.sweepId === sweepId)
  const told = await Promise.all(
    runs.map(async (run: Run) => ({
      key: JSON.stringify([run.topology, run.seed]),
      status: run.status,
      bestEpoch: run.bestEpoch,
      validation: run.validation,
      curve: await curveOf(client, run.id, 'validationLoss'),
      best: await weightBits(client, run.id, 'best'),
      last: await weightBits(client, run.id, 'last')
    }))
  )
  return told.sort((a, b) => (a.key < b.key ? -1 : 1))
}

function filesBelow(folder: string): Buffer[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  return names.filter((each) => each.isFile()).map((each) => readFileSync(join(each.parentPath, each.name)))
}

test.skipIf(!program)(
  'workers and the server are killed and the lab is closed, and every run has its one result, the same to the bit',
  async () => {
    const { server, folder, cache } = await started(users)
    vi.stubEnv('LAB_NATS_USER', 'lab')
    vi.stubEnv('LAB_NATS_PASSWORD', 'of the lab')
    const labFolder = await temporaryFolder()
    const first = await openSharedLab(labFolder)
    const experiment = await ringsExperiment(first.client, labFolder)
    const settings = { ...sweepOf(experiment, ['none', '8', '16', '16x8']), plan: planFor(250) }
    const here = await first.client.sweeps.start(settings)
    await waitForSweep(first.client, here.id, ({ status }) => status === 'done')
    const wanted = await outcomes(first.client, here.id)

    const away = await first.client.sweeps.start({ ...settings, workers: server.address })
    vi.stubEnv('LAB_NATS_USER', 'worker')
    vi.stubEnv('LAB_NATS_PASSWORD', 'of workers')
    const workers = [startWorker(server.address, cache), startWorker(server.address, cache)]
    await waitForSweep(first.client, away.id, ({ runs }) => runs.done >= 1)
    workers[0]?.child.kill('SIGKILL')
    workers.push(startWorker(server.address, cache))

    // The tables of the other two parts are where the test part is looked for.
    const there = Buffer.concat([...filesBelow(join(folder, 'store')), ...filesBelow(cache)])
    const { test: rows, seen } = await testPartBytes(first.lab.folder, experiment.id)
    expect(seen.every((row) => there.includes(row))).toBe(true)
    expect(rows.length).toBe(experiment.rows.test)
    // Some rows of the rings are alike; those that another part has as well tell nothing.
    const own = rows.filter((row) => !seen.some((each) => each.equals(row)))
    expect(own.length).toBeGreaterThan(20)
    expect(own.some((row) => there.includes(row))).toBe(false)

    await server.kill()
    await server.start()
    await waitForSweep(first.client, away.id, ({ runs }) => runs.done >= 4)
    await first.lab.close()
    expect(first.errors).toEqual([])

    vi.stubEnv('LAB_NATS_USER', 'lab')
    vi.stubEnv('LAB_NATS_PASSWORD', 'of the lab')
    const second = await openLab(labFolder)
    expect(await second.client.sweeps.get({ sweepId: away.id })).toMatchObject({ status: 'interrupted' })
    await second.client.sweeps.resume({ sweepId: away.id })
    const ended = await waitForSweep(second.client, away.id, ({ status }) => status === 'done')
    expect(ended.runs).toMatchObject({ done: 12, failed: 0, stopped: 0, waiting: 0 })
    expect(await outcomes(second.client, away.id)).toEqual(wanted)
    const { servers } = await second.client.sweeps.workers()
    expect(servers).toMatchObject([{ server: server.address, isConnected: true }])

    workers[1]?.child.kill('SIGTERM')
    expect(await workers[1]?.result).toMatchObject({ code: 0 })
    expect(JSON.stringify(servers) + JSON.stringify(ended)).not.toContain('of the lab')
  },
  90_000
)

test.skipIf(!program)('what can not be is told in a sentence, in which nothing is secret', async () => {
  const { server } = await started(users)
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const settings = sweepOf(experiment, ['4'])
  const refused = (workers: string, more: object = {}) =>
    client.sweeps.start({ ...settings, ...more, workers }).then(
      () => 'begun',
      (error: unknown) => (error as Error).message
    )
  expect(await refused(server.address)).toContain('does not let this user in')
  expect(await refused('nats://127.0.0.1:9')).toContain('does not answer')
  const withSecret = await refused(server.address.replace('//', '//me:hidden@'))
  expect(withSecret).toContain('no user and no password')
  expect(withSecret).not.toContain('hidden')
  expect(await refused('http://here')).toContain('is no address of a NATS server')
  expect(await refused(server.address, { strategy: { name: 'halving' } })).toContain('Successive halving')
  expect(await client.sweeps.list({})).toEqual([])
})

test.skipIf(!program)('a sweep is paused, goes on, and is stopped; nothing of it stays at the server', async () => {
  const { server, cache } = await started()
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const settings = { ...sweepOf(experiment, ['8', '16']), plan: planFor(40), workers: server.address }
  const { id: sweepId } = await client.sweeps.start(settings)
  expect(await client.sweeps.pause({ sweepId })).toMatchObject({ status: 'paused', runs: { waiting: 9 } })
  const worker = startWorker(server.address, cache)
  await client.sweeps.resume({ sweepId })
  await waitForSweep(client, sweepId, ({ status }) => status === 'done')

  // None of these ends before it is told of as running, at the second sign of life.
  const endless = { ...settings, space: { hidden: ['128x128'] }, baseline: false, plan: planFor(100_000) }
  const long = await client.sweeps.start(endless)
  await waitForSweep(client, long.id, ({ runs }) => runs.running > 0)
  expect(await client.sweeps.stop({ sweepId: long.id })).toMatchObject({ status: 'stopped', runs: { stopped: 3 } })
  await expect.poll(() => readdirSync(cache).length, { timeout: 10_000 }).toBe(0)
  await expect
    .poll(async () => (await client.sweeps.workers()).servers[0]?.workers.map(({ inHand }) => inHand), {
      timeout: 10_000
    })
    .toEqual([0])
  worker.child.kill('SIGTERM')
  expect(await worker.result).toMatchObject({ code: 0 })
})

test.skipIf(!program)(
  'a unit is begun anew by three workers and no more, unless it was given back in order',
  async () => {
    const { server } = await started()
    const connection = await connectTo(server.address, 'test')
    onTestFinished(() => connection.close())
    const { stands } = await openBuckets(connection, true)
    const name = 'a'.repeat(40)
    for (const worker of ['one', 'two', 'three']) expect(await mayBegin(stands, name, worker)).toBe(true)
    expect(await mayBegin(stands, name, 'four')).toBe(false)
    expect(await mayBegin(stands, 'b'.repeat(40), 'four')).toBe(true)
    await forgetBegun(stands, name)
    expect(await mayBegin(stands, name, 'four')).toBe(true)
  }
)

test.skipIf(!program)('a worker ends when it is asked to, also while its server is away', async () => {
  const { server, cache } = await started()
  const connection = await connectTo(server.address, 'test')
  await makeStreams(connection)
  const heard = connection.subscribe('toplab.workers.*', { max: 1 })
  const worker = startWorker(server.address, cache)
  await heard[Symbol.asyncIterator]().next()
  await connection.close()
  await server.kill()
  worker.child.kill('SIGTERM')
  expect(await worker.result).toMatchObject({ code: 0 })
})
