/** A column that weighs the rows: refused where it can't, no input, and felt in training. */
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ColumnSetting } from '#contract/experiments.ts'
import { importDataset, openLab, planFor, startRuns, waitForRun, type TestLab } from '#test/integration/lab/support.ts'

type Weight = (row: number) => string | number

async function experimentWith({ client }: TestLab, folder: string, weight: Weight, role: ColumnSetting['role']) {
  const lines = Array.from({ length: 200 }, (_, row) => {
    const [x, y] = [Math.sin(row * 1.7), Math.cos(row * 2.3)]
    return `${x.toFixed(4)},${y.toFixed(4)},${weight(row)},${x > y ? 'above' : 'below'}`
  })
  const path = join(folder, `table-${weight(0)}-${weight(1)}-${weight(2)}.csv`)
  await writeFile(path, `x,y,times,side\n${lines.join('\n')}\n`)
  const dataset = await importDataset(client, { files: [{ path }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'side' })
  const columns = settings.columns.map((column) => (column.name === 'times' ? { ...column, role } : column))
  return client.experiments.create({ name: `${path} ${role}`, settings: { ...settings, columns } })
}

async function trained(lab: TestLab, experiment: Awaited<ReturnType<typeof experimentWith>>) {
  const [run] = await startRuns(lab.client, experiment, 5)
  const done = await waitForRun(lab.client, run?.id ?? 0, ({ status }) => status === 'done')
  const { parameters } = await lab.client.runs.weights({ runId: done.id })
  return { run: done, parameters: [...parameters] }
}

test('rows are weighed by a column of numbers of 0 or more, which is no input', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-weights-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const lab = await openLab(join(folder, 'lab'))

  const missing = experimentWith(lab, folder, (row) => (row === 16 ? '' : 1 + (row % 2)), 'weight')
  await expect(missing).rejects.toMatchObject({
    code: 'bad_settings',
    message: expect.stringMatching(/^Row 17 has no weight in "times"; .*\.$/) as string
  })
  const negative = experimentWith(lab, folder, (row) => (row === 3 ? -2 : row % 5), 'weight')
  await expect(negative).rejects.toMatchObject({
    message: expect.stringMatching(/^Row 4 has the weight -2 in "times"; .*\.$/) as string
  })

  const alike = await experimentWith(lab, folder, (row) => 2 + Number(row > 500), 'weight')
  const ignored = await experimentWith(lab, folder, (row) => 2 + Number(row > 500), 'ignored')
  const differing = await experimentWith(lab, folder, (row) => 1 + (row % 3), 'weight')
  expect(alike.inputs).toEqual(['x', 'y'])
  const plain = await trained(lab, ignored)
  expect((await trained(lab, alike)).parameters).toEqual(plain.parameters)
  const weighed = await trained(lab, differing)
  expect(weighed.parameters).not.toEqual(plain.parameters)
  expect(weighed.run.validation?.accuracy).toBeGreaterThan(0.4)

  // Class weights with smoothing would weigh a row in two ways at once: the run says so.
  const plan = { ...planFor(1), classWeights: 'balanced' as const, labelSmoothing: 0.1 }
  const [refused] = await lab.client.runs.start({ experimentId: differing.id, hidden: [], plan, seeds: [1] })
  const failed = await waitForRun(lab.client, refused?.id ?? 0, ({ status }) => status === 'failed')
  expect(failed.message).toMatch(/do not go together/)
  expect(lab.errors).toEqual([])
})
