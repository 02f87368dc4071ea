/**
 * What the lab finds on well-known tables: `npm run bench -- --known-tables FOLDER [--only a,b] [--write]`.
 *
 * Each table goes through the terminal as a person would take it: a sweep with the plan and the judges that it has by
 * itself, training on until nothing that matters is still learning, the advice, the linear model and the forest beside it,
 * the suggestion trained anew on training and validation part, and its test part opened once. With --write the table goes
 * into src-main/selection/README.md.
 *
 * FOLDER has the tables and `datasets.json`: {name: {file, target, missing?}}, as quality.ts reads it; entries without a
 * `file` are left out.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { formatHidden, hiddenLayers, type Topology } from '#engine/network/topology.ts'
import type { DocumentOf } from '#lab/documents/schemas.ts'

interface Table {
  readonly file?: string
  readonly target: string
}

export interface KnownTablesOptions {
  readonly folder: string
  readonly only: readonly string[] | null
  readonly writes: boolean
}

const cli = resolve(import.meta.dirname, '../../out/main/cli.js')
const readme = resolve(import.meta.dirname, '../../src-main/selection/README.md')
const sizes = '4;16;64;64x32'
/** How often what was still learning is trained on. */
const mostRounds = 2

const titles = [
  'table',
  'judged by',
  'lowest error',
  'suggested, its price',
  'as good / worse / open',
  'linear',
  'forest',
  'a network?',
  'test',
  's'
]

type Complexity = DocumentOf<'complexity'>
type Point = Complexity['points'][number]

/** Measures all tables, prints the Markdown row of each as it is done, and writes the table where that is asked for. */
export function measureKnownTables({ folder, only, writes }: KnownTablesOptions): void {
  const tables = JSON.parse(readFileSync(join(folder, 'datasets.json'), 'utf8')) as Record<string, Table>
  const rows = [rowOf(titles), rowOf(titles.map(() => '---'))]
  process.stdout.write(`${rows.join('\n')}\n`)
  for (const [name, { file, target }] of Object.entries(tables)) {
    if (file === undefined || (only && !only.includes(name))) continue
    const row = measure(name, join(folder, file), target)
    rows.push(row)
    process.stdout.write(`${row}\n`)
    if (writes) write(rows)
  }
}

const rowOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** Puts the table between its marks. */
function write(rows: readonly string[]): void {
  const [start, end] = ['<!-- known-tables -->', '<!-- /known-tables -->']
  const text = readFileSync(readme, 'utf8')
  const [before = '', rest = ''] = text.split(start)
  const after = rest.split(end)[1]
  if (after === undefined) throw new Error(`${readme} lacks the marks ${start} and ${end}.`)
  writeFileSync(readme, `${before}${start}\n\n${rows.join('\n')}\n\n${end}${after}`)
}

function measure(name: string, file: string, target: string): string {
  const lab = mkdtempSync(join(tmpdir(), 'topology-lab-tables-'))
  const run = <Document>(...args: string[]): Document => {
    const result = spawnSync(process.execPath, [cli, '--lab', lab, '--json', '--quiet', ...args], { encoding: 'utf8' })
    if (result.status !== 0) throw new Error(`${name}: ${result.stderr}`)
    return JSON.parse(result.stdout) as Document
  }
  const start = performance.now()
  try {
    const named = ['--target', target, '--experiment', name]
    const swept = run<DocumentOf<'continue'>>('sweep', file, ...named, '--hidden', sizes)
    let advice: Complexity = swept.complexity
    for (let round = 0; round < mostRounds && advice.unconverged.length > 0 && advice.trainOn; round++) {
      advice = run<DocumentOf<'train-on'>>('train-on', name)
    }
    const seconds = (performance.now() - start) / 1000
    const folds = advice.folds === undefined ? [] : ['--folds', String(advice.folds)]
    advice = run<Complexity>('complexity', name, ...folds)
    return rowOf([name, judges(advice), ...adviceCells(advice), testCell(run, name, advice), seconds.toFixed(0)])
  } finally {
    rmSync(lab, { recursive: true, force: true })
  }
}

/** Folds, or seeds on the one part. */
function judges({ folds, points }: Complexity): string {
  return folds === undefined ? `${Math.max(...points.map(({ seeds }) => seeds))} seeds` : `${folds} folds`
}

const write3 = (error: number) => Number(error.toPrecision(3)).toString()

function writer({ measure: name }: Complexity): (error: number) => string {
  return (error) => (name === 'error' ? `${(error * 100).toFixed(1)} %` : write3(error))
}

function adviceCells(advice: Complexity): string[] {
  const { points, best, suggested, price, references, decided, signal } = advice
  const write = writer(advice)
  const pointOf = (topology: string | null) => points.find((point) => point.topology === topology)
  const describe = (point: Point | undefined) =>
    point ? `${point.topology} (${point.parameters}): ${write(point.validation.mean)}` : 'none'
  const told = (answer: string) => points.filter(({ worseThanBest }) => worseThanBest?.answer === answer)
  const names = (answer: string) =>
    told(answer)
      .map(({ topology }) => topology)
      .join(', ') || '-'
  const model = (wanted: string) => {
    const found = references?.models.find(({ name }) => name === wanted)
    return found
      ? `${write(found.validation.mean)}${found.worseThanBest ? `, ${answerWords[found.worseThanBest.answer]}` : ''}`
      : '-'
  }
  const suggestion = pointOf(suggested)
  return [
    describe(pointOf(best)),
    suggestion
      ? [
          suggested === best ? 'the same' : describe(suggestion),
          price ?? '',
          signal === 'found' ? '' : `signal ${signal}`,
          decided ? 'decided' : 'not decided'
        ]
          .filter(Boolean)
          .join('; ')
      : 'nothing: no signal',
    [names('as_good'), names('worse'), names('open')].join(' / '),
    model('linear'),
    model('forest'),
    references ? toolWords[references.answer] : '-'
  ]
}

const answerWords = { as_good: 'as good', worse: 'worse', open: 'open' } as const
const toolWords = {
  network: 'yes',
  reference: 'no, better without',
  as_good: 'as good without',
  open: 'open',
  unknown: 'unknown'
} as const

/** Chooses the suggestion, trains it anew on training and validation part, and opens the test part once. */
function testCell(run: <Document>(...args: string[]) => Document, name: string, { suggested }: Complexity): string {
  if (suggested === null) return '-'
  const { runs } = run<DocumentOf<'runs'>>('runs', '--experiment', name)
  const own = runs.find(({ status, topology }) => status === 'done' && hiddenText(topology as Topology) === suggested)
  if (!own) return '-'
  const chosen = run<{ run: { id: number } }>('choose', name, String(own.id), '--retrain')
  const { test } = run<{ test: { accuracy?: number; rmse?: number } }>('test', String(chosen.run.id))
  return test.accuracy === undefined ? write3(test.rmse ?? NaN) : `${((1 - test.accuracy) * 100).toFixed(1)} %`
}

/** As documents name it. */
const hiddenText = (topology: Topology) => formatHidden(hiddenLayers(topology)) || 'none'
