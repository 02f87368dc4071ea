/** Exports of real runs: each format is written, proves itself, and leaves nothing where it can't. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import { exportFormatNames, exportFormats } from '#contract/exports.ts'
import type { Run } from '#contract/runs.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import {
  importDataset,
  openLab,
  planFor,
  proposedExperiment,
  ringsExperiment,
  startRuns,
  waitForStatus
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

/** Trains a network with both normalisations on a sample, as the lab proposes to. */
async function trainedRun(client: ContractClient, sampleId: string, target: string): Promise<Run> {
  const experiment = await proposedExperiment(client, await importDataset(client, { sampleId }), target)
  const isClasses = experiment.settings.task === 'classification'
  const [run] = await client.runs.start({
    experimentId: experiment.id,
    hidden: [
      { units: 16, activation: 'relu', normalisation: 'batch', dropout: 0.1 },
      { units: 8, activation: 'gelu', normalisation: 'layer' }
    ],
    plan: {
      ...defaultPlan(isClasses ? 'cross_entropy' : 'mean_squared_error'),
      stopping: { epochs: 12, patience: null }
    },
    seeds: [1]
  })
  return waitForStatus(client, run?.id ?? 0, 'done')
}

describe.each([
  ['iris', 'species'],
  ['penguins', 'species'],
  ['ames_housing', 'Sale_Price']
])('a run on %s', (sampleId, target) => {
  it('is taken away in every format, each within its tolerance of the lab', async () => {
    const folder = await temporaryFolder()
    const { client } = await openLab(join(folder, 'lab'))
    const run = await trainedRun(client, sampleId, target)
    for (const format of exportFormatNames) {
      const path = join(folder, `${format}.${exportFormats[format].extension}`)
      const exported = await client.exports.write({ runId: run.id, format, weights: 'best', path })
      expect(exported).toMatchObject({ format, weights: 'best', epoch: run.bestEpoch })
      if (exported.proof) {
        expect(exported.proof.rows).toBeGreaterThan(100)
        expect(exported.proof.largestDifference, format).toBeLessThanOrEqual(exported.proof.tolerance)
      }
      expect(exported.files[0]?.path).toBe(path)
      const card = await readFile(join(folder, `${format}.md`), 'utf8')
      expect(card).toContain(`| test | not opened |`)
      expect(card).toContain(`Run ${run.id} of`)
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

it('measures the last weights anew, and shows the test figure only once it was opened, for the weights it is of', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const experiment = await ringsExperiment(client, folder)
  // Steps so long that the last epoch is not the best one.
  const plan = planFor(60)
  const [started] = await client.runs.start({
    experimentId: experiment.id,
    hidden: [{ units: 16, activation: 'tanh' }],
    plan: { ...plan, optimizer: { ...plan.optimizer, learningRate: 1 } },
    seeds: [1]
  })
  const run = await waitForStatus(client, started?.id ?? 0, 'done')
  expect(run.bestEpoch).toBeLessThan(60)
  const written = async (weights: 'best' | 'last') => {
    const path = join(folder, `${weights}.json`)
    await client.exports.write({ runId: run.id, format: 'json', weights, path })
    return (
      JSON.parse(await readFile(path, 'utf8')) as { provenance: { figures: unknown; test: unknown; epoch: number } }
    ).provenance
  }
  expect(await written('best')).toMatchObject({ figures: { validation: run.validation }, test: null })
  const { test } = await client.runs.openTest({ runId: run.id })
  expect(await written('best')).toMatchObject({ test: { metrics: test, openings: 1 } })
  const last = await written('last')
  expect(last).toMatchObject({ epoch: 60, test: null })
  expect(last.figures).not.toEqual({ train: run.train, validation: run.validation })
})

it('refuses in a sentence, and leaves no file', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const [started] = await startRuns(client, await ringsExperiment(client, folder), 1_000_000)
  const runId = started?.id ?? 0
  await waitForStatus(client, runId, 'running')
  const refusal = (path: string, id = runId) =>
    client.exports.write({ runId: id, format: 'js', path }).then(() => null, toLabError)
  expect(await refusal(join(folder, 'a.js'))).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/running/) as string
  })
  expect(await refusal(join(folder, 'a.js'), 99)).toMatchObject({ code: 'not_found' })
  await client.runs.stop({ runId })
  expect(await refusal(join(folder, 'none', 'a.js'))).toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/There is no folder .*none\. Make it first/) as string
  })
  expect(await refusal(folder)).toMatchObject({ code: 'bad_file' })
  expect((await readdir(folder)).sort()).toEqual(['lab', 'rings.csv'])
})
