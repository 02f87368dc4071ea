/** Experiments by name and number, and tables that have to be read as a person says. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses } from '#test/integration/cli/tables.ts'
import { openSharedLab } from '#test/integration/lab/support.ts'

const quick = ['--target', 'side', '--hidden', '4', '--epochs', '2']

test('every experiment can be named: by a name of its own, and by the number that tells namesakes apart', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  const table = writeClasses(folder)
  for (const split of ['60/20/20', '70/15/15']) {
    expect((await runCli(['train', table, ...quick, '--split', split, '--lab', lab])).code).toBe(0)
  }
  const listed = await runCli(['experiments', '--lab', lab, '--json'])
  expect(JSON.parse(listed.stdout)).toMatchObject({
    experiments: [
      { id: 2, name: 'clouds: side (2)', target: 'side', task: 'classification', rows: { train: 168 }, runs: 1 },
      { id: 1, name: 'clouds: side', datasetName: 'clouds', rows: { train: 144 }, runs: 1, openings: 0 }
    ]
  })
  expect((await runCli(['experiments', '--lab', lab])).stdout).toMatch(/^ +2 {2}clouds: side \(2\) .* 168 /m)

  const { client, lab: opened } = await openSharedLab(lab)
  await client.experiments.update({ experimentId: 2, name: 'clouds: side' })
  await opened.close()
  const twice = await runCli(['complexity', 'clouds: side', '--lab', lab])
  expect(twice).toMatchObject({ code: 1, stdout: '' })
  expect(twice.stderr).toBe(
    '"clouds: side" names 2 experiments: 2 (168 training rows, 1 runs), 1 (144 training rows, 1 runs); name one by its number.\n'
  )
  const runs = await runCli(['runs', '--experiment', '1', '--lab', lab, '--json'])
  expect(JSON.parse(runs.stdout)).toMatchObject({ runs: [{ id: 1 }] })
})

test('a table is read as the options of import say', async () => {
  const folder = temporaryFolder()
  const path = write(folder, 'odd.txt', ['1,500|-|x', '2,250|7|y', '-|8|x'])
  const options = ['--delimiter', '|', '--decimal', 'comma', '--header', 'no', '--missing', '-', '--missing', 'NA']
  const { code, stdout } = await runCli(['import', path, ...options, '--lab', join(folder, 'lab'), '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    dataset: {
      rows: 3,
      columns: [
        { name: 'column 1', type: 'numeric', missing: 1, summary: { minimum: 1.5, maximum: 2.25 } },
        { name: 'column 2', type: 'numeric', missing: 1 },
        { name: 'column 3', type: 'categorical' }
      ]
    }
  })
})
