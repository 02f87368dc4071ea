/**
 * ONNX files of others become runs: what PyTorch, scikit-learn and Keras write predicts in the lab what it predicts there,
 * and what is no feedforward network is refused by the name of its operator. The files and what they predict come from
 * test/fixtures/onnx/make_models.py.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment } from '#contract/experiments.ts'
import {
  importDataset,
  openSharedLab,
  planFor,
  proposedExperiment,
  type TestLab,
  waitForStatus
} from '#test/integration/lab/support.ts'
import { root } from '#test/services.ts'
import { listRuns } from '#trials/run-pieces.ts'

const fixtures = join(root, 'test', 'fixtures', 'onnx')
const names = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width']
/** As the sample has them. */
const sampleNames = ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)']

interface Expected extends Record<string, number[] | number[][]> {
  readonly rows: number[][]
}

const expected = JSON.parse(await readFile(join(fixtures, 'expected.json'), 'utf8')) as Expected

let folder: string
let opened: TestLab
let client: ContractClient
/** The question of iris's species. */
let experiment: Experiment

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'topology-lab-onnx-import-'))
  opened = await openSharedLab(join(folder, 'lab'))
  client = opened.client
  experiment = await proposedExperiment(client, await importDataset(client, { sampleId: 'iris' }), 'species')
  expect(experiment.inputs).toEqual(sampleNames)
})

afterAll(async () => {
  await opened.lab.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the run predicts for the rows of the fixtures, given as they are in the table. */
async function predict(runId: number, columns = sampleNames) {
  const rows = expected.rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])))
  return client.predictions.rows({ runId, rows })
}

function close(given: readonly (number | null)[], wanted: readonly number[]) {
  expect(given).toHaveLength(wanted.length)
  given.forEach((value, index) => expect(value).toBeCloseTo(wanted[index] ?? NaN, 5))
}

it.each(['torch', 'torch_composed', 'sklearn'])('%s.onnx predicts as a run what it predicts there', async (name) => {
  const file = { path: join(fixtures, `${name}.onnx`) }
  const run = await client.models.import({ experimentId: experiment.id, file, inputs: 'raw' })
  expect(run).toMatchObject({
    status: 'done',
    source: 'onnx',
    epochs: 1,
    train: { loss: expect.any(Number) as number },
    validation: { accuracy: expect.any(Number) as number },
    testOpened: false,
    message: `Taken over from ${name}.onnx: it reads numbers as they are in the table.`
  })
  const predictions = await predict(run.id)
  predictions.forEach(({ probabilities }, row) => close(probabilities ?? [], (expected[name]?.[row] ?? []) as number[]))
  expect(await client.runs.details({ runId: run.id })).toMatchObject({ validation: { task: 'classification' } })
  const [curve] = await client.runs.curves({ runIds: [run.id] })
  expect(curve?.epochs ?? 0).toBe(0)
  // Nobody knows how it was trained and chosen: it is no point of the curve, and its plan is none of a trial.
  expect(await client.selection.complexity({ experimentId: experiment.id })).toMatchObject({ points: [], tried: 0 })
  expect(await client.selection.verdict({ runId: run.id })).toMatchObject({ verdict: 'unjudged' })
})

it('one sigmoid of scikit-learn becomes two classes', async () => {
  const [header = '', ...lines] = (await readFile(join(root, 'resources', 'datasets', 'iris.csv'), 'utf8'))
    .trim()
    .split('\n')
  const path = join(folder, 'two.csv')
  const rows = lines.map((line) => line.replace('virginica', 'versicolor'))
  await writeFile(path, [header, ...rows].join('\n'))
  const two = await proposedExperiment(client, await importDataset(client, { files: [{ path }] }), 'species')
  const file = { path: join(fixtures, 'sklearn_binary.onnx') }
  const run = await client.models.import({ experimentId: two.id, file, inputs: 'raw' })
  const predictions = await predict(run.id)
  predictions.forEach(({ probabilities }, row) =>
    close(probabilities ?? [], (expected['sklearn_binary']?.[row] ?? []) as number[])
  )
})

it('a number of Keras with one input a column is put in order, and what its numbers mean is found out', async () => {
  const sizes = expected['keras_number'] as number[]
  // The target is what the network gives for raw numbers, so that no other reading fits.
  const lines = Array.from({ length: 64 }, (_, row) => [...(expected.rows[row % 4] ?? []), sizes[row % 4]].join(','))
  const path = join(folder, 'flowers.csv')
  await writeFile(path, [[...names, 'size'].join(','), ...lines].join('\n'))
  const dataset = await importDataset(client, { files: [{ path }] })
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target: 'size', task: 'regression' })
  const columns = settings.columns.map((column) =>
    column.name === 'size' ? column : { ...column, role: 'input' as const, treatAs: 'numeric' as const }
  )
  const sized = await client.experiments.create({ settings: { ...settings, columns } })
  const file = { path: join(fixtures, 'keras_number.onnx') }
  const run = await client.models.import({ experimentId: sized.id, file })
  expect(run.message).toBe(
    'Taken over from keras_number.onnx: it reads numbers as they are in the table, which fits the training part better. ' +
      'It gives the target in its own units.'
  )
  close(
    (await predict(run.id, names)).map(({ value }) => value),
    sizes
  )
})

it.each([
  [
    'the bare network, and finds out by itself that its inputs are prepared',
    'onnx-network',
    ', which fits the training part better'
  ],
  ['the model with its preparation inside, of which it takes the network', 'onnx', '']
] as const)('takes back %s', async (_, format, because) => {
  const hidden = [{ units: 8, activation: 'tanh' as const, normalisation: 'layer' as const }]
  const [started] = await client.runs.start({ experimentId: experiment.id, hidden, plan: planFor(30), seeds: [1] })
  const run = await waitForStatus(client, started?.id ?? 0, 'done')
  const path = join(folder, `${format}.onnx`)
  await client.exports.write({ runId: run.id, format, path })
  const back = await client.models.import({ experimentId: experiment.id, file: { path } })
  expect(back.topology).toEqual(run.topology)
  expect(back.validation?.loss).toBeCloseTo(run.validation?.loss ?? NaN, 5)
  expect(back.message).toBe(
    `Taken over from ${format}.onnx: it reads inputs as the experiment prepares them${because}.`
  )
})

it('refuses by the name of the operator, by counts and by what the file is, and keeps no run', async () => {
  const before = await listRuns(client, {})
  const refusal = (path: string, experimentId = experiment.id) =>
    client.models.import({ experimentId, file: { path } }).then(
      () => '',
      (error: unknown) => toLabError(error).message
    )
  expect(await refusal(join(fixtures, 'torch_conv.onnx'))).toMatch(
    /its operator Conv is none of a network of dense layers/
  )
  // Its first operators are those that take the shape of its input.
  expect(await refusal(join(fixtures, 'torch_lstm.onnx'))).toMatch(/its operator LSTM is none of a network/)
  expect(await refusal(join(fixtures, 'torch_skip.onnx'))).toMatch(/its operator Add joins two computed tensors/)
  expect(await refusal(join(fixtures, 'sklearn_binary.onnx'))).toMatch(/asks for probabilities of 3 classes/)
  const text = join(folder, 'text.onnx')
  await writeFile(text, 'a,b\n1,2\n')
  expect(await refusal(text)).toMatch(/text\.onnx can't be read as an ONNX model/)
  expect(await refusal(join(folder, 'none.onnx'))).toMatch(/There is no file/)
  const penguins = await proposedExperiment(client, await importDataset(client, { sampleId: 'penguins' }), 'species')
  expect(await refusal(join(fixtures, 'torch.onnx'), penguins.id)).toMatch(
    /reads 4 inputs, where the experiment has \d+/
  )
  expect(await listRuns(client, {})).toEqual(before)
})
