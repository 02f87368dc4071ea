/** `lab sweep`, `continue`, `complexity` and `compare` over a real lab. */
import { beforeAll, expect, test } from 'vitest'
import { runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses, writeNumbers } from '#test/integration/cli/tables.ts'

const files = temporaryFolder()
const lab = temporaryFolder()

interface Point {
  readonly topology: string
  readonly parameters: number
  readonly seeds: number
  readonly baseline: boolean
  readonly validation: { readonly median: number; readonly standardError: number | null }
}

interface Curve {
  readonly points: readonly Point[]
  readonly best: string
  readonly suggested: string
}

interface SweepDocument {
  readonly sweep: { readonly id: number; readonly status: string; readonly runs: Record<string, number> }
  readonly complexity: Curve
}

async function json<Document>(...args: string[]): Promise<Document> {
  const result = await runCli([...args, '--lab', lab, '--json', '--quiet'])
  expect(result).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(result.stdout) as Document
}

const space = [
  '--depths',
  '1,2',
  '--widths',
  '2..4',
  '--hidden',
  'none;8',
  '--seeds',
  '3',
  '--epochs',
  '15',
  '--learning-rate',
  '0.05'
]
let swept: SweepDocument

beforeAll(async () => {
  swept = await json('sweep', writeClasses(files), '--target', 'side', ...space, '--experiment', 'sides')
})

test('a sweep trains list and grid with the same seeds, baselines among them', () => {
  expect(swept.sweep).toMatchObject({ status: 'done', runs: { done: 18, waiting: 0, running: 0 } })
  const { points } = swept.complexity
  expect(points.map(({ topology }) => topology.replace(' relu', ''))).toEqual([
    'majority class',
    'none',
    '2',
    '2x2',
    '4',
    '4x4',
    '8'
  ])
  expect(points.every(({ seeds }) => seeds === 3)).toBe(true)
  expect(points.filter(({ baseline }) => baseline)).toHaveLength(2)
  // The linear model tells the two sides apart far better than the majority class.
  expect(points[1]?.validation.median).toBeLessThan((points[0]?.validation.median ?? 0) / 2)
})

test('complexity prints exactly the promised document, and the table with its reason', async () => {
  const document = await json<Curve>('complexity', 'sides', '--no-references')
  expect(document).toEqual(swept.complexity)
  expect(Object.keys(document)).toEqual([
    'measure',
    'points',
    'best',
    'suggested',
    'decided',
    'signal',
    'zone',
    'noise',
    'luck',
    'tried',
    'contested',
    'unconverged',
    'trainOn',
    'extraSeeds',
    'help',
    'price',
    'unpredicted',
    'reason'
  ])
  expect(document.points[1]).toEqual({
    key: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    topology: 'none',
    parameters: 5 * 2 + 2,
    multiplyAdds: 5 * 2,
    seeds: 3,
    train: { median: expect.any(Number) as number, q1: expect.any(Number) as number, q3: expect.any(Number) as number },
    validation: {
      median: expect.any(Number) as number,
      q1: expect.any(Number) as number,
      q3: expect.any(Number) as number,
      mean: expect.any(Number) as number,
      standardError: expect.any(Number) as number,
      low: expect.any(Number) as number,
      high: expect.any(Number) as number
    },
    unconverged: expect.any(Number) as number,
    worseThanBest: {
      difference: expect.any(Number) as number,
      low: expect.any(Number) as number,
      high: expect.any(Number) as number,
      answer: expect.stringMatching(/^(as_good|worse|open)$/) as string,
      rowShare: expect.any(Number) as number
    },
    baseline: true
  })
  const suggested = document.points.find(({ topology }) => topology === document.suggested)
  const best = document.points.find(({ topology }) => topology === document.best)
  expect(suggested?.parameters).toBeLessThanOrEqual(best?.parameters ?? 0)
  const { stdout } = await runCli(['complexity', 'sides', '--axis', 'depth', '--no-references', '--lab', lab])
  expect(stdout).toContain('Share of wrong classes')
  expect(stdout).toMatch(/\nSuggested: /)
})

test('complexity lays a linear model and a forest beside the networks, judged by the same rows', async () => {
  const { references, ...document } = await json<Curve & { references: { models: object[]; answer: string } }>(
    'complexity',
    'sides'
  )
  expect(document).toEqual(swept.complexity)
  expect(references).toMatchObject({
    models: [
      { name: 'linear', trainedRows: 144 },
      { name: 'forest', trainedRows: 144 }
    ],
    missing: [],
    answer: expect.stringMatching(/^(network|reference|as_good|open)$/) as string
  })
  const { stdout } = await runCli(['complexity', 'sides', '--lab', lab])
  expect(stdout).toMatch(/\nbeside them +training +validation .*\nlinear model .*\nrandom forest /)
})

test('prediction time can be the axis: measured once, kept, and more for a larger network', async () => {
  const read = async () => {
    const { stdout } = await runCli([
      'complexity',
      'sides',
      '--axis',
      'predictionSeconds',
      '--no-references',
      '--lab',
      lab
    ])
    expect(stdout).toMatch(/us a row/)
    return stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))
  }
  const rows = await read()
  const times = rows.filter(([, parameters]) => /^\d+$/.test(parameters ?? '')).map((row) => Number(row[3]))
  expect(times).toHaveLength(7)
  expect(times.slice(1).every((time) => time > 0)).toBe(true)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(await read()).toEqual(rows)
})

test('a sweep with folds is a curve of its own, and says in one sentence where rows are too few for it', async () => {
  const question = ['sweep', 'clouds', '--target', 'side', '--experiment', 'sides', '--hidden', '3', '--epochs', '15']
  const { sweep, complexity } = await json<SweepDocument>(...question, '--folds', '4')
  expect(sweep).toMatchObject({ status: 'done', runs: { done: 8 } })
  expect(complexity).toMatchObject({ folds: 4, extraSeeds: 0 })
  expect(complexity.points.map(({ topology, seeds }) => `${topology} ${seeds}`)).toEqual([
    'majority class 4',
    'none 4',
    '3 4'
  ])
  expect(await json<Curve>('complexity', 'sides', '--folds', '4', '--no-references')).toEqual(complexity)
  const { stdout } = await runCli(['complexity', 'sides', '--no-references', '--lab', lab])
  expect(stdout).not.toMatch(/^3 /m)
  expect(stdout).toContain('There are runs over folds too: --folds 4.')

  const few = write(files, 'few.csv', [
    'x,kind',
    ...Array.from({ length: 30 }, (_, row) => `${((row * 7) % 30) / 8},${row < 27 ? 'a' : 'b'}`)
  ])
  const refused = await runCli(['sweep', few, '--target', 'kind', '--folds', '5', '--lab', lab])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/^5 folds need at least 5 rows of every class; "b" of kind has \d rows? .*\n$/)
})

test('a small table is judged by folds where nobody says otherwise, told with the reason, and by one part where asked', async () => {
  const question = [
    'sweep',
    'clouds',
    '--target',
    'side',
    '--experiment',
    'by default',
    '--hidden',
    '2',
    '--epochs',
    '3'
  ]
  const told = await runCli([...question, '--lab', lab])
  expect(told.stderr + told.stdout).toMatch(/5 folds judge, so that all \d+ rows .* \(--folds none\)/)
  const { folds } = await json<{ folds: number }>('complexity', 'by default', '--no-references')
  expect(folds).toBe(5)
  const { sweep, complexity } = await json<SweepDocument>(...question, '--folds', 'none')
  expect(sweep).toMatchObject({ runs: { done: 10 } })
  expect(complexity).not.toHaveProperty('folds')

  // Two rows of a class are too few for folds that nobody asked for.
  const rare = write(files, 'rare.csv', [
    'x,kind',
    ...Array.from({ length: 60 }, (_, row) => `${((row * 7) % 60) / 8},${row < 57 ? 'a' : 'b'}`)
  ])
  const { sweep: onePart } = await json<SweepDocument>(
    'sweep',
    rare,
    '--target',
    'kind',
    '--hidden',
    '2',
    '--epochs',
    '3'
  )
  expect(onePart).toMatchObject({ status: 'done', runs: { done: 10 } })
})

test('the baseline of a regression is the mean, in units of the target', async () => {
  const { complexity } = await json<SweepDocument>(
    'sweep',
    writeNumbers(files),
    ...['--target', 'price', '--hidden', 'none;4', '--learning-rate', '0.02', '--seeds', '2', '--epochs', '100']
  )
  expect(complexity.points[0]).toMatchObject({ topology: 'mean', parameters: 0, baseline: true })
  expect(complexity.points[1]?.validation.median).toBeLessThan((complexity.points[0]?.validation.median ?? 0) / 3)
})

test('compare shows runs side by side with a verdict on each', async () => {
  const { runs } = await json<{ runs: { id: number; verdict: string; next: string }[] }>('compare', '1', '2')
  expect(runs.map(({ id }) => id)).toEqual([1, 2])
  expect(runs.every(({ verdict, next }) => verdict.length > 0 && next.length > 0)).toBe(true)
})

test('a choice is recorded with its reason, and names topologies as --hidden takes them', async () => {
  interface Listed {
    readonly id: number
    readonly experiment: string
    readonly topology: { readonly layers: readonly unknown[] }
  }
  const { runs } = await json<{ runs: Listed[] }>('runs')
  const isLinear = ({ experiment, topology }: Listed) => experiment === 'sides' && topology.layers.length === 1
  const linear = runs.find(isLinear)?.id ?? 0
  const { choice } = await json<{ choice: object }>('choose', 'sides', String(linear), '--reason', 'as good by eye')
  expect(choice).toMatchObject({ runId: linear, topology: 'none', reason: 'as good by eye' })
})

test('Ctrl-C leaves a sweep that continue ends with exactly its runs', async () => {
  const args = ['sweep', 'clouds', '--target', 'side', '--hidden', '64x64', '--seeds', '2', '--experiment', 'long']
  const running = startCli([...args, '--epochs', '3000', '--patience', 'none', '--lab', lab])
  const listed = () => json<{ runs: { epochs: number; status: string }[] }>('runs', '--experiment', 'long')
  const isThere = () => runCli(['runs', '--experiment', 'long', '--lab', lab]).then(({ code }) => code)
  await expect.poll(isThere, { timeout: 30_000 }).toBe(0)
  await expect.poll(async () => (await listed()).runs.some(({ epochs }) => epochs > 5), { timeout: 30_000 }).toBe(true)
  running.child.kill('SIGINT')
  const { code, stderr } = await running.result
  expect(code).toBe(130)
  const id = /lab continue (\d+)/.exec(stderr)?.[1] ?? ''
  expect((await listed()).runs.map(({ status }) => status)).toContain('interrupted')
  const { sweep } = await json<SweepDocument>('continue', id)
  expect(sweep).toMatchObject({ status: 'done', runs: { done: 4, waiting: 0 } })
  expect((await listed()).runs).toHaveLength(4)
})

test('any setting is varied, a setting of other plans is refused, and the settings of hidden layers are listed', async () => {
  const sweep = ['sweep', 'clouds', '--target', 'side', '--hidden', '2', '--seeds', '1', '--epochs', '2']
  const varied = await json<SweepDocument>(
    ...[
      ...sweep,
      '--experiment',
      'varied',
      '--vary',
      'optimizer.beta1=0.8,0.9',
      '--vary',
      'hidden.normalisation=none,batch'
    ]
  )
  // The linear model has no hidden layer to normalise.
  expect(varied.sweep).toMatchObject({ status: 'done', runs: { done: 2 + 2 * 2 } })
  const refused = await runCli([...sweep, '--vary', 'optimizer.history=5,10', '--lab', lab])
  expect(refused.stderr).toMatch(/History is varied, and no plan has it: it belongs to optimizer L-BFGS\./)
  const { hidden } = await json<{ hidden: { path: string }[] }>('plan')
  expect(hidden.map(({ path }) => path)).toContain('hidden.normalisation')
})

test.each([
  [['--depths', '1,2'], /--depths and --widths belong together/],
  [['--vary', 'optimizer.gamma=1,2'], /--vary knows no "optimizer.gamma"; the paths are listed by: lab plan/],
  [['--vary', 'hidden.dropout=0,1'], /--vary hidden.dropout takes a number from 0 to below 1; "1" is none/],
  [
    ['--l2', '0,0.1', '--vary', 'regularisation.l2=1,2'],
    /--vary takes each setting once; "regularisation.l2" is varied twice\./
  ],
  [['--widths', '8..4', '--depths', '1'], /smaller number first/],
  [['--activation', 'relu,soft'], /"soft" is none/],
  [['--strategy', 'random'], /--points or --budget-runs/]
])('wrong usage %j is one sentence and exit 2', async (args, sentence) => {
  const result = await runCli(['sweep', 'clouds', '--target', 'side', ...args, '--lab', lab])
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toMatch(sentence)
})

test('a learning curve takes over what the sweep has trained, and trains nothing when it is asked for again', async () => {
  const curve = ['learning-curve', 'sides', '--hidden', '8', '--shares', '0.3,1', '--seeds', '3']
  const plan = ['--epochs', '15', '--learning-rate', '0.05']
  const runs = async () => (await json<{ runs: unknown[] }>('runs')).runs.length
  const before = await runs()
  const first = await json<{ curves: unknown[] }>(...curve, ...plan)
  expect(first.curves).toMatchObject([{ points: [{ seeds: 3 }, { seeds: 3 }] }])
  expect(await runs()).toBe(before + 3)
  expect(await json(...curve, ...plan)).toEqual(first)
  expect(await runs()).toBe(before + 3)
})
