/** Commands and events that cross on their way: whoever comes late finds the run as the other has left it. */
import { expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import {
  importDataset,
  openLab,
  proposedExperiment,
  ringsExperiment,
  startRuns,
  waitForRun,
  waitForStatus,
  watchCurve,
  writeRings
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

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
