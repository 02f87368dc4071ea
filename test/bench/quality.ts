/**
 * Training quality: trains one topology on every table of a folder over several seeds through the CLI, opens the test
 * part of each run, and lays the figures beside the folder's reference scores.
 *
 *   node test/bench/quality.ts FOLDER [--only NAME] [--hidden 64x32] [--seeds 5]
 *
 * FOLDER has the tables, `datasets.json` ({name: {file | idx, target, missing?}}) and `baselines.json`
 * ({datasets: {name: {task, mlp: {accuracy | r2: {mean, sd}}}}}). Every seed has its own 70/15/15 split, as the
 * references have. A figure holds where its mean is no worse than one standard deviation below the reference's.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { deviation, mean } from '#test/bench/figures.ts'

interface Table {
  readonly file?: string
  readonly idx?: { readonly train: readonly string[] }
  readonly target: string
  readonly seeds?: number
}

type Figure = 'accuracy' | 'r2'
type Reference = Partial<Record<Figure, { readonly mean: number; readonly sd: number }>>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, hidden: { type: 'string' }, seeds: { type: 'string', default: '5' } }
})
const folder = resolve(positionals[0] ?? '.')
const read = <Content>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Content
const tables = Object.entries(read<Record<string, Table>>('datasets.json'))
const references = read<{ datasets: Record<string, { mlp: Reference }> }>('baselines.json').datasets
const lab = mkdtempSync(join(tmpdir(), 'topology-lab-quality-'))
const cli = resolve(import.meta.dirname, '../../out/main/cli.js')

function run<Document>(...args: string[]): Document {
  const result = spawnSync(process.execPath, [cli, '--lab', lab, '--json', '--quiet', ...args], { encoding: 'utf8' })
  if (result.status !== 0) throw new Error(result.stderr)
  return JSON.parse(result.stdout) as Document
}

/** Test figures of one table, one a seed. */
function measure(table: Table): { figure: Figure; scores: number[]; seconds: number } {
  const hidden = values.hidden ?? (table.idx ? '128' : '64x32')
  const file = join(folder, table.file ?? table.idx?.train[0] ?? '')
  const split = table.idx ? [] : ['--split', '70/15/15']
  const seeds = Array.from({ length: table.seeds ?? Number(values.seeds) }, (_, index) => String(index + 1))
  // The references train tables to the last epoch, and images until nothing gets better; the best epoch is kept anyway.
  const patience = table.idx ? ['--patience', '10'] : []
  let seconds = 0
  let figure: Figure = 'accuracy'
  const scores = seeds.map((seed) => {
    const plan = ['--hidden', hidden, '--epochs', '200', ...patience, '--seed', seed, '--split-seed', seed]
    const trained = run<{ run: { id: number }; seconds: number }>(
      'train',
      file,
      '--target',
      table.target,
      ...split,
      ...plan
    )
    seconds += trained.seconds
    const { test } = run<{ test: Partial<Record<Figure, number>> }>('test', String(trained.run.id))
    if (test.r2 !== undefined) figure = 'r2'
    return test[figure] ?? Number.NaN
  })
  return { figure, scores, seconds }
}

try {
  for (const [name, table] of tables) {
    if (values.only !== undefined && values.only !== name) continue
    const { figure, scores, seconds } = measure(table)
    const reference = references[name]?.mlp[figure]
    const bound = reference ? reference.mean - reference.sd : Number.NaN
    const cells = [
      name.padEnd(20),
      figure.padEnd(9),
      `${mean(scores).toFixed(3)} +- ${deviation(scores).toFixed(3)}`,
      `reference ${reference?.mean.toFixed(3) ?? '-'} +- ${reference?.sd.toFixed(3) ?? '-'}`,
      mean(scores) >= bound ? 'holds' : 'MISSED',
      `${seconds.toFixed(1)} s of training`
    ]
    process.stdout.write(`${cells.join('  ')}\n`)
  }
} finally {
  rmSync(lab, { recursive: true, force: true })
}
