/**
 * Fills a new lab with finished runs that nobody trained, to measure what a long history costs:
 * `node test/bench/fill-lab.ts FOLDER [RUNS] [WITH_CURVES] [EPOCHS]`. The table and its experiment are real, so that the
 * whole window works on them; the figures of the runs are made up, their forms are not.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { outputFor } from '#engine/network/losses.ts'
import { parameterCount } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Dataset } from '#contract/datasets.ts'
import type { Experiment } from '#contract/experiments.ts'
import { createLab } from '#lab/lab.ts'
import { openStore } from '#lab/store/store.ts'
import { createServices, root } from '#test/services.ts'

const seeds = 5

/** The runs of an experiment of their own: five seeds a group, the first of them with curves of so many epochs. */
export interface Filling {
  readonly runs: number
  readonly curves: number
  readonly epochs: number
}

/** Makes a lab with an experiment for each filling; gives their numbers. */
export async function fillLab(folder: string, fillings: readonly Filling[]): Promise<number[]> {
  mkdirSync(folder, { recursive: true })
  const lab = await createLab(folder, createServices('direct'))
  const experiments: Experiment[] = []
  const dataset = await importSample(lab.client, 'breast_cancer')
  for (const { runs } of fillings) {
    const { settings } = await lab.client.experiments.propose({ datasetId: dataset.id })
    experiments.push(await lab.client.experiments.create({ settings, name: `${runs} runs` }))
  }
  await lab.close()
  const store = await openStore({
    folder,
    migrationsFolder: join(root, 'src-main', 'store', 'migrations'),
    readOnly: false,
    suspicious: false
  })
  const random = new Random(1)
  for (const [at, experiment] of experiments.entries()) {
    const filling = fillings[at] as Filling
    for (let start = 0; start < filling.runs; start += 500) {
      store.transaction(() => {
        for (let index = start; index < Math.min(filling.runs, start + 500); index++) addRun(experiment, filling, index)
      })
    }
  }
  store.close()
  return experiments.map(({ id }) => id)

  function addRun({ id: experimentId, settings, inputs, classes }: Experiment, wanted: Filling, index: number): void {
    const group = Math.floor(index / seeds)
    const output = outputFor(settings.task, classes?.length ?? 0)
    const width = 2 ** (1 + (group % 8))
    const depth = 1 + (Math.floor(group / 8) % 4)
    const plan = defaultPlan(output.loss)
    const learningRate = [0.0003, 0.001, 0.003, 0.01][Math.floor(group / 32) % 4] ?? 0.001
    const topology = {
      inputs: inputs.length,
      layers: [
        ...Array.from({ length: depth }, () => ({ units: width, activation: 'relu' as const })),
        { units: output.units, activation: output.activation }
      ]
    }
    const runId = store.runs.add({
      experimentId,
      parentId: null,
      topology,
      plan: {
        ...plan,
        optimizer: { ...plan.optimizer, learningRate },
        batchSize: 8 * (1 + Math.floor(group / 128)),
        stopping: { epochs: wanted.epochs, patience: 20 }
      },
      seed: 1 + (index % seeds),
      parameters: parameterCount(topology),
      note: index % 50 === 0 ? 'Is depth worth it here?' : '',
      tags: index < wanted.curves ? ['curves'] : index % 20 === 0 ? ['baseline'] : [],
      createdAt: index
    })
    const floor = 0.1 + 0.2 * random.uniform()
    const bestEpoch = Math.ceil(wanted.epochs * (0.5 + 0.4 * random.uniform()))
    if (index < wanted.curves) {
      const columns = metricColumns(settings.task, topology)
      const values = new Float32Array(columns.length * wanted.epochs)
      columns.forEach((name, column) => {
        for (let epoch = 1; epoch <= wanted.epochs; epoch++) {
          const fall = floor + (name.startsWith('validation') ? 0.05 : 0) + 2 / (1 + epoch / 10)
          values[column * wanted.epochs + epoch - 1] = name === 'seconds' ? epoch / 100 : fall + 0.02 * random.uniform()
        }
      })
      store.metrics.append({ runId, firstEpoch: 1, epochs: wanted.epochs, values })
    }
    store.runs.saveProgress(runId, {
      epochs: wanted.epochs,
      bestEpoch,
      train: { loss: floor, accuracy: 1 - floor / 3 },
      validation: { loss: floor + 0.05, accuracy: 0.98 - floor / 3 },
      seconds: wanted.epochs / 100,
      samplesPerSecond: 1e5
    })
    store.runs.saveStatus(runId, { status: 'running', message: null, startedAt: index })
    store.runs.saveStatus(runId, {
      status: index % 97 === 0 ? 'diverged' : 'done',
      message: null,
      reason: 'patience',
      endedAt: index + 1000
    })
  }
}

async function importSample(client: ContractClient, sampleId: string): Promise<Dataset> {
  const { jobId } = await client.datasets.import({ source: { sampleId } })
  for await (const item of await client.datasets.importProgress({ jobId })) {
    if (item.type === 'done') return item.dataset
    if (item.type === 'failed') throw new Error(item.message)
  }
  throw new Error('The import ended without a last item.')
}

if (process.argv[1] === import.meta.filename) {
  const [folder = 'lab', runs = '10000', curves = '1000', epochs = '1000'] = process.argv.slice(2)
  await fillLab(resolve(folder), [{ runs: Number(runs), curves: Number(curves), epochs: Number(epochs) }])
  process.stdout.write(`${runs} runs in ${resolve(folder)}\n`)
}
