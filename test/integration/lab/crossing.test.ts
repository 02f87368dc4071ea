/** Commands and events that cross on their way: whoever comes late finds the run as the other has left it. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Run } from '#contract/runs.ts'
import {
  importDataset,
  openLab,
  proposedExperiment,
  ringsExperiment,
  startRuns,
  sweepOf,
  waitForRun,
  waitForStatus,
  waitForSweep,
  watchCurve,
  writeRings
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

/** A run that trains without an end of its own, and has a checkpoint that makes room for the next. */
async function trainingRun() {
  const folder = await temporaryFolder()
  const { client, lab } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const [run] = await startRuns(client, experiment, 1_000_000)
  const runId = run?.id ?? 0
  await watchCurve(client, runId, 10)
  await client.runs.pause({ runId })
  await client.runs.resume({ runId })
  return { client, lab, folder, experiment, runId }
}

/** Whether it goes on. */
const goesOn = async (client: ContractClient, runId: number) => {
  const { epochs } = await client.runs.get({ runId })
  return (await waitForRun(client, runId, (run) => run.status !== 'running' || run.epochs > epochs)).status
}

it('pauses a run once where two ask for it at the same time', async () => {
  const { client, runId } = await trainingRun()
  await Promise.all([client.runs.pause({ runId }), client.runs.pause({ runId })])
  expect(await client.runs.resume({ runId })).toMatchObject({ status: 'running', message: null })
  expect(await goesOn(client, runId)).toBe('running')
})

it('lets a run go on once where two ask for it at the same time', async () => {
  const { client, runId } = await trainingRun()
  await client.runs.pause({ runId })
  await Promise.all([client.runs.resume({ runId }), client.runs.resume({ runId })])
  expect(await goesOn(client, runId)).toBe('running')
  expect(await client.runs.pause({ runId })).toMatchObject({ status: 'paused', message: null })
})

it('knows that a run trains which went on as soon as it was paused', async () => {
  const { client, runId } = await trainingRun()
  await client.runs.pause({ runId })
  await client.runs.resume({ runId })
  await goesOn(client, runId)
  expect((await client.queue.get()).training.map(({ id }) => id)).toEqual([runId])
  const paused = await client.runs.pause({ runId })
  await client.runs.resume({ runId })
  expect(paused.status).toBe('paused')
})

it('lets a run go on as soon as it was stopped', async () => {
  const { client, runId } = await trainingRun()
  await client.runs.stop({ runId })
  await client.runs.resume({ runId })
  const run = await waitForRun(client, runId, ({ status }) => status === 'running')
  expect(run.message).toBeNull()
})

it('leaves the tables that are being written alone where another experiment is removed', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const others = [await ringsExperiment(client, folder)]
  for (let index = 0; index < 9; index++)
    others.push(await client.experiments.create({ settings: others[0]!.settings }))
  const large = await importDataset(client, { files: [{ path: await writeRings(folder, 40_000) }] })
  const experiment = await proposedExperiment(client, large, 'ring')
  const runs = await startRuns(client, experiment, 1)
  for (const { id } of others) await client.experiments.remove({ experimentId: id })
  const [run] = runs
  const ended = await waitForStatus(client, run?.id ?? 0, 'done', 'failed', 'interrupted')
  expect(ended).toMatchObject({ status: 'done', message: null })
})

describe('a sweep', () => {
  const points = ['64x32', '16', '4', 'none']

  it('that is paused as soon as it went on trains nothing', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const { id } = await client.sweeps.start(sweepOf(experiment, points, { epochs: 1_000_000 }))
    await waitForSweep(client, id, ({ runs }) => runs.running === 2)
    await client.sweeps.pause({ sweepId: id })
    await client.sweeps.resume({ sweepId: id })
    await client.sweeps.pause({ sweepId: id })
    expect((await client.queue.get()).training).toEqual([])
    await client.sweeps.resume({ sweepId: id })
    await waitForSweep(client, id, ({ runs }) => runs.running === 2)
  })

  it('takes no run to its next rung that somebody lets go on, or has opened the test part for', async () => {
    const folder = await temporaryFolder()
    const { client, errors } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const halving = { name: 'halving', factor: 2 } as const
    const { id } = await client.sweeps.start(sweepOf(experiment, points, { epochs: 4000, strategy: halving }))
    const first = await waitForSweep(client, id, ({ runs }) => runs.stopped > 0)
    expect(first.rung?.number).toBe(1)
    await client.sweeps.pause({ sweepId: id })
    const opened = (await listRuns(client, {})).filter(({ status }) => status === 'stopped')
    for (const { id: runId } of opened) await client.runs.openTest({ runId })
    await client.sweeps.resume({ sweepId: id })
    await waitForSweep(client, id, ({ status }) => status !== 'running')
    for (const run of opened) {
      expect(await client.runs.get({ runId: run.id })).toMatchObject({ status: 'stopped', epochs: run.epochs })
    }
    expect(errors).toEqual([])
  })

  it('goes on to its next rung where somebody lets one of its runs go on at its end', async () => {
    const folder = await temporaryFolder()
    const { client, errors } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const halving = { name: 'halving', factor: 2 } as const
    const events = await client.host.events()
    const alike = ['64x32', '48x32', '32x32', '24x32']
    const settings = {
      ...sweepOf(experiment, alike, { epochs: 800, strategy: halving }),
      seeds: [1, 2, 3, 4, 5, 6, 7, 8]
    }
    const { id, planned } = await client.sweeps.start(settings)
    const ended = new Map<number, Run>()
    for await (const event of events) {
      if (event.type === 'run' && ['stopped', 'done'].includes(event.run.status)) ended.set(event.run.id, event.run)
      if (ended.size === planned) break
    }
    const stopped = [...ended.values()].filter(({ status }) => status === 'stopped')
    await Promise.allSettled(stopped.map((run) => client.runs.resume({ runId: run.id })))
    expect(await waitForSweep(client, id, ({ status }) => status !== 'running')).toMatchObject({ status: 'done' })
    expect(errors).toEqual([])
  })

  it('that is planned over folds says so where its experiment is removed meanwhile', async () => {
    const folder = await temporaryFolder()
    const { client, errors } = await openLab(folder)
    const experiment = await ringsExperiment(client, folder)
    const planned = client.sweeps.start({ ...sweepOf(experiment, points), folds: 3 }).then(() => null, toLabError)
    await client.experiments.remove({ experimentId: experiment.id })
    expect(await planned).toMatchObject({ code: 'not_found' })
    expect(errors).toEqual([])
  })
})

it('says so where a data set is removed while an experiment is made of it', async () => {
  const folder = await temporaryFolder()
  const { client, errors } = await openLab(folder)
  const dataset = await importDataset(client, { files: [{ path: await writeRings(folder) }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'ring' })
  const created = client.experiments.create({ settings }).then(() => null, toLabError)
  await client.datasets.remove({ datasetId: dataset.id })
  expect(await created).toMatchObject({ code: 'not_found' })
  expect(errors).toEqual([])
})

it('keeps the rows of a data set that is imported again while it is removed', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const source = { files: [{ path: await writeRings(folder) }] }
  const { id: datasetId } = await importDataset(client, source)
  const { jobId } = await client.datasets.import({ source })
  for await (const item of await client.datasets.importProgress({ jobId })) {
    if (item.type === 'progress' && item.message === 'Looking at the columns') break
  }
  await client.datasets.remove({ datasetId })
  for await (const item of await client.datasets.importProgress({ jobId })) {
    if (item.type !== 'progress') expect(item).toMatchObject({ type: 'done', existed: false })
  }
  expect((await client.datasets.preview({ datasetId, offset: 0, limit: 1 })).rows).toHaveLength(1)
  await client.datasets.remove({ datasetId })
  expect(await readdir(join(folder, 'datasets'))).toEqual([])
})
