/** Sweeps of a lab from before any setting could be varied, when five had a list each. */
import { readdirSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'
import { sweepSettings } from '#contract/sweeps.ts'
import { migrate } from '#lab/store/migrate.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'
import { migrationsFolder, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

const sizes = { hidden: ['8', '16'], layers: [], grid: null, equalParameters: null }
const lists = { activations: ['tanh'], learningRates: [], batchSizes: [], l2: [], dropout: [], schedules: [] }

/** The space of a sweep that an earlier version stored, as this one reads it. */
async function broughtForward(space: object) {
  const folder = await temporaryFolder()
  const before = join(await temporaryFolder(), 'migrations')
  await mkdir(before)
  for (const name of readdirSync(migrationsFolder).filter((each) => each < '0015')) {
    await copyFile(join(migrationsFolder, name), join(before, name))
  }
  const db = new (await loadSqlite())(join(folder, 'lab.sqlite'))
  migrate(db, before)
  db.pragma('foreign_keys = OFF')
  const settings = { experimentId: 1, space, plan: defaultPlan('cross_entropy'), seeds: [1], shares: [], folds: null }
  db.prepare(
    `INSERT INTO sweeps (experiment_id, status, settings, points, planned, kept, created_at)
     VALUES (1, 'done', ?, 2, 2, '[0,1]', 1)`
  ).run(JSON.stringify(settings))
  db.close()
  const store = await storeIn(folder)
  return sweepSettings.parse(store.sweeps.list(null)[0]?.settings).space
}

test('vary by paths what they had lists of, in the same order', async () => {
  const space = await broughtForward({
    ...sizes,
    ...lists,
    activations: ['relu', 'tanh'],
    learningRates: [0.1, 0.01],
    batchSizes: [16, 'full'],
    dropout: [0, 0.5],
    schedules: [{ name: 'constant' }, { name: 'step', every: 30, factor: 0.1 }]
  })
  expect(space).toEqual({
    ...sizes,
    activation: 'relu',
    vary: [
      { path: 'hidden.activation', values: ['relu', 'tanh'] },
      { path: 'optimizer.learningRate', values: [0.1, 0.01] },
      { path: 'batchSize', values: [16, 'full'] },
      { path: 'hidden.dropout', values: [0, 0.5] },
      { path: 'schedule.name', values: ['constant', 'step'] }
    ]
  })
})

test('vary nothing where every list was empty, and keep their one activation', async () => {
  expect(await broughtForward({ ...sizes, ...lists })).toEqual({ ...sizes, activation: 'tanh', vary: [] })
})
