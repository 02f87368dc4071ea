/** Cross-validation in a whole lab: the same folds for all topologies, nothing leaks, and a choice can rest on them. */
import Sqlite from 'better-sqlite3'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hiddenLayers } from '#engine/network/topology.ts'
import type { ContractClient } from '#contract/contract.ts'
import { toLabError } from '#contract/client-errors.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { complexity } from '#contract/selection.ts'
import type { Run } from '#contract/runs.ts'
import {
  importDataset,
  openLab,
  planFor,
  proposedExperiment,
  ringsExperiment,
  sweepOf,
  waitForStatus,
  waitForSweep
} from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'
import { listRuns } from '#trials/run-pieces.ts'
import { nameTopology } from '#words/topologies.ts'

interface StoredFold {
  readonly fold: number
  readonly preparation: FittedPreparation
  readonly validation: readonly number[]
  readonly train: readonly number[]
}

/** Reads the folds, and the rows of the experiment's own parts, beside the lab. */
function readFolds(folder: string): { folds: StoredFold[]; inner: number[]; test: number[] } {
  const db = new Sqlite(join(folder, 'lab.sqlite'), { readonly: true })
  try {
    const rowsOf = (blob: Uint8Array) => [...new Uint32Array(new Uint8Array(blob).buffer)]
    const [parts] = db.prepare('SELECT train_rows, validation_rows, test_rows FROM experiments').raw().all() as [
      [Uint8Array, Uint8Array, Uint8Array]
    ]
    const [train, validation, test] = parts.map(rowsOf) as [number[], number[], number[]]
    const inner = [...train, ...validation].sort((a, b) => a - b)
    const stored = db.prepare('SELECT fold, preparation, validation_rows FROM folds ORDER BY fold').raw().all() as [
      number,
      string,
      Uint8Array
    ][]
    const folds = stored.map(([fold, preparation, blob]) => {
      const judging = rowsOf(blob)
      return {
        fold,
        preparation: JSON.parse(preparation) as FittedPreparation,
        validation: judging,
        train: inner.filter((row) => !judging.includes(row))
      }
    })
    return { folds, inner, test }
  } finally {
    db.close()
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** A table whose folds can't be mistaken: a number that grows with the row, one that is missing at times, rare levels. */
function mixedRows(): { x: number; gap: number | null; level: string; y: number }[] {
  return Array.from({ length: 60 }, (_, row) => ({
    x: row * row,
    gap: row % 7 === 0 ? null : row,
    level: row === 17 ? 'rare' : row % 2 === 0 ? 'even' : 'odd',
    y: Math.sin(row) * 10
  }))
}

async function sweepFolds(
  client: ContractClient,
  experiment: Experiment,
  hidden: string[],
  folds: number,
  seeds = [1]
) {
  const settings = { ...sweepOf(experiment, hidden, { epochs: 30 }), folds, seeds, baseline: false }
  const plan = experiment.classes ? settings.plan : { ...settings.plan, loss: 'mean_squared_error' as const }
  const { id } = await client.sweeps.start({ ...settings, plan })
  return waitForSweep(client, id, ({ status }) => status === 'done')
}

it('fits the preparation of each fold on its own training rows, and deals every row of both parts once', async () => {
  const folder = await temporaryFolder()
  const { client, errors } = await openLab(folder)
  const rows = mixedRows()
  const path = join(folder, 'mixed.csv')
  const lines = rows.map(({ x, gap, level, y }) => `${x},${gap ?? ''},${level},${y}`)
  await writeFile(path, `x,gap,level,y\n${lines.join('\n')}\n`)
  const dataset = await importDataset(client, { files: [{ path }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'y' })
  const columns = settings.columns.map((column) =>
    column.name === 'y' ? column : { ...column, role: 'input' as const }
  )
  const experiment = await client.experiments.create({ settings: { ...settings, columns } })
  await sweepFolds(client, experiment, ['3'], 4)
  const { folds, inner, test } = readFolds(folder)

  expect(folds.flatMap(({ validation }) => validation).sort((a, b) => a - b)).toEqual(inner)
  expect(test.filter((row) => inner.includes(row))).toEqual([])
  const runs = await listRuns(client, { experimentId: experiment.id })
  for (const { fold, preparation, train, validation } of folds) {
    const encoding = (name: string) => preparation.columns.find(({ column }) => column === name)
    const own = train.map((row) => rows[row]).filter((row) => row !== undefined)
    const x = encoding('x')
    if (x?.kind !== 'numeric') throw new Error('x is a number.')
    expect(x.offset).toBeCloseTo(mean(own.map((row) => row.x)), 6)
    const gap = encoding('gap')
    const known = own.flatMap((row) => row.gap ?? []).sort((a, b) => a - b)
    const middle = (known.length - 1) / 2
    expect(gap?.fill).toBe(mean([known[Math.floor(middle)] ?? 0, known[Math.ceil(middle)] ?? 0]))
    expect(preparation.targetScale.mean).toBeCloseTo(mean(own.map((row) => row.y)), 6)
    const level = encoding('level')
    const seen = [...new Set(own.map((row) => row.level))].sort()
    expect(level?.kind === 'categorical' && level.levels).toEqual(seen)

    // The engine read these very numbers: inputs of the fold's training rows have a mean of 0, those of the others not.
    const run = runs.find(({ data }) => data.kind === 'fold' && data.index === fold)
    expect(run?.topology.inputs).toBe(preparation.inputs.length)
    const file = async (part: string, count: number) => {
      const key = readKey(folder)
      const bytes = await readFile(join(folder, 'prepared', key, `fold-${fold}-of-4-${part}.f32`))
      const values = new Float32Array(new Uint8Array(bytes).buffer)
      expect(values).toHaveLength(count * (preparation.inputs.length + 1))
      return values
    }
    const prepared = await file('train', train.length)
    const firstColumn = train.map((_, place) => prepared[place * preparation.inputs.length] ?? NaN)
    expect(mean(firstColumn)).toBeCloseTo(0, 5)
    const judging = await file('validation', validation.length)
    expect(judging[0]).toBeCloseTo(((rows[validation[0] ?? 0]?.x ?? NaN) - x.offset) / x.scale, 4)

    // What leaves the lab takes the fold's own preparation along.
    const exported = join(folder, `fold-${fold}.json`)
    await client.exports.write({ runId: run?.id ?? 0, format: 'json', path: exported })
    const document = JSON.parse(await readFile(exported, 'utf8')) as { preparation: FittedPreparation }
    expect(document.preparation).toEqual(preparation)
    const worst = await client.diagnostics.worstRows({ runId: run?.id ?? 0, part: 'validation' })
    expect(worst.rows.map(({ row }) => row - 1).sort((a, b) => a - b)).toEqual([...validation])
    const axis = { runId: run?.id ?? 0, weights: 'best' as const, x: 'x', y: null, row: null, resolution: 16 }
    expect((await client.understand.surface(axis)).epoch).toBe(run?.bestEpoch)
  }
  // The rare level is in one fold alone, whose networks therefore lack an input; they are one topology all the same.
  expect(new Set(runs.map(({ topology }) => topology.inputs)).size).toBe(2)
  const { points } = await client.selection.complexity({ experimentId: experiment.id, folds: 4 })
  expect(points.map((point) => [nameTopology(point), point.seeds])).toEqual([
    ['mean', 4],
    ['3', 4]
  ])
  expect(errors).toEqual([])
})

function readKey(folder: string): string {
  const db = new Sqlite(join(folder, 'lab.sqlite'), { readonly: true })
  try {
    return db.prepare<[], string>('SELECT prepared_key FROM experiments').pluck().get() ?? ''
  } finally {
    db.close()
  }
}

const foldOf = ({ data }: Run) => (data.kind === 'fold' ? `${data.index} of ${data.of}` : data.kind)
const refusalOf = (call: Promise<unknown>) => call.then(() => null, toLabError)

it('compares topologies over folds, apart from the one validation part, and lets one be chosen', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const experimentId = experiment.id
  const settings = { ...sweepOf(experiment, ['none', '24']), folds: 5, seeds: [1, 2] }
  expect(await client.sweeps.forecast(settings)).toMatchObject({ points: 2, runs: 20 })
  const ended = await sweepFolds(client, experiment, ['none', '24'], 5, [1, 2])
  expect(ended).toMatchObject({ points: 2, planned: 20, runs: { done: 20 } })
  const runs = await listRuns(client, { experimentId })
  expect(new Set(runs.map(foldOf))).toEqual(new Set([1, 2, 3, 4, 5].map((index) => `${index} of 5`)))

  // Nothing of it counts where the one validation part judges.
  const whole = await client.selection.complexity({ experimentId })
  expect(whole).toMatchObject({ folds: null, foldCounts: [5], points: [], tried: 0 })
  expect((await client.selection.learningCurves({ experimentId })).curves).toEqual([])

  const over = await client.selection.complexity({ experimentId, folds: 5 })
  expect(over).toMatchObject({ folds: 5, tried: 2, unfinished: 0, extraSeeds: 0, noise: { rows: 0 } })
  const large = over.points.find(({ hiddenUnits }) => hiddenUnits === 24)
  expect(large?.trials).toHaveLength(10)
  const byFold = [1, 2, 3, 4, 5].map((fold) =>
    mean((large?.trials ?? []).filter((trial) => trial.fold === fold).map(({ validation }) => validation))
  )
  expect(large?.validation.mean).toBeCloseTo(mean(byFold), 9)
  const spread = Math.sqrt(mean(byFold.map((error) => (error - mean(byFold)) ** 2)) / 4)
  expect(large?.validation.standardError).toBeCloseTo(spread, 9)
  expect(over.reason).toContain('over 5 folds')

  const { candidates } = await client.choice.get({ experimentId, folds: 5 })
  expect(candidates.map(({ key }) => key)).toContain(large?.key)
  const chosen = candidates.find(({ key }) => key === large?.key)
  const runId = chosen?.runId ?? 0
  await client.choice.make({ experimentId, runId, reason: 'The folds say so.' })
  expect(await refusalOf(client.runs.openTest({ runId }))).toMatchObject({ code: 'conflict' })
  const seed = (await client.runs.get({ runId })).seed
  const final = await client.choice.trainFinal({ experimentId })
  const bestEpochs = (chosen?.runs ?? []).map(({ runId: id }) => runs.find((run) => run.id === id)?.bestEpoch ?? 0)
  const sorted = bestEpochs.toSorted((a, b) => a - b)
  expect(final).toMatchObject({ data: { kind: 'final' }, seed, parentId: runId })
  expect(final.plan.stopping.epochs).toBe(Math.round(mean([sorted[4] ?? 0, sorted[5] ?? 0])))
  await waitForStatus(client, final.id, 'done')

  const expectation = await client.choice.expectation({ runId: final.id })
  const { train, validation } = experiment.rows
  expect(expectation).toMatchObject({ ofRun: runId, validationRows: train + validation })
  const { opening } = await client.runs.openTest({ runId: final.id })
  expect(opening.count).toBe(1)
  const report = await client.report.write({ experimentId, format: 'json' })
  expect(JSON.parse(report.text ?? '')).toMatchObject({ folds: 5, choices: [{ key: large?.key }] })
  expect((await client.report.write({ experimentId, format: 'html' })).text).toContain('the same 5 folds')

  // Weights that have learned rows of the validation part can't begin a run that it judges.
  const hidden = [{ units: 24, activation: 'relu' as const }]
  const begun = client.runs.start({
    experimentId,
    hidden,
    plan: planFor(3),
    seeds: [1],
    from: { runId, epoch: (await client.runs.kept({ runId })).best ?? 0 }
  })
  expect(await refusalOf(begun)).toMatchObject({ code: 'bad_settings', details: { field: 'from' } })

  // A bundle takes the folds along.
  const path = join(folder, 'rings.toplab')
  const { jobId } = await client.transfers.write({ experimentId, to: 'bundle', path })
  for await (const item of await client.transfers.progress({ jobId }))
    if (item.type === 'failed') throw Error(item.message)
  const other = await openLab(await temporaryFolder())
  const { jobId: readId } = await other.client.transfers.read({ source: { path } })
  for await (const item of await other.client.transfers.progress({ jobId: readId }))
    if (item.type === 'failed') throw Error(item.message)
  const [moved] = await other.client.experiments.list()
  const movedOver = await other.client.selection.complexity({ experimentId: moved?.id ?? 0, folds: 5 })
  expect(movedOver.points.map(({ validation: figures }) => figures)).toEqual(
    over.points.map(({ validation: figures }) => figures)
  )
  const [movedRun] = await listRuns(other.client, { experimentId: moved?.id ?? 0, limit: 20 })
  expect(await other.client.diagnostics.ofPart({ runId: movedRun?.id ?? 0 })).toMatchObject({ task: 'classification' })
})

it('goes on after an interruption with exactly the runs planned, and counts no topology before all its folds', async () => {
  const folder = await temporaryFolder()
  const first = await openLab(folder)
  const experiment = await ringsExperiment(first.client, folder)
  const experimentId = experiment.id
  const settings = { ...sweepOf(experiment, ['2', '8'], { epochs: 8000 }), folds: 4, seeds: [3] }
  const { id } = await first.client.sweeps.start(settings)
  await waitForSweep(first.client, id, ({ runs }) => runs.done > 0)
  const early = await first.client.selection.complexity({ experimentId, folds: 4 })
  expect(early.points.every(({ trials }) => trials.length === 4)).toBe(true)
  await first.lab.close()

  const { client } = await openLab(folder)
  await client.sweeps.resume({ sweepId: id })
  await waitForSweep(client, id, ({ status }) => status === 'done')
  const runs = await listRuns(client, { experimentId })
  const planned = ['none', '2', '8'].flatMap((units) => [1, 2, 3, 4].map((fold) => `${units} fold ${fold} seed 3`))
  const done = runs.map(({ topology, data, seed }) => {
    const [layer] = hiddenLayers(topology)
    return `${layer?.units ?? 'none'} fold ${data.kind === 'fold' ? data.index : 0} seed ${seed}`
  })
  expect(done.sort()).toEqual(planned.sort())
  const over = await client.selection.complexity({ experimentId, folds: 4 })
  expect(complexity.parse(over)).toEqual(over)
  expect(over.points.filter(({ trials }) => trials.some(({ runId }) => runId !== null))).toHaveLength(3)

  // One fold less, and the topology has no mean to compare.
  const gone = runs.find(({ topology }) => topology.layers.length === 2)
  await client.runs.remove({ runIds: [gone?.id ?? 0] })
  const after = await client.selection.complexity({ experimentId, folds: 4 })
  expect(after.tried).toBe(over.tried - 1)
  expect(after.unfinished).toBe(3)
})

it('says in one sentence why rows are too few, before anything is trained', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const path = join(folder, 'few.csv')
  const lines = Array.from({ length: 40 }, (_, row) => `${row},${(row * 3) % 7},${row < 34 ? 'many' : 'few'}`)
  await writeFile(path, `x,y,kind\n${lines.join('\n')}\n`)
  const dataset = await importDataset(client, { files: [{ path }] })
  const experiment = await proposedExperiment(client, dataset, 'kind')
  const settings = { ...sweepOf(experiment, ['4']), folds: 10 }
  for (const call of [client.sweeps.forecast(settings), client.sweeps.start(settings)]) {
    const refusal = await refusalOf(call)
    expect(refusal).toMatchObject({ code: 'bad_settings', details: { field: 'folds' } })
    expect(refusal?.message).toMatch(
      /^10 folds need at least 10 rows of every class; "few" of kind has 5 rows .* Take 5 folds or fewer\.$/
    )
  }
  const both = { ...settings, folds: 4, shares: [0.5, 1] }
  expect(await refusalOf(client.sweeps.start(both))).toMatchObject({ details: { field: 'folds' } })
  expect(await listRuns(client, {})).toEqual([])
})
