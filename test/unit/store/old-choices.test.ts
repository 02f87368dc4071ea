/** Choices of a lab from before they kept what was chosen, when a display text was all they had. */
import { readdirSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'
import { migrate } from '#lab/store/migrate.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'
import { trialKeys } from '#trials/trial-keys.ts'
import { migrationsFolder, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

const topology = {
  inputs: 4,
  layers: [
    { units: 8, activation: 'relu' as const },
    { units: 3, activation: 'softmax' as const }
  ]
}
const plan = defaultPlan('cross_entropy')

test('are carried over: the key of their run, the name they had, and the name alone where the run is gone', async () => {
  const folder = await temporaryFolder()
  const before = join(await temporaryFolder(), 'migrations')
  await mkdir(before)
  for (const name of readdirSync(migrationsFolder).filter((each) => each < '0017')) {
    await copyFile(join(migrationsFolder, name), join(before, name))
  }
  const db = new (await loadSqlite())(join(folder, 'lab.sqlite'))
  migrate(db, before)
  db.pragma('foreign_keys = OFF')
  db.prepare(
    `INSERT INTO runs (id, experiment_id, status, topology, plan, seed, parameters, created_at)
     VALUES (7, 1, 'done', ?, ?, 1, 67, 1)`
  ).run(JSON.stringify(topology), JSON.stringify(plan))
  const choose = db.prepare(
    `INSERT INTO choices (experiment_id, run_id, topology, rule, suggestion, reason, at) VALUES (1, ?, ?, 'own', ?, 'It is small.', ?)`
  )
  const suggestion = JSON.stringify({ topology: '16', decided: false, reason: '16 has the lowest mean error.' })
  choose.run(7, '8 (max epochs 40)', suggestion, 1)
  choose.run(null, 'no hidden layer', suggestion, 2)
  db.close()

  const [gone, kept] = (await storeIn(folder)).choices.ofExperiment(1)
  const suggested = { key: null, name: '16', decided: false, reason: '16 has the lowest mean error.' }
  expect(kept).toMatchObject({
    runId: 7,
    key: trialKeys({ topology, plan }).key,
    name: '8 (max epochs 40)',
    hidden: [{ units: 8, activation: 'relu' }],
    suggestion: suggested
  })
  expect(gone).toMatchObject({ runId: null, key: null, name: 'no hidden layer', hidden: null, suggestion: suggested })
})
