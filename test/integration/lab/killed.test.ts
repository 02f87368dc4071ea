/** `kill -9` of the lab or of its engine in mid-training loses nothing that was shown, and costs no bit of the result. */
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { LabEvent } from '#contract/host.ts'
import { createLab } from '#lab/lab.ts'
import {
  curveOf,
  openLab,
  ringsExperiment,
  servicesOf,
  startRuns,
  waitForRun,
  waitForStatus,
  watchCurve,
  weightBits
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const epochs = 4000

it('kill -9 of the lab: the run is interrupted, and resumed it ends with the bits of an uninterrupted one', async () => {
  const folder = await temporaryFolder()
  const child = fork(join(import.meta.dirname, 'training-process.ts'), [folder, String(epochs)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let runId = 0
  let shown: number[] = []
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const said = JSON.parse(line) as { runId?: number; shown?: number[] }
    runId = said.runId ?? runId
    shown = said.shown ?? shown
    if (shown.length >= 100) break
  }
  // Another process can not have it before, and can at once afterwards.
  await expect(createLab(folder, servicesOf({ engines: [], errors: [] }))).rejects.toMatchObject({ code: 'lab_busy' })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone

  const { client } = await openLab(folder)
  const interrupted = await client.runs.get({ runId })
  expect(interrupted).toMatchObject({ status: 'interrupted', message: expect.stringContaining('ended') as string })
  expect(interrupted.epochs).toBeGreaterThanOrEqual(shown.length)
  expect(interrupted.epochs).toBeLessThan(epochs)
  // There is a checkpoint from the middle, so that the resume below is one.
  expect((await client.runs.weights({ runId, which: 'last' })).epoch).toBeGreaterThanOrEqual(20)
  const stored = await curveOf(client, runId, 'validationLoss')
  expect(stored.slice(0, shown.length)).toEqual(shown)

  await client.runs.resume({ runId })
  const resumed = await waitForStatus(client, runId, 'done')
  const experiment = await client.experiments.get({ experimentId: resumed.experimentId })
  const [twin] = await startRuns(client, experiment, epochs)
  const uninterrupted = await waitForStatus(client, twin?.id ?? 0, 'done')
  for (const which of ['best', 'last'] as const) {
    expect(await weightBits(client, runId, which)).toEqual(await weightBits(client, uninterrupted.id, which))
  }
  expect(await curveOf(client, runId, 'validationLoss')).toEqual(
    await curveOf(client, uninterrupted.id, 'validationLoss')
  )
  expect(resumed).toMatchObject({
    epochs,
    bestEpoch: uninterrupted.bestEpoch,
    train: uninterrupted.train,
    validation: uninterrupted.validation
  })
})

it('kill -9 of the engine: the lab says so, starts another, and the runs go on from their checkpoints', async () => {
  const folder = await temporaryFolder()
  const { client, engines } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const [first, second] = await startRuns(client, experiment, 1_000_000, [1, 2])
  const runId = first?.id ?? 0
  await watchCurve(client, runId, 20)
  await watchCurve(client, second?.id ?? 0, 20)
  await client.runs.pause({ runId })
  const paused = await client.runs.get({ runId })

  const events = await client.host.events()
  process.kill(engines[0] ?? 0, 'SIGKILL')
  const said: LabEvent[] = []
  for await (const event of events) {
    if (event.type === 'engine') said.push(event)
    if (event.type === 'engine' && event.state === 'ready') break
  }
  expect(said).toMatchObject([{ state: 'restarting', message: expect.stringMatching(/restarted/) as string }, {}])
  for (const run of [first, second]) {
    const lost = await client.runs.get({ runId: run?.id ?? 0 })
    expect(lost.status).toBe('interrupted')
    expect(lost.message).toMatch(/engine/i)
  }
  expect((await curveOf(client, runId, 'trainLoss')).length).toBe(paused.epochs)

  const resumed = await client.runs.resume({ runId })
  expect(['queued', 'running']).toContain(resumed.status)
  const further = await waitForRun(client, runId, (run) => run.epochs > paused.epochs)
  expect(further.status).toBe('running')
  await client.runs.stop({ runId })
  expect(engines).toHaveLength(2)
})
