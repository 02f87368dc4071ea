/** The lab end to end: what was trained is there again, control works in every status, the test part stays sealed. */
import { readdir, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import {
  columnOf,
  curveOf,
  importDataset,
  openLab,
  planFor,
  proposedExperiment,
  ringsExperiment,
  startRuns,
  waitForRun,
  waitForStatus,
  watchCurve,
  weightBits
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

describe('a lab that is closed and opened again', () => {
  it('has the run with its curves, settings, topology, weights and notes', async () => {
    const folder = await temporaryFolder()
    const { lab, client } = await openLab(folder)
    const dataset = await importDataset(client, { sampleId: 'breast_cancer' })
    const experiment = await proposedExperiment(client, dataset)
    await client.experiments.update({ experimentId: experiment.id, name: 'Tumours', note: 'First try.' })
    const [started] = await startRuns(client, experiment, 30)
    const runId = started?.id ?? 0
    const live = columnOf(await watchCurve(client, runId, 30), 'validationLoss')
    await waitForStatus(client, runId, 'done')
    await client.runs.update({ runId, note: 'Looks good.' })
    await client.host.settings.set({ name: 'theme', value: 'dark' })
    const before = {
      run: await client.runs.get({ runId }),
      experiment: await client.experiments.get({ experimentId: experiment.id }),
      dataset: await client.datasets.get({ datasetId: dataset.id }),
      weights: await weightBits(client, runId, 'best')
    }
    await lab.close()

    const again = (await openLab(folder)).client
    expect(await again.runs.get({ runId })).toEqual(before.run)
    expect(await again.experiments.list()).toEqual([before.experiment])
    expect(await again.datasets.get({ datasetId: dataset.id })).toEqual(before.dataset)
    expect(await weightBits(again, runId, 'best')).toEqual(before.weights)
    expect(await curveOf(again, runId, 'validationLoss')).toEqual(live)
    expect(live).toHaveLength(30)
    expect(await again.host.settings.get()).toEqual({ theme: 'dark' })
    expect(before.run).toMatchObject({
      status: 'done',
      epochs: 30,
      note: 'Looks good.',
      latest: null,
      etaSeconds: null
    })
    expect(before.run.validation?.accuracy).toBeGreaterThan(0.9)
    expect(before.run.validation?.loss).toBeCloseTo(Math.min(...live), 5)
    expect(before.experiment.name).toBe('Tumours')
    expect(before.dataset).toMatchObject({ name: 'breast_cancer', rows: 569 })
  })

  it('leaves a run in training interrupted, and it goes on from there', async () => {
    const folder = await temporaryFolder()
    const { lab, client } = await openLab(folder)
    const [run, waiting] = await startRuns(client, await ringsExperiment(client, folder), 1_000_000, [1, 2, 3])
    const runId = run?.id ?? 0
    await watchCurve(client, runId, 50)
    await lab.close()

    const again = (await openLab(folder)).client
    const interrupted = await again.runs.get({ runId })
    expect(interrupted).toMatchObject({
      status: 'interrupted',
      message: 'The lab was closed while it was in training.'
    })
    expect((await again.runs.get({ runId: waiting?.id ?? 0 })).status).toBe('interrupted')
    expect((await again.runs.weights({ runId, which: 'last' })).epoch).toBe(interrupted.epochs)
    await again.runs.resume({ runId })
    expect((await waitForRun(again, runId, (next) => next.epochs > interrupted.epochs)).status).toBe('running')
  })

  it('goes on by itself with what trained or waited, in the order of the queue, unless a person paused it', async () => {
    const folder = await temporaryFolder()
    const { lab, client } = await openLab(folder)
    await client.queue.set({ parallel: 1 })
    const runs = await startRuns(client, await ringsExperiment(client, folder), 1_000_000, [1, 2, 3, 4])
    const [first = 0, second = 0, third = 0, fourth = 0] = runs.map((run) => run.id)
    await client.queue.move({ runId: fourth, to: 'first' })
    await waitForStatus(client, first, 'running')
    await client.runs.pause({ runId: third })
    await lab.close()

    const { lab: again, client: beside } = await openLab(folder)
    again.continueInterrupted()
    await waitForStatus(beside, first, 'running')
    await waitForStatus(beside, second, 'queued')
    const { training, waiting, parallel } = await beside.queue.get()
    expect([training, waiting].map((list) => list.map(({ id }) => id))).toEqual([[first], [fourth, second]])
    expect(parallel).toBe(1)
    expect((await beside.runs.get({ runId: third })).status).toBe('interrupted')
    await again.close()

    const { lab: last, client: resting } = await openLab(folder)
    await resting.queue.set({ resumes: false })
    last.continueInterrupted()
    expect((await resting.queue.get()).waiting).toEqual([])
    expect((await resting.runs.get({ runId: first })).status).toBe('interrupted')
  })

  it('deletes what a killed import or preparation left behind, and builds the prepared tables again', async () => {
    const folder = await temporaryFolder()
    const { lab, client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 5)
    await waitForStatus(client, run?.id ?? 0, 'done')
    await lab.close()
    await rm(join(folder, 'prepared'), { recursive: true })
    await writeFile(join(folder, 'datasets', 'half.parquet.tmp'), 'half')

    const again = (await openLab(folder)).client
    // The table, and the hash that is kept beside it.
    const names = await readdir(join(folder, 'datasets'))
    expect(names.map((name) => name.replace(/^[0-9a-f]{64}/, ''))).toEqual(['.parquet', '.parquet.sha256'])
    const [twin] = await startRuns(again, experiment, 5)
    await waitForStatus(again, twin?.id ?? 0, 'done')
    expect(await weightBits(again, twin?.id ?? 0, 'best')).toEqual(await weightBits(again, run?.id ?? 0, 'best'))
  })
})

describe('control of runs', () => {
  it('pauses and resumes without a trace in the weights', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [paused] = await startRuns(client, experiment, 2000)
    const runId = paused?.id ?? 0
    await watchCurve(client, runId, 10)
    expect((await client.runs.pause({ runId })).status).toBe('paused')
    expect((await client.runs.resume({ runId })).status).toBe('running')
    await waitForStatus(client, runId, 'done')
    const [straight] = await startRuns(client, experiment, 2000)
    await waitForStatus(client, straight?.id ?? 0, 'done')
    expect(await weightBits(client, runId, 'last')).toEqual(await weightBits(client, straight?.id ?? 0, 'last'))
  })

  it('runs as many at once as the engine has threads, and the others in order after them', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const runs = await startRuns(client, await ringsExperiment(client, folder), 1_000_000, [1, 2, 3, 4])
    const [first = 0, second = 0, third = 0, fourth = 0] = runs.map((run) => run.id)
    await waitForStatus(client, first, 'running')
    await waitForStatus(client, second, 'running')
    const statuses = async () => (await listRuns(client, {})).map((run) => run.status).reverse()
    expect(await statuses()).toEqual(['running', 'running', 'queued', 'queued'])

    // A pause frees a thread; the paused one gets it back when it asks and one is free.
    await client.runs.pause({ runId: first })
    await waitForStatus(client, third, 'running')
    expect((await client.runs.resume({ runId: first })).status).toBe('queued')
    expect((await client.runs.stop({ runId: second })).status).toBe('stopped')
    await waitForStatus(client, first, 'running')
    expect(await statuses()).toEqual(['running', 'stopped', 'running', 'queued'])

    // One that has not begun can be paused, resumed and stopped as well.
    expect((await client.runs.pause({ runId: fourth })).status).toBe('paused')
    expect((await client.runs.resume({ runId: fourth })).status).toBe('queued')
    expect((await client.runs.stop({ runId: fourth })).status).toBe('stopped')
    await client.runs.remove({ runIds: [first, third] })
    expect(await statuses()).toEqual(['stopped', 'stopped'])
  })

  it('lets a waiting run go before others, and trains fewer at once where that is asked', async () => {
    const folder = await temporaryFolder()
    const { lab, client } = await openLab(folder)
    await client.queue.set({ parallel: 1 })
    const runs = await startRuns(client, await ringsExperiment(client, folder), 1_000_000, [1, 2, 3, 4])
    const [first = 0, second = 0, third = 0, fourth = 0] = runs.map((run) => run.id)
    await waitForStatus(client, first, 'running')
    const waiting = async () => (await client.queue.get()).waiting.map(({ id }) => id)
    expect(await waiting()).toEqual([second, third, fourth])
    await client.queue.move({ runId: fourth, to: 'first' })
    await client.queue.move({ runId: third, to: 'earlier' })
    await client.queue.move({ runId: fourth, to: 'later' })
    expect(await waiting()).toEqual([third, fourth, second])
    await expect(client.queue.move({ runId: first, to: 'first' })).rejects.toThrow(
      `Run ${first} does not wait for its turn; only waiting runs move.`
    )
    expect(lab.countActive()).toBe(4)
    await client.queue.set({ parallel: null })
    await waitForStatus(client, third, 'running')
    expect(await waiting()).toEqual([fourth, second])
  })

  it('marks runs with stars and tags, and reads long lists in parts', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const runs = await startRuns(client, await ringsExperiment(client, folder), 1, [1, 2, 3])
    const [first = 0, second = 0, third = 0] = runs.map((run) => run.id)
    await client.runs.mark({ runIds: [first, second], starred: true, addTags: ['wide', ' wide ', 'deep'] })
    await client.runs.mark({ runIds: [second], starred: false, removeTags: ['deep'] })
    expect(await client.runs.get({ runId: first })).toMatchObject({ starred: true, tags: ['wide', 'deep'] })
    expect(await client.runs.get({ runId: second })).toMatchObject({ tags: ['wide'] })
    expect(await client.runs.get({ runId: second })).not.toHaveProperty('starred')
    const newest = await listRuns(client, { limit: 2 })
    const older = await listRuns(client, { before: second, limit: 2 })
    expect([newest, older].map((list) => list.map(({ id }) => id))).toEqual([[third, second], [first]])
    expect(newest[0]).toEqual(await client.runs.get({ runId: third }))
    expect(newest[0]?.plan).toBe(newest[1]?.plan)
    await expect(listRuns(client, { experimentId: 99 })).rejects.toThrow('There is no experiment 99.')
    await expect(client.runs.mark({ runIds: [99], starred: true })).rejects.toThrow('There is no run 99.')
  })

  it('counts the threads of a run, and refuses a plan that asks for more than there are', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const start = (threads: number) =>
      client.runs.start({
        experimentId: experiment.id,
        hidden: [{ units: 8, activation: 'relu' }],
        plan: { ...planFor(1_000_000), threads },
        seeds: [1]
      })
    const [wide] = await start(2)
    const [narrow] = await start(1)
    await waitForStatus(client, wide?.id ?? 0, 'running')
    expect((await client.runs.get({ runId: narrow?.id ?? 0 })).status).toBe('queued')
    await expect(start(3)).rejects.toThrow('The plan asks for 3 threads, where the engine has 2; set threads lower.')
    await client.runs.stop({ runId: wide?.id ?? 0 })
    await waitForStatus(client, narrow?.id ?? 0, 'running')
    // The other way round it waits until both threads are free.
    const [second] = await start(2)
    expect(second?.status).toBe('queued')
    await client.runs.stop({ runId: narrow?.id ?? 0 })
    await waitForStatus(client, second?.id ?? 0, 'running')
    await client.runs.stop({ runId: second?.id ?? 0 })
  })

  it('goes on with a stopped run from where it stopped', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const [run] = await startRuns(client, await ringsExperiment(client, folder), 1_000_000)
    const runId = run?.id ?? 0
    await watchCurve(client, runId, 10)
    const stopped = await client.runs.stop({ runId })
    expect(stopped).toMatchObject({ status: 'stopped', message: 'Stopped by request.' })
    expect(stopped.validation?.loss).toBeGreaterThan(0)
    await client.runs.resume({ runId })
    expect((await waitForRun(client, runId, (now) => now.epochs > stopped.epochs)).endedAt).toBeNull()
  })

  it('stops early by patience and says so, and says what to try when a run diverges', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const hidden = [{ units: 8, activation: 'relu' as const }]
    const start = async (plan: ReturnType<typeof planFor>) => {
      const [run] = await client.runs.start({ experimentId: experiment.id, hidden, plan, seeds: [1] })
      return waitForStatus(client, run?.id ?? 0, 'done', 'diverged', 'failed')
    }
    const early = await start(planFor(100_000, 5))
    expect(early).toMatchObject({ status: 'done', message: expect.stringContaining('last 5 epochs') as string })
    expect(early.epochs - (early.bestEpoch ?? 0)).toBe(5)
    const plan = { ...defaultPlan('cross_entropy'), optimizer: { name: 'sgd' as const, learningRate: 10 } }
    const wild = [64, 64, 64, 64].map((units) => ({ units, activation: 'relu' as const }))
    const [run] = await client.runs.start({
      experimentId: experiment.id,
      hidden: wild,
      plan: { ...plan, initialisation: { name: 'normal', deviation: 100 } },
      seeds: [1]
    })
    const diverged = await waitForStatus(client, run?.id ?? 0, 'done', 'diverged', 'failed')
    expect(diverged.status).toBe('diverged')
    expect(diverged.message).toMatch(/learning rate/)
  })

  it('refuses what a status does not allow, what is not there, and what can not be trained, each in a sentence', async () => {
    const folder = await temporaryFolder()
    const { client, errors } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const [run] = await startRuns(client, experiment, 1)
    const runId = run?.id ?? 0
    await waitForStatus(client, runId, 'done')
    const refused = (call: Promise<unknown>) => call.then(() => null, toLabError)
    expect(await refused(client.runs.pause({ runId }))).toMatchObject({ code: 'conflict' })
    expect(await refused(client.runs.resume({ runId }))).toMatchObject({ code: 'conflict' })
    expect(await refused(client.runs.stop({ runId }))).toMatchObject({ code: 'conflict' })
    expect(await refused(client.runs.get({ runId: 99 }))).toMatchObject({
      code: 'not_found',
      message: 'There is no run 99.'
    })
    expect(await refused(client.experiments.get({ experimentId: 99 }))).toMatchObject({ code: 'not_found' })
    expect(await refused(client.datasets.remove({ datasetId: experiment.settings.datasetId }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(experiment.name) as string
    })
    const start = { experimentId: experiment.id, hidden: [{ units: 0, activation: 'relu' as const }], seeds: [1] }
    expect(await refused(client.runs.start({ ...start, plan: planFor(1) }))).toMatchObject({
      code: 'bad_settings',
      details: { field: 'layers.0.units' }
    })
    const tooFast = { ...planFor(1), optimizer: { name: 'sgd' as const, learningRate: 11 } }
    expect(await refused(client.runs.start({ ...start, hidden: [], plan: tooFast }))).toMatchObject({
      details: { field: 'optimizer.learningRate' }
    })
    expect(errors).toEqual([])
  })
})

describe('the sealed test part', () => {
  /** A run that was stopped and could go on. */
  async function stoppedRun() {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const [run] = await startRuns(client, await ringsExperiment(client, folder), 1_000_000)
    const runId = run?.id ?? 0
    await watchCurve(client, runId, 10)
    await client.runs.stop({ runId })
    return { folder, client, runId }
  }

  it('is measured by its opening alone, which is counted; nothing else tells a test figure', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const runs = await startRuns(client, experiment, 300, [1, 2])
    const [first = 0, second = 0] = runs.map((run) => run.id)
    const refused = await client.runs.openTest({ runId: first }).then(() => null, toLabError)
    expect(refused).toMatchObject({ code: 'conflict' })
    for (const { id } of runs) await waitForStatus(client, id, 'done')
    expect(await client.runs.openedTest({ runId: first })).toBeNull()
    const prepared = ['train.f32', 'train.f32.sha256', 'validation.f32', 'validation.f32.sha256']
    expect(await filesBelow(join(folder, 'prepared'))).toEqual(prepared)

    const opened = await client.runs.openTest({ runId: first })
    expect(opened.test.accuracy).toBeGreaterThan(0.8)
    expect(opened.opening.count).toBe(1)
    expect((await client.runs.openTest({ runId: second })).opening.count).toBe(2)
    expect(await client.runs.openedTest({ runId: first })).toEqual(opened)
    expect(await filesBelow(join(folder, 'prepared'))).toEqual(prepared)
    expect(await client.experiments.get({ experimentId: experiment.id })).toMatchObject({ openings: 2 })
    expect(await client.runs.get({ runId: first })).toMatchObject({ testOpened: true })

    const elsewhere = JSON.stringify([
      await listRuns(client, {}),
      await client.experiments.list(),
      await client.datasets.list(),
      (await client.runs.curves({ runIds: [first, second] })).map((piece) => [piece.columns, [...piece.values]])
    ])
    expect(elsewhere).not.toContain(String(opened.test.loss))
    expect(elsewhere).not.toMatch(/test(Loss|Accuracy)/)
  })

  it('closes a stopped run for further training once it was opened for it', async () => {
    const { client, runId } = await stoppedRun()
    await client.runs.openTest({ runId })
    const refused = await client.runs.resume({ runId }).then(() => null, toLabError)
    expect(refused).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('test part was opened') as string
    })
  })

  it('shows and counts nothing of a run that went on while it was being measured', async () => {
    const { folder, client, runId } = await stoppedRun()
    const prepared = watch(join(folder, 'prepared'))
    const opened = client.runs.openTest({ runId }).then(() => null, toLabError)
    await once(prepared, 'change')
    prepared.close()
    await client.runs.resume({ runId })
    expect(await opened).toMatchObject({ code: 'conflict', message: expect.stringContaining('went on') as string })
    expect(await client.runs.openedTest({ runId })).toBeNull()
  })
})

it('keeps the event loop free while many tiny runs train', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const hidden = [{ units: 2, activation: 'tanh' as const }]
  const seeds = Array.from({ length: 40 }, (_, seed) => seed)
  const turns = measureTurns()
  const runs = await client.runs.start({ experimentId: experiment.id, hidden, plan: planFor(500), seeds })
  await waitForStatus(client, runs.at(-1)?.id ?? 0, 'done')
  const sorted = turns.stop().sort((a, b) => a - b)
  expect(sorted.length).toBeGreaterThan(50)
  expect(sorted[Math.floor(0.99 * sorted.length)]).toBeLessThan(10)
})

/**
 * Measures the milliseconds of work in each turn of the event loop. It is the time of the thread on a core, and not on
 * the clock, because other processes share the machine with this one.
 */
function measureTurns(): { stop(): number[] } {
  const turns: number[] = []
  const used = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let before = used()
  const timer = setInterval(() => {
    const now = used()
    turns.push(now - before)
    before = now
  }, 1)
  return {
    stop() {
      clearInterval(timer)
      return turns
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
}
