/** A sweep through a folder: written, trained by workers without a lab, some killed, and taken in; the same to the bit. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { RunDetails } from '#engine/training/metrics.ts'
import { runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { writeClasses } from '#test/integration/cli/tables.ts'

const lab = temporaryFolder()
const files = temporaryFolder()
const folders = temporaryFolder()
const sweep = ['--target', 'side', '--hidden', '2;4', '--seeds', '2', '--epochs', '12', '--folds', 'none']

interface Shown {
  readonly run: { id: number; status: string; seed: number; topology: object; bestEpoch: number }
  readonly metrics: object
  readonly details: RunDetails
  readonly curve: readonly Record<string, number>[]
}

async function json<Document>(...args: string[]): Promise<Document> {
  const result = await runCli([...args, '--lab', lab, '--json', '--quiet'])
  expect(result).toMatchObject({ code: 0 })
  return JSON.parse(result.stdout) as Document
}

/** Runs by what they are, without their numbers and times. */
async function results(ids: readonly number[]) {
  const shown = await Promise.all(ids.map((id) => json<Shown>('show', String(id))))
  const told = shown.map(({ run, metrics, details, curve }) => ({
    key: JSON.stringify([run.topology, run.seed]),
    status: run.status,
    bestEpoch: run.bestEpoch,
    metrics,
    details,
    curve: curve.map(({ seconds: _, samplesPerSecond: __, ...figures }) => figures)
  }))
  return told.sort((a, b) => (a.key < b.key ? -1 : 1))
}

async function newest(count: number): Promise<number[]> {
  const { runs } = await json<{ runs: { id: number }[] }>('runs')
  return runs.slice(0, count).map(({ id }) => id)
}

beforeAll(async () => {
  expect(await runCli(['import', writeClasses(files), '--lab', lab, '--quiet'])).toMatchObject({ code: 0 })
})

test('workers without a lab come to the very bits of the lab; gathered half done and again', async () => {
  await json('sweep', 'clouds', ...sweep)
  const here = await results(await newest(6))
  const folder = join(folders, 'shared')
  const { shared } = await json<{ shared: object }>('sweep', 'clouds', ...sweep, '--to', folder, '--slurm')
  expect(shared).toMatchObject({ units: 6, tables: 2, script: join(folder, 'slurm.sh') })
  const away = await newest(6)
  expect(readFileSync(join(folder, 'slurm.sh'), 'utf8')).toContain('#SBATCH --array=0-5')
  expect(await json('gather', folder)).toMatchObject({ taken: 0, waiting: 6 })

  const [damaged = ''] = readdirSync(join(folder, 'units')).map((name) => name.replace('.json', ''))
  writeFileSync(join(folder, 'results', `${damaged}.json`), '{"version":1}')
  const worked = await json('work', folder, '--cores', '2', '--array-index', '1', '--array-count', '2')
  expect(worked).toMatchObject({ trained: 5, done: 6, of: 6 })
  const half = await runCli(['gather', folder, '--lab', lab, '--json'])
  expect(half.code).toBe(1)
  expect(JSON.parse(half.stdout)).toMatchObject({ taken: 5, waiting: 1, refused: [expect.stringContaining('refused')] })

  rmSync(join(folder, 'results', `${damaged}.json`))
  expect(await json('work', folder, '--cores', '1')).toMatchObject({ trained: 1, done: 6 })
  expect(await json('gather', folder)).toMatchObject({ taken: 1, waiting: 0, refused: [] })
  expect(await json('gather', folder)).toMatchObject({ taken: 0, waiting: 0 })
  expect(await results(away)).toEqual(here)
})

test('nothing of the test part is in the folder', async () => {
  const folder = join(folders, 'shared')
  const { experiments } = await json<{ experiments: { rows: Record<string, number> }[] }>('experiments')
  const rows = experiments[0]?.rows
  const [unit = ''] = readdirSync(join(folder, 'units'))
  const { table } = JSON.parse(readFileSync(join(folder, 'units', unit), 'utf8')) as {
    table: { inputs: number; train: { rows: number; sha256: string }; validation: { rows: number; sha256: string } }
  }
  expect([table.train.rows, table.validation.rows]).toEqual([rows?.['train'], rows?.['validation']])
  expect(readdirSync(join(folder, 'tables')).sort()).toEqual(
    [table.train.sha256, table.validation.sha256].map((hash) => `${hash}.f32`).sort()
  )
  const sizes = [table.train, table.validation].map(
    ({ sha256 }) => readFileSync(join(folder, 'tables', `${sha256}.f32`)).length
  )
  expect(sizes).toEqual([table.train, table.validation].map((part) => part.rows * (table.inputs + 1) * 4))
})

test('a worker that is killed gives its units back; every unit has one result', async () => {
  const folder = join(folders, 'killed')
  const long = sweep.map((word) => (word === '12' ? '1500' : word))
  await json('sweep', 'clouds', ...long, '--patience', 'none', '--to', folder)
  const started = () => startCli(['work', folder, '--cores', '1', '--json', '--quiet'])
  const victim = started()
  onTestFinished(() => void victim.child.kill('SIGKILL'))
  await expect.poll(() => readdirSync(join(folder, 'claims')).length, { timeout: 30_000 }).toBeGreaterThan(0)
  victim.child.kill('SIGKILL')
  await victim.result
  const workers = [started(), started()]
  for (const { result } of workers) expect(await result).toMatchObject({ code: 0 })
  // One of them may have ended while the other was still at its last unit.
  expect(await json('work', folder)).toMatchObject({ done: 6, of: 6 })
  const claims = readdirSync(join(folder, 'claims'))
  expect(claims.some((name) => name.endsWith('.2'))).toBe(true)
  expect(await json('gather', folder)).toMatchObject({ taken: 6, waiting: 0, refused: [] })
})

test('what can not be is told in a sentence', async () => {
  const halving = await runCli([
    'sweep',
    'clouds',
    ...sweep,
    '--strategy',
    'halving',
    '--to',
    join(folders, 'h'),
    '--lab',
    lab
  ])
  expect(halving).toMatchObject({ code: 1, stderr: expect.stringContaining('Successive halving') as string })
  const again = await runCli(['sweep', 'clouds', ...sweep, '--to', join(folders, 'shared'), '--lab', lab])
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('has units already') as string })
  const none = await runCli(['work', folders])
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('is no folder of units') as string })
  const manifest = join(folders, 'shared', 'units.json')
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, text.replace('"version":1', '"version":9'))
  expect((await runCli(['work', join(folders, 'shared')])).stderr).toContain('Use the same version at both ends.')
  writeFileSync(manifest, text)
})
