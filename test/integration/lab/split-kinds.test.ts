/** Splits by order and by group in a whole lab: what they change in the figures, their folds, and a bundle of them. */
import Sqlite from 'better-sqlite3'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment, ExperimentSettings } from '#contract/experiments.ts'
import { importDataset, openLab, planFor, sweepOf, waitForStatus, waitForSweep } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

/** Days in a row whose value drifts: near days are alike, and nothing tells where it goes. */
async function writeDrift(folder: string): Promise<string> {
  const random = new Random(5)
  const lines = ['hour,noise,level']
  let [level, slope] = [0, 0]
  for (let day = 1; day <= 400; day++) {
    if (day % 25 === 1) slope = random.normal()
    level += slope
    lines.push(`${3 * day},${random.normal().toFixed(3)},${level.toFixed(3)}`)
  }
  const path = join(folder, 'drift.csv')
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

async function driftSettings(client: ContractClient, folder: string): Promise<ExperimentSettings> {
  const dataset = await importDataset(client, { files: [{ path: await writeDrift(folder) }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'level' })
  expect(settings.columns.find(({ name }) => name === 'hour')?.role).toBe('ignored')
  const columns = settings.columns.map((column) =>
    column.name === 'hour' ? { ...column, role: 'input' as const } : column
  )
  return { ...settings, columns }
}

async function validationR2(client: ContractClient, experiment: Experiment): Promise<number> {
  const plan = { ...defaultPlan('mean_squared_error'), stopping: { epochs: 400, patience: null } }
  const hidden = [32, 16].map((units) => ({ units, activation: 'tanh' as const }))
  const [run] = await client.runs.start({ experimentId: experiment.id, hidden, plan, seeds: [1] })
  const done = await waitForStatus(client, run?.id ?? 0, 'done', 'diverged')
  return done.validation?.r2 ?? NaN
}

it('by order, a drift is no longer judged by its neighbours: the flattering figure goes', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const settings = await driftSettings(client, folder)
  expect(settings.split).toMatchObject({ kind: 'order', column: 'hour' })
  const inOrder = await client.experiments.create({ settings })
  const random = { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: false } as const
  const atRandom = await client.experiments.create({ settings: { ...settings, split: random } })
  expect(await validationR2(client, atRandom)).toBeGreaterThan(0.85)
  expect(await validationR2(client, inOrder)).toBeLessThan(0.3)
})

it('folds go forward, with a preparation of what lies before, and a bundle takes them along', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await client.experiments.create({ settings: await driftSettings(client, folder) })
  const plan = { ...defaultPlan('mean_squared_error'), stopping: { epochs: 5, patience: null } }
  const sweep = { ...sweepOf(experiment, ['none', '3']), plan, folds: 3, seeds: [1], baseline: false }
  const { id } = await client.sweeps.start(sweep)
  await waitForSweep(client, id, ({ status }) => status === 'done')

  const path = join(folder, 'drift.toplab')
  const written = await client.transfers.write({ experimentId: experiment.id, to: 'bundle', path })
  for await (const item of await client.transfers.progress(written)) expect(item.type).not.toBe('failed')
  const elsewhere = await temporaryFolder()
  const other = await openLab(elsewhere)
  const read = await other.client.transfers.read({ source: { path } })
  for await (const item of await other.client.transfers.progress(read)) expect(item.type).not.toBe('failed')

  for (const lab of [folder, elsewhere]) {
    const folds = readFolds(lab)
    expect(folds).toHaveLength(3)
    for (const [index, { train, validation, mean }] of folds.entries()) {
      expect([train[0], train.length, validation.length]).toEqual([0, 80 * (index + 1), 80])
      expect(validation[0]).toBe((train.at(-1) ?? 0) + 1)
      // Hours count by threes.
      expect(mean).toBeCloseTo((3 * (80 * (index + 1) + 1)) / 2)
    }
  }
})

interface ReadFold {
  readonly train: readonly number[]
  readonly validation: readonly number[]
  /** Of the hours, as the preparation of the fold has it. */
  readonly mean: number
}

function readFolds(folder: string): ReadFold[] {
  const db = new Sqlite(join(folder, 'lab.sqlite'), { readonly: true })
  try {
    const rows = db.prepare('SELECT train_rows, validation_rows, preparation FROM folds ORDER BY fold').raw().all()
    const rowsOf = (blob: Uint8Array) => [...new Uint32Array(new Uint8Array(blob).buffer)]
    return (rows as [Uint8Array, Uint8Array, string][]).map(([train, validation, preparation]) => {
      const { columns } = JSON.parse(preparation) as { columns: { column: string; offset: number }[] }
      const mean = columns.find(({ column }) => column === 'hour')?.offset ?? NaN
      return { train: rowsOf(train), validation: rowsOf(validation), mean }
    })
  } finally {
    db.close()
  }
}

it('by group, a network that knows people by heart is worth nothing on others', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const random = new Random(9)
  const lines = ['subject,jitter,shimmer,tone,ill']
  for (let subject = 0; subject < 40; subject++) {
    const voice = Array.from({ length: 3 }, () => random.normal() * 4)
    const ill = random.below(2)
    for (let trial = 0; trial < 8; trial++) {
      const heard = voice.map((value) => (value + random.normal() / 20).toFixed(3))
      lines.push(`S${subject},${heard.join(',')},${ill}`)
    }
  }
  await writeFile(join(folder, 'voices.csv'), `${lines.join('\n')}\n`)
  const dataset = await importDataset(client, { files: [{ path: join(folder, 'voices.csv') }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'ill' })
  expect(settings.split).toMatchObject({ kind: 'groups', column: 'subject' })
  const accuracy = async (split: ExperimentSettings['split']) => {
    const experiment = await client.experiments.create({ settings: { ...settings, split } })
    const hidden = [64, 32].map((units) => ({ units, activation: 'relu' as const }))
    const [run] = await client.runs.start({
      experimentId: experiment.id,
      hidden,
      plan: planFor(200),
      seeds: [1]
    })
    return (await waitForStatus(client, run?.id ?? 0, 'done')).validation?.accuracy ?? NaN
  }
  const drawn = { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true } as const
  expect(await accuracy(drawn)).toBeGreaterThan(0.95)
  expect(await accuracy(settings.split)).toBeLessThan(0.8)
})
