/** Predictions on new rows through the whole lab: single rows, whole files, what is told before, and what stays sealed. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { CheckedTable, PredictionProgress, WrittenPredictions } from '#contract/predictions.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { importDataset, openLab, planFor, proposedExperiment, waitForStatus } from '#test/integration/lab/support.ts'
import { root } from '#test/services.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { describeCheck } from '#words/predictions.ts'

/** A lab with a short run on the penguins. */
async function penguinLab() {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const experiment = await proposedExperiment(client, await importDataset(client, { sampleId: 'penguins' }), 'species')
  const hidden = [{ units: 8, activation: 'tanh' as const }]
  const [run] = await client.runs.start({ experimentId: experiment.id, hidden, plan: planFor(10), seeds: [1] })
  await waitForStatus(client, run?.id ?? 0, 'done')
  return { folder, client, runId: run?.id ?? 0 }
}

async function lastOf(client: ContractClient, jobId: string): Promise<PredictionProgress | null> {
  let last: PredictionProgress | null = null
  for await (const item of await client.predictions.progress({ jobId })) last = item
  return last
}

async function check(client: ContractClient, runId: number, path: string): Promise<CheckedTable> {
  const { jobId } = await client.predictions.check({ runId, files: [{ path }] })
  const last = await lastOf(client, jobId)
  if (last?.type !== 'checked') throw new Error(JSON.stringify(last))
  return last.table
}

async function write(client: ContractClient, tableId: string, path: string): Promise<WrittenPredictions> {
  const { jobId } = await client.predictions.write({ tableId, path })
  const last = await lastOf(client, jobId)
  if (last?.type !== 'written') throw new Error(JSON.stringify(last))
  return last.predictions
}

it('predicts single rows as they are typed, and a row of the validation part as the file of it', async () => {
  const { folder, client, runId } = await penguinLab()
  const form = await client.predictions.form({ runId })
  expect(form).toMatchObject({ target: 'species', classes: ['Adelie', 'Chinstrap', 'Gentoo'], image: null })
  expect(form.columns.find(({ column }) => column === 'flipper_length_mm')).toMatchObject({
    kind: 'numeric',
    integer: true,
    minimum: expect.closeTo(173, -1) as number
  })
  expect(form.columns.find(({ column }) => column === 'sex')).toMatchObject({
    kind: 'categorical',
    levels: ['female', 'male']
  })

  const example = await client.predictions.example({ runId, part: 'validation', position: 3 })
  const [known, nothing] = await client.predictions.rows({ runId, rows: [example.values, {}] })
  const path = join(folder, 'one.csv')
  const names = Object.keys(example.values)
  const cells = names.map((name) => example.values[name] ?? '')
  await writeFile(path, `${names.join(',')}\n${cells.join(',')}\n`)
  const { tableId } = await check(client, runId, path)
  await write(client, tableId, join(folder, 'out.csv'))
  const [, line = ''] = (await readFile(join(folder, 'out.csv'), 'utf8')).split('\n')
  const given = line.split(',').slice(-4)
  expect(given[0]).toBe(known?.label)
  given.slice(1).forEach((text, place) => expect(Number(text)).toBeCloseTo(known?.probabilities?.[place] ?? NaN, 6))
  expect(nothing?.probabilities?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)

  const refusal = (values: Record<string, string>) =>
    client.predictions.rows({ runId, rows: [values] }).then(() => null, toLabError)
  expect(await refusal({ year: 'long ago' })).toMatchObject({ code: 'bad_settings', details: { column: 'year' } })
  expect(await refusal({ colour: 'red' })).toMatchObject({
    message: expect.stringMatching(/no column "colour"/) as string
  })
})

it('tells before the start what is absent, unused, unseen and outside, and gives figures where the target is known', async () => {
  const { folder, client, runId } = await penguinLab()
  const path = join(folder, 'new.csv')
  await writeFile(
    path,
    [
      'Species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,year,ring',
      'Adelie,Atlantis,39.1,18.7,181,heavy,2007,a',
      'Gentoo,Biscoe,47.5,14.2,209,4600,2008,b',
      'Phoenix,Dream,,18.7,900,3650,2009,c'
    ].join('\n')
  )
  const table = await check(client, runId, path)
  expect(table).toMatchObject({ rows: 3, absent: ['sex'], unused: ['ring'], target: 'known', targetRows: 2 })
  expect(table.remarks).toEqual([
    { kind: 'unreadable', column: 'body_mass_g', rows: 1, example: 'heavy', row: 1 },
    { kind: 'unseen', column: 'island', rows: 1, distinct: 1, values: ['Atlantis'] },
    expect.objectContaining({ kind: 'outside', column: 'flipper_length_mm', rows: 1 })
  ])
  expect(describeCheck(table)).toHaveLength(6)
  const out = join(folder, 'out.parquet')
  const written = await write(client, table.tableId, out)
  expect(written).toMatchObject({ rows: 3, figureRows: 2, figures: { task: 'classification' } })
  expect(written.counts?.reduce((sum, count) => sum + count, 0)).toBe(3)
  const again = await importDataset(client, { files: [{ path: out }] })
  expect(again.columns.map(({ name }) => name)).toEqual([
    'Species',
    'island',
    'bill_length_mm',
    'bill_depth_mm',
    'flipper_length_mm',
    'body_mass_g',
    'year',
    'ring',
    'predicted species',
    'probability of Adelie',
    'probability of Chinstrap',
    'probability of Gentoo'
  ])
  await client.predictions.release({ tableId: table.tableId })
  const gone = await lastOf(client, (await client.predictions.write({ tableId: table.tableId, path: out })).jobId)
  expect(gone).toMatchObject({ type: 'failed', code: 'not_found' })
})

it('cancelled in its midst leaves what was there, nothing half, and a lab that predicts on', async () => {
  const { folder, client, runId } = await penguinLab()
  const [header = '', ...lines] = (await readFile(join(root, 'resources', 'datasets', 'penguins.csv'), 'utf8'))
    .trim()
    .split('\n')
  const path = join(folder, 'long.csv')
  await writeFile(path, [header, ...Array.from({ length: 600 }, () => lines).flat()].join('\n'))
  const table = await check(client, runId, path)
  const out = join(folder, 'out.csv')
  await writeFile(out, 'what was there')
  const before = await readdir(folder)
  const { jobId } = await client.predictions.write({ tableId: table.tableId, path: out })
  let last: PredictionProgress | null = null
  for await (const item of await client.predictions.progress({ jobId })) {
    last = item
    if (item.type === 'progress' && (item.fraction ?? 0) > 0) await client.predictions.cancel({ jobId })
  }
  expect(last).toMatchObject({
    type: 'failed',
    code: 'cancelled',
    message: 'The prediction was cancelled; nothing was written.'
  })
  expect(await readFile(out, 'utf8')).toBe('what was there')
  expect(await readdir(folder)).toEqual(before)
  expect(await write(client, table.tableId, out)).toMatchObject({ rows: table.rows })
})

it('gives no figures of the table that holds the sealed test part, until that is opened', async () => {
  const { folder, client, runId } = await penguinLab()
  const path = join(root, 'resources', 'datasets', 'penguins.csv')
  const sealed = await check(client, runId, path)
  expect(sealed).toMatchObject({ rows: 344, target: 'sealed' })
  expect(await write(client, sealed.tableId, join(folder, 'out.csv'))).toMatchObject({ rows: 344, figures: null })
  await client.runs.openTest({ runId })
  const opened = await check(client, runId, path)
  expect(await write(client, opened.tableId, join(folder, 'out.csv'))).toMatchObject({ figureRows: 344 })
})

it('knows the rows of the sealed test part by what they hold, in whatever file they come back', async () => {
  const { folder, client, runId } = await penguinLab()
  const text = await readFile(join(root, 'resources', 'datasets', 'penguins.csv'), 'utf8')
  const [header = '', ...rows] = text.trim().split(/\r?\n/)
  const changed = {
    shuffled: [header, ...rows.toReversed()],
    'with other signs': [header, ...rows].map((line) => line.replaceAll(',', ';').replaceAll('.', ',')),
    'with other spellings': [header, ...rows].map((line) =>
      line
        .replaceAll('NA', '')
        .replaceAll('.', '.0000')
        .replaceAll(/\.0000(\d)/g, '.$100')
    ),
    'without a column': [header, ...rows].map((line) => line.split(',').toSpliced(2, 1).join(','))
  }
  for (const [name, lines] of Object.entries(changed)) {
    const path = join(folder, 'changed.csv')
    await writeFile(path, lines.join('\n'))
    const table = await check(client, runId, path)
    expect({ ...table, name }).toMatchObject({ rows: 344, target: 'sealed' })
    expect(table.sealedRows).toBeGreaterThanOrEqual(69)
    expect(await write(client, table.tableId, join(folder, 'out.csv'))).toMatchObject({ rows: 344, figures: null })
  }
  expect(rows).toHaveLength(344)
})

it('marks what a spreadsheet would run where that is asked for, and leaves the texts as they are else', async () => {
  const { folder, client, runId } = await penguinLab()
  const path = join(folder, 'new.csv')
  await writeFile(path, 'island,bill_length_mm,=note\nBiscoe,40.1,=1+1\nDream,39,-2 apples\n,38,@sum\n')
  const { tableId } = await check(client, runId, path)
  const out = join(folder, 'out.csv')
  const lines = async (marksFormulas: boolean) => {
    const { jobId } = await client.predictions.write({ tableId, path: out, probabilities: false, marksFormulas })
    await lastOf(client, jobId)
    return (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').slice(0, 3).join(','))
  }
  expect(await lines(false)).toEqual([
    'island,bill_length_mm,=note',
    'Biscoe,40.1,=1+1',
    'Dream,39.0,-2 apples',
    ',38.0,@sum'
  ])
  expect(await lines(true)).toEqual([
    "island,bill_length_mm,'=note",
    "Biscoe,40.1,'=1+1",
    "Dream,39.0,'-2 apples",
    ",38.0,'@sum"
  ])
})

it('gives figures of new rows without those among them that are sealed', async () => {
  const { folder, client, runId } = await penguinLab()
  const text = await readFile(join(root, 'resources', 'datasets', 'penguins.csv'), 'utf8')
  const [header = '', ...rows] = text.trim().split(/\r?\n/)
  // Half a millimetre more in one column is another bird.
  const others = rows.map((line) =>
    line
      .split(',')
      .map((cell, at) => (at === 2 && cell !== 'NA' ? Number(cell) + 0.53 : cell))
      .join(',')
  )
  const path = join(folder, 'new.csv')
  await writeFile(path, [header, ...others, ...rows.slice(0, 60)].join('\n'))
  const table = await check(client, runId, path)
  expect(table).toMatchObject({ rows: 404, target: 'known' })
  expect(table.sealedRows).toBeGreaterThan(0)
  expect(table.sealedRows).toBeLessThan(60)
  expect(describeCheck(table).join(' ')).toMatch(/rows of the sealed test part.*left out/)
  const { figureRows } = await write(client, table.tableId, join(folder, 'out.csv'))
  expect(figureRows).toBe(table.targetRows - table.sealedRows)
  await client.runs.openTest({ runId })
  const opened = await check(client, runId, path)
  expect(opened).toMatchObject({ target: 'known', sealedRows: 0 })
  expect(await write(client, opened.tableId, join(folder, 'out.csv'))).toMatchObject({ figureRows: opened.targetRows })
})

it('predicts numbers in their own units, and refuses in sentences', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const table = join(folder, 'line.csv')
  const rows = Array.from({ length: 80 }, (_, row) => {
    const x = ((row * 37) % 100) / 8
    return `${x},2024-01-${String((row % 28) + 1).padStart(2, '0')},${1000 + 50 * x}`
  })
  await writeFile(table, ['x,day,price', ...rows].join('\n'))
  const dataset = await importDataset(client, { files: [{ path: table }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'price' })
  const columns = settings.columns.map((column) =>
    column.name === 'price' ? column : { ...column, role: 'input' as const, treatAs: 'numeric' as const }
  )
  const experiment = await client.experiments.create({ settings: { ...settings, columns } })
  const plan = { ...defaultPlan('mean_squared_error'), stopping: { epochs: 200, patience: null } }
  const [run] = await client.runs.start({ experimentId: experiment.id, hidden: [], plan, seeds: [1] })
  const runId = run?.id ?? 0
  await waitForStatus(client, runId, 'done')
  const form = await client.predictions.form({ runId })
  expect(form).toMatchObject({ classes: null, columns: [{ column: 'x' }, { column: 'day', date: true }] })
  const [first, second] = await client.predictions.rows({
    runId,
    rows: [
      { x: 10, day: '2024-01-11' },
      { x: 10, day: 19733 }
    ]
  })
  expect(first?.value).toBeGreaterThan(1000)
  expect(first).toEqual(second)

  const empty = join(folder, 'other.csv')
  await writeFile(empty, 'a,b\n1,2\n')
  const failed = await lastOf(client, (await client.predictions.check({ runId, files: [{ path: empty }] })).jobId)
  expect(failed).toMatchObject({
    type: 'failed',
    message: 'other.csv has none of the columns that the network reads: x, day.'
  })
  const { tableId } = await check(client, runId, table)
  const nowhere = join(folder, 'none', 'out.csv')
  const unwritten = await lastOf(client, (await client.predictions.write({ tableId, path: nowhere })).jobId)
  expect(unwritten).toMatchObject({
    type: 'failed',
    message: expect.stringMatching(/There is no folder .*none/) as string
  })
})
