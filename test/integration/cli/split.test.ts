/** How rows are parted from a terminal: what is proposed is told, and each way has its option. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { outputLayer } from '#engine/network/topology.ts'
import type { Split } from '#contract/experiments.ts'
import { runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'

const files = temporaryFolder()
const lab = temporaryFolder()

const table = join(files, 'pumps.csv')
const lines = Array.from({ length: 240 }, (_, row) => {
  const day = new Date(Date.UTC(2020, 0, 1 + Math.floor(row / 2))).toISOString().slice(0, 10)
  return `${day},M${(row * 7) % 24},${((row * 37) % 101) / 10},${(row * 13) % 29 < 12 ? 'leaks' : 'tight'}`
})
writeFileSync(table, `date,machine_id,pressure,state\n${lines.join('\n')}\n`)

async function splitOf(...args: string[]): Promise<{ split: Split; stderr: string }> {
  const name = args.join(' ') || 'proposed'
  const trained = await runCli([
    ...['train', table, '--target', 'state', '--hidden', '4', '--epochs', '2', '--experiment', name],
    ...args,
    ...['--lab', lab, '--json']
  ])
  expect(trained).toMatchObject({ code: 0 })
  const listed = await runCli(['experiments', '--lab', lab, '--json'])
  const { experiments } = JSON.parse(listed.stdout) as { experiments: { name: string; split: Split }[] }
  const split = experiments.find((experiment) => experiment.name === name)?.split
  if (!split) throw new Error(`There is no experiment ${name}.`)
  return { split, stderr: trained.stderr }
}

test('rows in the order of time are parted by it unless told otherwise', async () => {
  const { split, stderr } = await splitOf()
  expect(split).toMatchObject({ kind: 'order', column: 'date', train: 60, validation: 20, test: 20 })
  expect(stderr).toContain('The rows are in the order of "date"')
  const drawn = await splitOf('--at-random', '--split', '70/15/15')
  expect(drawn.split).toMatchObject({ kind: 'fractions', train: 70, stratified: true })
  expect(drawn.stderr).not.toContain('The rows are in the order')
})

test('groups, an order, and the order of the table have an option each', async () => {
  expect((await splitOf('--group-by', 'machine_id', '--split-seed', '3')).split).toMatchObject({
    kind: 'groups',
    column: 'machine_id',
    seed: 3,
    stratified: true
  })
  expect((await splitOf('--order-by', 'pressure', '--split', '50/25/25')).split).toMatchObject({
    kind: 'order',
    column: 'pressure',
    train: 50
  })
  expect((await splitOf('--in-order')).split).toMatchObject({ kind: 'order', column: null })
})

test('a column of any name gives the parts, to the row', async () => {
  const parts = lines.map((line, row) => `${line},${['train', 'train', 'validation', 'test'][row % 4] ?? ''}`)
  const given = join(files, 'given.csv')
  writeFileSync(given, `date,machine_id,pressure,state,used for\n${parts.join('\n')}\n`)
  const train = ['train', given, '--target', 'state', '--hidden', '4', '--epochs', '2', '--lab', lab]
  const trained = await runCli([...train, '--part-column', 'used for', '--json'])
  expect(trained).toMatchObject({ code: 0 })
  expect(trained.stderr).toContain(
    '"used for" says which rows are for training and which for validation and for the test.'
  )
  const { experiments } = JSON.parse((await runCli(['experiments', '--lab', lab, '--json'])).stdout) as {
    experiments: { split: Split; rows: object; dataset: string }[]
  }
  const experiment = experiments.find(({ split }) => split.kind === 'column')
  expect(experiment).toMatchObject({
    split: { column: 'used for', train: ['train'], validation: ['validation'], test: ['test'], validationShare: 0 },
    rows: { train: 120, validation: 60, test: 60 }
  })
  const wrong = async (...args: string[]) => (await runCli([...train, ...args, '--quiet'])).stderr
  expect(await wrong('--part-column', 'parts')).toContain('has no column "parts" that could name the parts.')
  expect(await wrong('--part-column', 'state')).toContain('"state" is the target, so it can not say')
  expect(await wrong('--part-column', 'machine_id')).toContain('"machine_id" does not name the parts: its values are M')
  expect(await runCli([...train, '--part-column', 'used for', '--at-random'])).toMatchObject({ code: 2 })
})

test('the strong recipe decides plan, preparation and layers, and gives way to what is asked for', async () => {
  const train = ['train', table, '--target', 'pressure', '--epochs', '1', '--at-random', '--lab', lab, '--json']
  const strong = await runCli([...train, '--recipe', 'strong', '--experiment', 'strong'])
  expect(strong).toMatchObject({ code: 0 })
  const { run } = JSON.parse(strong.stdout) as { run: { topology: { layers: { units: number }[] }; plan: object } }
  expect(run.topology.layers.map(({ units }) => units)).toEqual([128, 64, 1])
  expect(run.plan).toMatchObject({
    optimizer: { name: 'adamw' },
    schedule: { name: 'cosine' },
    stopping: { epochs: 1 }
  })
  const own = await runCli([
    ...train,
    '--recipe',
    'strong',
    '--hidden',
    '3',
    '--optimizer',
    'sgd',
    '--experiment',
    'strong'
  ])
  expect(own.stderr).toBe('')
  const { run: changed } = JSON.parse(own.stdout) as {
    run: { topology: { layers: { units: number }[] }; plan: object }
  }
  expect(changed.topology.layers.map(({ units }) => units)).toEqual([3, 1])
  expect(changed.plan).toMatchObject({ optimizer: { name: 'sgd' }, schedule: { name: 'cosine' } })
})

test('a column that is not there, and two ways at once, are refused in one sentence', async () => {
  const wrong = (...args: string[]) =>
    runCli(['train', table, '--target', 'state', '--epochs', '1', ...args, '--lab', lab, '--quiet'])
  expect(await wrong('--group-by', 'pump')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('pumps has no column "pump" for --group-by.') as string
  })
  expect(await wrong('--order-by', 'machine_id')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"machine_id" holds texts, so it can\'t say how rows follow one another.') as string
  })
  expect(await wrong('--group-by', 'machine_id', '--in-order')).toMatchObject({ code: 2 })
})

test('what is found amiss is told with its option, and mended by it, or all at once', async () => {
  const path = join(files, 'fruit.csv')
  const rows = Array.from({ length: 120 }, (_, row) => {
    const state = ['ripe', 'Ripe', 'green'][row % 3] ?? ''
    return `${((row * 37) % 101) / 10},${state === 'green' ? 0 : 1},${state}`
  })
  writeFileSync(path, `weight,soft,state\n${rows.join('\n')}\n`)
  const train = async (...args: string[]) => {
    const command = ['train', path, '--target', 'state', '--hidden', '3', '--epochs', '1', '--json', '--lab', lab]
    const result = await runCli([...command, ...args])
    const { run } = JSON.parse(result.stdout) as { run: { topology: { inputs: number; layers: { units: number }[] } } }
    return { told: result.stderr, inputs: run.topology.inputs, classes: outputLayer(run.topology).units }
  }
  const plain = await train()
  expect(plain).toMatchObject({ inputs: 2, classes: 3 })
  expect(plain.told).toMatch(/"Ripe" also as "ripe".*upper and lower case.*\(--join-spellings\)/)
  const joined = await train('--join-spellings')
  expect(joined).toMatchObject({ inputs: 2, classes: 2 })
  expect(joined.told).toMatch(/"soft" tells "state" by itself.*\(--ignore soft\)/)
  const mended = await train('--mend')
  expect(mended).toMatchObject({ inputs: 1, classes: 2 })
  expect(mended.told).not.toMatch(/spell|tells/)
})
