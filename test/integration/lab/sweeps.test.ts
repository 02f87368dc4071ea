/** Sweeps in a whole lab: every planned run exactly once, whatever happens in between. */
import { fork } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { complexity } from '#contract/selection.ts'
import type { Run } from '#contract/runs.ts'
import { poisonedResult } from '#lab/workers/result.ts'
import { toWire } from '#lab/workers/wire.ts'
import { openLab, ringsExperiment, sweepOf, waitForRun, waitForSweep } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

const hidden = ['none', '4', '16', '64x32']

/** Topology and seed of each run, sorted, to see that each was planned once. */
const planOf = (runs: readonly Run[]) =>
  runs.map(({ topology, seed }) => `${topology.layers.map(({ units }) => units).join('x')} ${seed}`).sort()

const wholePlan = ['2', '4x2', '16x2', '64x32x2'].flatMap((units) => [1, 2, 3].map((seed) => `${units} ${seed}`)).sort()

async function runsOf(client: ContractClient, sweepId: number): Promise<Run[]> {
  const all = await listRuns(client, {})
  return all.filter((run) => run.sweepId === sweepId)
}

it('trains every topology with every seed once, and tells what it cost', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const settings = sweepOf(experiment, hidden)
  expect(await client.sweeps.forecast(settings)).toMatchObject({ points: 4, runs: 12, leftOut: 0, basis: 'assumed' })

  const { id } = await client.sweeps.start(settings)
  const ended = await waitForSweep(client, id, ({ status }) => status === 'done')
  expect(ended).toMatchObject({ planned: 12, runs: { done: 12, waiting: 0, running: 0, stopped: 0, failed: 0 } })
  const runs = await runsOf(client, id)
  expect(planOf(runs)).toEqual(wholePlan)
  expect(ended.cost?.seconds).toBeCloseTo(
    runs.reduce((sum, run) => sum + run.seconds, 0),
    6
  )
  // A network without hidden layer can't tell two rings apart, so some of the time went to losers.
  expect(ended.cost?.lostSeconds).toBeGreaterThan(0)
  const forecast = await client.sweeps.forecast(settings)
  expect(forecast.basis).toBe('measured')
  expect(forecast.seconds.low).toBeLessThanOrEqual(forecast.seconds.high)
})

it('trains a learning curve on nested shares of the rows, which no comparison of topologies counts', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const settings = { ...sweepOf(experiment, ['16']), seeds: [1, 2], shares: [1, 0.1, 0.4], baseline: false }
  expect(await client.sweeps.forecast(settings)).toMatchObject({ points: 1, runs: 6 })
  const { id } = await client.sweeps.start(settings)
  await waitForSweep(client, id, ({ status }) => status === 'done')
  const experimentId = experiment.id
  const { curves } = await client.selection.learningCurves({ experimentId })
  const { train } = experiment.rows
  expect(curves).toMatchObject([
    {
      hidden: [{ units: 16 }],
      points: [0.1, 0.4, 1].map((share) => ({ share, rows: Math.round(share * train), seeds: 2, unfinished: 0 }))
    }
  ])
  const [fewest, , most] = curves[0]?.points ?? []
  expect(fewest?.validation.median).toBeGreaterThan(most?.validation.median ?? 1)
  expect((await client.selection.learningCurves({ experimentId, hidden: [] })).curves).toEqual([])

  const answer = await client.selection.complexity({ experimentId })
  expect(complexity.parse(answer)).toEqual(answer)
  const { points } = answer
  expect(
    points
      .find(({ hiddenUnits }) => hiddenUnits === 16)
      ?.trials.map(({ runId }) => runId)
      .sort()
  ).toEqual(most?.trials.map(({ runId }) => runId).sort())
  const refused = client.sweeps.start({ ...settings, strategy: { name: 'halving' } })
  await expect(refused).rejects.toThrow('Successive halving')
})

it('trains of a learning curve only what the experiment lacks', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const settings = { ...sweepOf(experiment, ['8']), baseline: false }
  const compared = await client.sweeps.start({ ...settings, seeds: [1, 2] })
  await waitForSweep(client, compared.id, ({ status }) => status === 'done')
  const onAllRows = (await runsOf(client, compared.id)).map(({ id }) => id).sort()

  const curve = { ...settings, shares: [0.2, 1] }
  expect(await client.sweeps.forecast(curve)).toMatchObject({ points: 1, runs: 4, trainedAlready: 2 })
  const { id } = await client.sweeps.start(curve)
  expect(await waitForSweep(client, id, ({ status }) => status === 'done')).toMatchObject({ planned: 4 })
  const trained = (await runsOf(client, id)).map(({ data, seed }) => `${data.kind} ${seed}`).sort()
  expect(trained).toEqual(['share 1', 'share 2', 'share 3', 'whole 3'])
  const { curves } = await client.selection.learningCurves({ experimentId: experiment.id })
  expect(curves).toMatchObject([{ points: [{ seeds: 3 }, { seeds: 3 }] }])
  const drawn = curves[0]?.points[1]?.trials.map(({ runId }) => runId) ?? []
  expect(drawn).toEqual(expect.arrayContaining(onAllRows))

  // All there: the curve is at its end at once. A sweep that compares topologies trains its own runs, as ever.
  expect(await client.sweeps.forecast(curve)).toMatchObject({ runs: 0, trainedAlready: 6, seconds: { high: 0 } })
  expect(await client.sweeps.start(curve)).toMatchObject({ status: 'done', planned: 0 })
  expect(await client.sweeps.forecast(settings)).toMatchObject({ runs: 3, trainedAlready: 0 })
})

it('pauses and goes on; a run started by hand in between does not wait for the sweep', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id } = await client.sweeps.start(sweepOf(experiment, hidden, { epochs: 1500 }))
  await waitForSweep(client, id, ({ runs }) => runs.done > 0)
  const paused = await client.sweeps.pause({ sweepId: id })
  expect(paused).toMatchObject({ status: 'paused', runs: { running: 0 } })
  expect(paused.runs.waiting).toBeGreaterThan(0)

  const [own] = await client.runs.start({
    experimentId: experiment.id,
    hidden: [],
    plan: { ...settingsPlan(experiment.id), stopping: { epochs: 5, patience: null } },
    seeds: [9]
  })
  await waitForRun(client, own?.id ?? 0, ({ status }) => status === 'done')
  expect(await client.sweeps.get({ sweepId: id })).toMatchObject({ runs: paused.runs })

  await client.sweeps.resume({ sweepId: id })
  await waitForSweep(client, id, ({ status }) => status === 'done')
  expect(planOf(await runsOf(client, id))).toEqual(wholePlan)

  function settingsPlan(experimentId: number) {
    return sweepOf({ ...experiment, id: experimentId }, hidden).plan
  }
})

it('stops what has not ended when the budget of time is used up, and says so', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id } = await client.sweeps.start(sweepOf(experiment, hidden, { epochs: 100_000, minutes: 0.01 }))
  const ended = await waitForSweep(client, id, ({ status, runs }) => status === 'stopped' && runs.waiting === 0)
  expect(ended.message).toMatch(/budget of 0.01 minutes/)
  const runs = await runsOf(client, id)
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['stopped']))
  expect(runs.every(({ message }) => message === ended.message)).toBe(true)
})

it('successive halving gives most topologies up early and trains the best to the end', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const many = ['none', '1', '2', '3', '4', '8', '16', '32', '64', '64x32']
  const settings = sweepOf(experiment, many, { epochs: 900, strategy: { name: 'halving', factor: 3 } })
  const { id, rung } = await client.sweeps.start(settings)
  // 10 points with 100 epochs, 4 with 300, 2 with 900.
  expect(rung).toEqual({ number: 1, of: 3, epochs: 100, points: 10 })
  const ended = await waitForSweep(client, id, ({ status }) => status === 'done')
  expect(ended.rung).toEqual({ number: 3, of: 3, epochs: 900, points: 2 })
  const runs = await runsOf(client, id)
  const finished = runs.filter(({ epochs }) => epochs === 900)
  expect(finished.map(({ status }) => status)).toEqual(Array(6).fill('done'))
  // Each stops at the end of its rung, however fast it trains.
  const stopped = runs.filter(({ status }) => status === 'stopped')
  const countAt = (rung: number) => stopped.filter(({ epochs }) => epochs === rung).length
  expect([countAt(100), countAt(300), stopped.length]).toEqual([18, 6, 24])
  expect(stopped.every(({ message }) => message?.startsWith('Unfinished: successive halving'))).toBe(true)
  // All of them were compared, so that the best of them owes its luck to all.
  const { tried } = await client.selection.complexity({ experimentId: experiment.id })
  expect(tried).toBe(10)
})

it('gives all points their first epochs, and the best third the rest', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const strategy = { name: 'halving', factor: 3, firstEpochs: 20 } as const
  const settings = sweepOf(experiment, ['1', '2', '8', '16', '32'], { epochs: 60, strategy })
  const { id, rung } = await client.sweeps.start(settings)
  // With the linear model.
  expect(rung).toEqual({ number: 1, of: 2, epochs: 20, points: 6 })
  await waitForSweep(client, id, ({ status }) => status === 'done')
  const runs = await runsOf(client, id)
  expect(runs.filter(({ epochs }) => epochs === 60)).toHaveLength(2 * 3)
  expect(runs.filter(({ epochs, status }) => epochs === 20 && status === 'stopped')).toHaveLength(4 * 3)
})

it('kill -9 of the lab in mid-sweep: opened again, it ends with exactly the runs planned, each once', async () => {
  const folder = await temporaryFolder()
  const child = fork(join(import.meta.dirname, 'sweep-process.ts'), [folder])
  onTestFinished(() => void child.kill('SIGKILL'))
  const signal = await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  expect(signal).toBe('SIGKILL')

  const { lab, client } = await openLab(folder)
  const [killed] = await client.sweeps.list({})
  if (!killed) throw new Error('The sweep was not stored.')
  const sweepId = killed.id
  expect(killed).toMatchObject({ status: 'interrupted', runs: { running: 0 } })
  expect(killed.runs.waiting).toBeGreaterThan(0)
  lab.continueInterrupted()
  const ended = await waitForSweep(client, sweepId, ({ status }) => status === 'done')
  expect(ended.runs).toEqual({ waiting: 0, running: 0, done: 12, stopped: 0, failed: 0 })
  expect(planOf(await runsOf(client, sweepId))).toEqual(wholePlan)
})

it('kill -9 of the engine in mid-sweep: the sweep goes on by itself', async () => {
  const folder = await temporaryFolder()
  const { client, engines } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id } = await client.sweeps.start(sweepOf(experiment, hidden, { epochs: 1500 }))
  await waitForSweep(client, id, ({ runs }) => runs.running > 0)
  process.kill(engines[0] ?? 0, 'SIGKILL')
  const ended = await waitForSweep(client, id, ({ status }) => status !== 'running')
  expect(ended).toMatchObject({ status: 'done', runs: { done: 12 } })
  expect(engines.length).toBe(2)
})

it('refuses what can not be compared or read', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const start = (change: object) => client.sweeps.start({ ...sweepOf(experiment, hidden), ...change })
  await expect(start({ space: { hidden: ['64y32'] } })).rejects.toMatchObject({ code: 'bad_settings' })
  await expect(start({ budget: { runs: 2 } })).rejects.toThrow(/less than one topology/)
  await expect(client.sweeps.get({ sweepId: 7 })).rejects.toThrow('There is no sweep 7.')
  expect(await listRuns(client, {})).toEqual([])
})

it('runs again what failed, and nothing else', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id: sweepId } = await client.sweeps.plan({ ...sweepOf(experiment, ['4']), baseline: false })
  const units = join(folder, 'units')
  await client.sweeps.share({ sweepId, folder: units })
  for (const file of readdirSync(join(units, 'units'))) {
    writeFileSync(join(units, 'results', file), toWire(poisonedResult(file.replace('.json', ''))))
  }
  expect(await client.sweeps.gather({ folder: units })).toMatchObject({ taken: 3, waiting: 0, refused: [] })
  const failed = await waitForSweep(client, sweepId, ({ status }) => status === 'done')
  expect(failed.runs).toMatchObject({ done: 0, failed: 3 })

  await client.sweeps.retry({ sweepId })
  const ended = await waitForSweep(client, sweepId, ({ status }) => status === 'done')
  expect(ended.runs).toMatchObject({ done: 3, failed: 0 })
  await expect(client.sweeps.retry({ sweepId })).rejects.toThrow(`No run of sweep ${sweepId} has failed.`)
})
