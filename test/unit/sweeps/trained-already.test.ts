/** Which runs of a learning curve need no training, because the experiment has them. */
import { expect, it } from 'vitest'
import type { RunStatus } from '#contract/runs.ts'
import { type PlannedTrial, trainedAlready } from '#lab/sweeps/trained-already.ts'
import type { NewRun } from '#lab/store/runs.ts'
import { addExperiment, run, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

/** The runs of an experiment as the store gives them back. */
async function stored(...runs: readonly (Partial<NewRun> & { readonly status?: RunStatus })[]) {
  const store = await storeIn(await temporaryFolder())
  const experimentId = addExperiment(store)
  for (const { status = 'done', ...change } of runs) {
    const id = store.runs.add({ ...run, experimentId, ...change })
    store.runs.saveStatus(id, { status, message: null })
  }
  return trainedAlready(store.runs.list(experimentId))
}

const planned: PlannedTrial = { topology: run.topology, plan: run.plan, seed: 1, data: { kind: 'whole' } }

it('knows a run by topology, plan, rows and seed', async () => {
  const isThere = await stored({}, { seed: 2, data: { kind: 'share', share: 0.4 } })
  expect(isThere(planned)).toBe(true)
  expect(isThere({ ...planned, seed: 2 })).toBe(false)
  expect(isThere({ ...planned, seed: 2, data: { kind: 'share', share: 0.4 } })).toBe(true)
  expect(isThere({ ...planned, seed: 2, data: { kind: 'share', share: 0.7 } })).toBe(false)
  expect(isThere({ ...planned, plan: { ...run.plan, batchSize: 16 } })).toBe(false)
  const wider = { inputs: 1, layers: [{ units: 4, activation: 'relu' as const }, ...run.topology.layers] }
  expect(isThere({ ...planned, topology: wider })).toBe(false)
})

it('takes a run that came to its own end, and none that others ended, that trains, or that began with other weights', async () => {
  for (const status of ['done', 'diverged'] as const) expect((await stored({ status }))(planned)).toBe(true)
  for (const status of ['queued', 'running', 'paused', 'interrupted', 'stopped', 'failed'] as const) {
    expect((await stored({ status }))(planned)).toBe(false)
  }
  expect((await stored({ fromEpoch: 3 }))(planned)).toBe(false)
  expect((await stored({ source: 'onnx' }))(planned)).toBe(false)
})
