/** Training on what was still learning: afterwards all is as if it had had the longer plan from the start. */
import { expect, it } from 'vitest'
import type { Complexity } from '#contract/selection.ts'
import {
  openLab,
  planFor,
  ringsExperiment,
  sweepOf,
  waitForStatus,
  waitForSweep,
  weightBits
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'
import { formatHidden } from '#engine/network/topology.ts'

const hidden = ['8', '16']
const isDone = ({ status }: { status: string }) => status === 'done'

const errorsOf = ({ points }: Complexity) =>
  points.map(({ hidden, constant, seeds, validation }) => [constant ?? formatHidden(hidden), seeds, validation.mean])

it('trains on from the checkpoints to the very runs of the longer plan, as the same points', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id: experimentId } = experiment
  const { id } = await client.sweeps.start(sweepOf(experiment, hidden, { epochs: 10 }))
  await waitForSweep(client, id, isDone)
  const before = await client.selection.complexity({ experimentId })
  expect(before.points.some(({ unconverged }) => unconverged > 0)).toBe(true)
  expect(before.trainOn).toEqual({ runs: 9, epochs: 30 })

  const { runIds, sweepIds } = await client.sweeps.trainOn({ experimentId, times: 4 })
  expect(sweepIds).toEqual([id])
  expect(runIds).toHaveLength(9)
  expect(await waitForSweep(client, id, isDone)).toMatchObject({ planned: 9, runs: { done: 9 } })
  const after = await client.selection.complexity({ experimentId })

  const twin = await openLab(await temporaryFolder())
  const other = await ringsExperiment(twin.client, folder)
  const { id: twinSweep } = await twin.client.sweeps.start(sweepOf(other, hidden, { epochs: 40 }))
  await waitForSweep(twin.client, twinSweep, isDone)
  expect(errorsOf(after)).toEqual(errorsOf(await twin.client.selection.complexity({ experimentId: other.id })))
  const [own, fromStart] = [await listRuns(client, {}), await listRuns(twin.client, {})]
  for (const run of own) {
    const same = fromStart.find(
      ({ topology, seed }) => seed === run.seed && topology.layers[0]?.units === run.topology.layers[0]?.units
    )
    expect(run).toMatchObject({ epochs: 40, bestEpoch: same?.bestEpoch, plan: { stopping: { epochs: 40 } } })
    expect(await weightBits(client, run.id, 'best')).toEqual(await weightBits(twin.client, same?.id ?? 0, 'best'))
  }
})

it('trains on runs without a sweep, and leaves alone what has seen the test part', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id: experimentId } = experiment
  await expect(client.sweeps.trainOn({ experimentId })).rejects.toThrow('No topology was still learning')
  const topology = [{ units: 8, activation: 'relu' as const }]
  const started = await client.runs.start({ experimentId, hidden: topology, plan: planFor(10), seeds: [1, 2] })
  for (const { id } of started) await waitForStatus(client, id, 'done')
  const [seen, unseen] = started.map(({ id }) => id)
  await client.runs.openTest({ runId: seen ?? 0 })
  expect(await client.sweeps.trainOn({ experimentId })).toEqual({ runIds: [unseen], sweepIds: [] })
  expect(await waitForStatus(client, unseen ?? 0, 'done')).toMatchObject({ epochs: 30 })
  expect(await client.runs.get({ runId: seen ?? 0 })).toMatchObject({ epochs: 10, plan: { stopping: { epochs: 10 } } })
})
