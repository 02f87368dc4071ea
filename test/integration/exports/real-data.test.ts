/**
 * Real runs on real data: every format is written and proves itself, and the ONNX files run in onnxruntime as whoever
 * takes them away runs them: raw rows in, and out what the lab predicts.
 * onnxruntime-web is the dependency: the same operators as onnxruntime-node in WASM, texts and ai.onnx.ml among them, at
 * half its size on disk and without binaries for systems that nobody here has.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor, env } from 'onnxruntime-web'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { exportFormats, type ExportFormat } from '#contract/exports.ts'
import { fittedPreparation, type FittedPreparation } from '#contract/preparation.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { type ColumnValues, wantedOf } from '#lab/datasets/column-values.ts'
import { encodeRows } from '#lab/datasets/encode.ts'
import { matchColumns, readNewRows } from '#lab/datasets/predicting/new-columns.ts'
import { createDuckDb } from '#lab/datasets/duckdb.ts'
import { pythonWith, run as runProgram } from '#test/integration/exports/machine.ts'
import { writeMnist } from '#test/integration/exports/mnist.ts'
import {
  importDataset,
  openSharedLab,
  proposedExperiment,
  type TestLab,
  waitForStatus
} from '#test/integration/lab/support.ts'
import { root } from '#test/services.ts'

env.wasm.numThreads = 1

const python = pythonWith('onnx')

let own: string
let opened: TestLab
/** The ONNX files that were written. */
const written: string[] = []

beforeAll(async () => {
  own = await mkdtemp(join(tmpdir(), 'topology-lab-real-data-'))
  opened = await openSharedLab(join(own, 'lab'))
})

afterAll(async () => {
  await opened.lab.close()
  await rm(own, { recursive: true, force: true })
})

/** A trained network with its exports, and rows with the lab's own predictions of them. */
async function predicted(client: ContractClient, folder: string, runId: number, paths: readonly string[]) {
  const files: string[] = []
  for (const [index, path] of paths.entries()) {
    const checking = await client.predictions.check({ runId, files: [{ path }] })
    let tableId = ''
    for await (const item of await client.predictions.progress(checking)) {
      if (item.type === 'failed') throw new Error(item.message)
      if (item.type === 'checked') ({ tableId } = item.table)
    }
    const out = join(folder, `predicted-${index}.parquet`)
    const writing = await client.predictions.write({ tableId, path: out })
    for await (const item of await client.predictions.progress(writing)) {
      if (item.type === 'failed') throw new Error(item.message)
    }
    files.push(out)
  }
  return files
}

/** Reads raw columns, and after them the prediction and the probabilities, from a written file. */
async function readBack(file: string, { columns, classes, target }: FittedPreparation) {
  const duckDb = createDuckDb({ log: () => undefined })
  try {
    return await duckDb.use(undefined, async (session) => {
      const added = [
        { column: `predicted ${target}`, kind: classes ? 'categorical' : 'numeric' } as const,
        ...(classes ?? []).map((name) => ({ column: `probability of ${name}`, kind: 'numeric' }) as const)
      ]
      const matched = await matchColumns(session, file, [...columns.map(wantedOf), ...added])
      const values: (string | number | null)[][] = matched.columns.map(() => [])
      for await (const piece of readNewRows(session, file, matched.columns)) {
        values.forEach((list, index) => list.push(...piece.column(index)))
      }
      return { raw: values.slice(0, columns.length), answers: values.slice(columns.length) }
    })
  } finally {
    await duckDb.close()
  }
}

/** Runs a file of the whole model on raw rows. */
async function runOnnx(session: InferenceSession, raw: readonly (string | number | null)[][]) {
  const feeds = session.inputMetadata.map((port, index) => {
    const given = raw[index] ?? []
    const dims = [given.length, 1]
    if (!port.isTensor) throw new Error(`${port.name} is no tensor.`)
    if (port.type === 'string')
      return [
        port.name,
        new Tensor(
          'string',
          given.map((value) => String(value ?? '')),
          dims
        )
      ]
    const numbers = given.map((value) => (value === null ? NaN : Number(value)))
    return [
      port.name,
      port.type === 'float64'
        ? new Tensor('float64', Float64Array.from(numbers), dims)
        : new Tensor('float32', Float32Array.from(numbers), dims)
    ]
  })
  return session.run(Object.fromEntries(feeds) as Record<string, Tensor>)
}

/** Rows of the data set with a cell missing in each, and categories that no row of it has. */
async function writeStrangeRows(folder: string, sample: string): Promise<string> {
  const [header = '', ...lines] = (await readFile(join(root, 'resources', 'datasets', `${sample}.csv`), 'utf8'))
    .trim()
    .split('\n')
  const strange = lines.slice(0, 120).map((line, row) => {
    const cells = line.split(',')
    return cells
      .map((cell, column) => {
        if ((row + column) % cells.length === 0) return ''
        return (row + column) % 7 === 0 && Number.isNaN(Number(cell)) ? 'never seen' : cell
      })
      .join(',')
  })
  const path = join(folder, `strange-${sample}.csv`)
  await writeFile(path, [header, ...strange].join('\n'))
  return path
}

/** Trains, exports, predicts and compares; gives the largest relative difference from the lab. */
async function largestDifference(sample: string, target: string, files?: { path: string }[]): Promise<number> {
  const { client } = opened
  const folder = join(own, sample)
  await mkdir(folder, { recursive: true })
  const dataset = await importDataset(client, files ? { files } : { sampleId: sample })
  const experiment = await proposedExperiment(client, dataset, target)
  const isClasses = experiment.settings.task === 'classification'
  const [started] = await client.runs.start({
    experimentId: experiment.id,
    hidden: [
      { units: 24, activation: 'relu', normalisation: 'batch' },
      { units: 12, activation: 'gelu', normalisation: 'layer' }
    ],
    plan: {
      ...defaultPlan(isClasses ? 'cross_entropy' : 'mean_squared_error'),
      stopping: { epochs: 4, patience: null }
    },
    seeds: [1]
  })
  const run = await waitForStatus(client, started?.id ?? 0, 'done')
  const exported = async (format: ExportFormat) => {
    const path = join(folder, `${format}.${exportFormats[format].extension}`)
    const { proof, epoch } = await client.exports.write({ runId: run.id, format, path })
    expect(epoch).toBe(run.bestEpoch)
    if (proof) expect(proof.largestDifference, format).toBeLessThanOrEqual(proof.tolerance)
    expect(await readFile(join(folder, `${format}.md`), 'utf8')).toContain('| test | not opened |')
    return path
  }
  const { preparation: given } = JSON.parse(await readFile(await exported('json'), 'utf8')) as { preparation: unknown }
  const preparation = fittedPreparation.parse(given)
  const { classes, targetScale } = preparation
  for (const format of ['safetensors', 'js', 'python', 'c'] as const) await exported(format)
  expect(await client.exports.list({ runId: run.id })).toMatchObject([
    { format: 'c', proof: null },
    { format: 'python' },
    { format: 'js', files: [{ name: 'js.js' }, { name: 'js.d.ts' }, { name: 'js.md' }] },
    { format: 'safetensors' },
    { format: 'json' }
  ])
  const whole = await InferenceSession.create(await readFile(await exported('onnx')))
  const bare = await InferenceSession.create(await readFile(await exported('onnx-network')))
  written.push(join(folder, 'onnx.onnx'), join(folder, 'onnx-network.onnx'))
  const table = files?.map(({ path }) => path) ?? [join(root, 'resources', 'datasets', `${sample}.csv`)]
  const strange = files ? [] : [await writeStrangeRows(folder, sample)]
  let largest = 0
  for (const file of await predicted(client, folder, run.id, [...table.slice(0, 1), ...strange])) {
    const { raw, answers } = await readBack(file, preparation)
    const [said = [], ...probabilities] = answers
    const rows = said.length
    const outputs = await runOnnx(whole, raw)
    const inputs = encodeRows(preparation, raw as ColumnValues[])
    const network = await bare.run({ inputs: new Tensor('float32', inputs, [rows, preparation.inputs.length]) })
    const plain = network['outputs']?.data as Float32Array
    if (classes) {
      expect([...(outputs[target]?.data as unknown as string[])]).toEqual(said)
      const shares = outputs['probabilities']?.data as Float32Array
      for (let row = 0; row < rows; row++) {
        for (let place = 0; place < classes.length; place++) {
          const wanted = Number(probabilities[place]?.[row])
          largest = Math.max(largest, Math.abs((shares[row * classes.length + place] ?? NaN) - wanted))
          largest = Math.max(largest, Math.abs((plain[row * classes.length + place] ?? NaN) - wanted))
        }
      }
    } else {
      const values = outputs[target]?.data as Float32Array
      said.forEach((value, row) => {
        const wanted = Number(value)
        largest = Math.max(largest, Math.abs((values[row] ?? NaN) - wanted) / Math.abs(wanted))
        const scaled = (plain[row] ?? NaN) * targetScale.deviation + targetScale.mean
        largest = Math.max(largest, Math.abs(scaled - wanted) / Math.abs(wanted))
      })
    }
  }
  return largest
}

it.each([
  ['iris', 'species'],
  ['penguins', 'species'],
  ['ames_housing', 'Sale_Price']
])(
  '%s: raw rows in onnxruntime give what the lab predicts, missing and unseen values among them',
  async (sample, target) => {
    expect(await largestDifference(sample, target)).toBeLessThan(1e-5)
  }
)

it('MNIST: images in onnxruntime give what the lab predicts', async () => {
  const folder = join(own, 'images')
  await mkdir(folder)
  // The middle of the images: a column a pixel, as with all of them, in a tenth of the time.
  const files = await writeMnist(folder, 200, 12)
  expect(await largestDifference('mnist', 'label', files)).toBeLessThan(1e-5)
})

it('dates, times, durations, truth values and orders in onnxruntime give what the lab predicts', async () => {
  const folder = join(own, 'deliveries')
  await mkdir(folder)
  const lines = Array.from({ length: 400 }, (_, row) => {
    const at = new Date(Date.UTC(2018, 0, 1) + ((row * 7919) % 1800) * 86_400_000 + ((row * 37) % 96) * 900_000)
    const sent = row % 29 === 0 ? '' : at.toISOString().slice(0, 16).replace('T', ' ')
    const opens = row % 31 === 0 ? '' : `${(row * 5) % 24}:${row % 2 ? '15' : '45'}`
    const pace = `${4 + (row % 3)}:${String((row * 13) % 60).padStart(2, '0')}`
    const fragile = row % 3 ? 'True' : 'False'
    const hours = 20 + 5 * Math.sin((2 * Math.PI * at.getUTCMonth()) / 12) + (row % 3) + ((row * 7) % 11) / 10
    return [sent, opens, pace, fragile, ['low', 'mid', 'high'][row % 3], hours.toFixed(3)].join(',')
  })
  const path = join(folder, 'deliveries.csv')
  await writeFile(path, ['sent,opens,pace,fragile,care,hours', ...lines].join('\n'))
  expect(await largestDifference('deliveries', 'hours', [{ path }])).toBeLessThan(1e-5)
})

it.skipIf(python === null)("ONNX's own checker accepts all of these files", () => {
  expect(written).toHaveLength(10)
  const script = `import onnx, sys\nfor path in sys.argv[1:]: onnx.checker.check_model(onnx.load(path), full_check=True)`
  runProgram(python ?? '', ['-c', script, ...written], own)
})
