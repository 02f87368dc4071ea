/** A linear model and a forest on the rows that judge the networks, fitted once and kept. */
import { expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { type References, references } from '#contract/selection.ts'
import { openLab, ringsExperiment, sweepOf, waitForSweep } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

async function settled(
  client: ContractClient,
  question: Parameters<ContractClient['selection']['references']>[0]
): Promise<References> {
  for (;;) {
    const found = await client.selection.references(question)
    if (!found.isPending) return references.parse(found)
  }
}

it('lays a linear model and a forest beside the networks: rings are no matter for a line', async () => {
  const folder = await temporaryFolder()
  const opened = await openLab(folder)
  const experiment = await ringsExperiment(opened.client, folder)
  const { id: experimentId } = experiment
  const none = await settled(opened.client, { experimentId })
  expect(none).toMatchObject({ best: null, answer: 'unknown' })

  const { id } = await opened.client.sweeps.start(sweepOf(experiment, ['16'], { epochs: 60 }))
  await waitForSweep(opened.client, id, ({ status }) => status === 'done')
  const found = await settled(opened.client, { experimentId })
  const [linear, forest] = found.models
  expect(found.models.map(({ name }) => name)).toEqual(['linear', 'forest'])
  expect(linear?.error).toBeGreaterThan(0.35)
  expect(forest?.error).toBeLessThan(0.15)
  expect(linear?.beside?.answer).toBe('worse')
  expect(linear?.trainedRows).toBe(experiment.rows.train)
  expect(linear?.low).toBeLessThan(linear?.error ?? 0)

  // The network without hidden layers is the same model: other seeds, the same valley.
  const complexity = await opened.client.selection.complexity({ experimentId })
  const own = complexity.points.find(({ depth, parameters }) => depth === 0 && parameters > 0)
  expect(Math.abs((own?.validation.mean ?? 0) - (linear?.error ?? 0))).toBeLessThan(0.15)

  // Kept: another lab of the folder has them without fitting anew.
  await opened.lab.close()
  const again = await openLab(folder)
  const kept = await again.client.selection.references({ experimentId })
  expect(kept.isPending).toBe(false)
  expect(kept.models).toEqual(found.models)
  expect([...opened.errors, ...again.errors]).toEqual([])
})

it('fits them on every fold, and has them judged by all rows', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const { id: experimentId } = experiment
  const settings = { ...sweepOf(experiment, ['16'], { epochs: 40 }), folds: 3, seeds: [1], baseline: false }
  const { id } = await client.sweeps.start(settings)
  await waitForSweep(client, id, ({ status }) => status === 'done')
  const { models, best, folds } = await settled(client, { experimentId, folds: 3 })
  const { points } = await client.selection.complexity({ experimentId, folds: 3 })
  expect(folds).toBe(3)
  expect(points.find(({ key }) => key === best)?.hidden.map(({ units }) => units)).toEqual([16])
  for (const { beside, trainedRows } of models) {
    expect(beside?.rowShare).toBeNull()
    expect(trainedRows).toBe(((experiment.rows.train + experiment.rows.validation) * 2) / 3)
  }
})
