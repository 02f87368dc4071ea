/** What runs say of single rows: stored when they end, the same when it is worked out of their weights, and what is told from it. */
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Complexity } from '#contract/selection.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment } from '#contract/experiments.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import {
  importDataset,
  openLab,
  proposedExperiment,
  ringsExperiment,
  sweepOf,
  type SweepRequest,
  waitForSweep
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

/** What there is in row_figures, as text. */
function stored(folder: string): string[] {
  const db = new Sqlite(join(folder, 'lab.sqlite'), { readonly: true })
  const rows = db
    .prepare<[], string>(
      "SELECT run_id || ' ' || part_rows || ' ' || width || ' ' || hex(head) || ' ' || hex(surprises) FROM row_figures ORDER BY run_id"
    )
    .pluck()
    .all()
  db.close()
  return rows
}

async function sweepToEnd(
  client: ContractClient,
  experiment: Experiment,
  hidden: string[],
  change: Partial<SweepRequest>
): Promise<void> {
  const { id } = await client.sweeps.start({ ...sweepOf(experiment, hidden, { epochs: 40 }), ...change })
  await waitForSweep(client, id, ({ status }) => status === 'done')
}

/** As a lab has it that was written before rows were kept. */
function forgetRows(folder: string): void {
  const db = new Sqlite(join(folder, 'lab.sqlite'))
  db.exec('DELETE FROM row_figures')
  db.close()
}

async function settled(ask: () => Promise<Complexity>): Promise<Complexity> {
  for (;;) {
    const complexity = await ask()
    if (complexity.pending === 0) return complexity
  }
}

test('rows are kept of every run that ends, and are worked out of the weights of older runs to the same', async () => {
  const folder = await temporaryFolder()
  const first = await openLab(folder)
  const experiment = await ringsExperiment(first.client, folder)
  const question = { experimentId: experiment.id }
  await sweepToEnd(first.client, experiment, ['none', '2', '16'], { seeds: [1, 2, 3] })
  const before = await first.client.selection.complexity(question)
  await first.lab.close()
  const kept = stored(folder)
  expect(kept).toHaveLength(9)

  forgetRows(folder)
  const again = await openLab(folder)
  const after = await settled(() => again.client.selection.complexity(question))
  expect(after).toEqual(before)
  await again.lab.close()
  expect(stored(folder)).toEqual(kept)
})

test('a lab that may only be read works rows out without keeping them', async () => {
  const folder = await temporaryFolder()
  const owner = await openLab(folder)
  const experiment = await ringsExperiment(owner.client, folder)
  await sweepToEnd(owner.client, experiment, ['none', '4'], { seeds: [1, 2] })
  const before = await owner.client.selection.complexity({ experimentId: experiment.id })
  await owner.lab.close()
  forgetRows(folder)
  const reader = await openLab(folder, { readOnly: true })
  const after = await settled(() => reader.client.selection.complexity({ experimentId: experiment.id }))
  expect(after).toEqual(before)
  await reader.lab.close()
  expect(stored(folder)).toEqual([])
})

test('a network that learns rings is surely better than a line, in range and answer', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const experimentId = experiment.id
  await sweepToEnd(client, experiment, ['none', '16'], { seeds: [1, 2, 3] })
  const complexity = await client.selection.complexity({ experimentId })
  const best = complexity.points.find(({ hiddenUnits }) => hiddenUnits === 16)
  expect(complexity).toMatchObject({ best: best?.key, suggested: best?.key, signal: 'found', zone: { share: 0.02 } })
  const line = complexity.points.find(({ depth, trials }) => depth === 0 && trials[0]?.runId !== null)
  expect(line?.beside).toMatchObject({ answer: 'worse' })
  const { difference = NaN, low = NaN, high = NaN } = line?.beside ?? {}
  expect(difference).toBeCloseTo((line?.validation.mean ?? NaN) - (best?.validation.mean ?? NaN), 9)
  expect(low).toBeGreaterThan(complexity.zone.value)
  expect(high).toBeGreaterThan(difference)
  // The zone is the experiment's, and its effect is there at once.
  expect(await client.selection.setZone({ experimentId, share: 1 })).toEqual({ share: 1 })
  expect(await client.selection.complexity({ experimentId })).toMatchObject({ zone: { share: 1 } })
  expect(await client.selection.complexity({ experimentId, zone: 0.5 })).toMatchObject({ zone: { share: 0.5 } })
})

const numbers = { ...defaultPlan('mean_squared_error'), stopping: { epochs: 40, patience: null } }

test('numbers are compared in units of the target, over folds by the same rows', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const dataset = await importDataset(client, { sampleId: 'penguins' })
  const experiment = await proposedExperiment(client, dataset, 'body_mass_g')
  await sweepToEnd(client, experiment, ['none', '4'], { folds: 3, seeds: [1], plan: numbers })
  const complexity = await client.selection.complexity({ experimentId: experiment.id, folds: 3 })
  const [constant] = complexity.points
  expect(complexity).toMatchObject({ signal: 'found', pending: 0 })
  expect(constant?.beside?.low).toBeGreaterThan(100)
  expect(complexity.luck.mean).toBeGreaterThanOrEqual(0)
})
