/** A store in a temporary folder, with one data set and one experiment to hang runs on. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { Dataset } from '#contract/datasets.ts'
import type { NewExperiment } from '#lab/store/experiments.ts'
import type { NewRun } from '#lab/store/runs.ts'
import { openStore, type Store } from '#lab/store/store.ts'

export const migrationsFolder = resolve(import.meta.dirname, '../../../src-main/store/migrations')

/** Makes a folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'topology-lab-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Opens the store of a folder and closes it with the test. */
export async function storeIn(
  folder: string,
  options: { readOnly?: boolean; migrationsFolder?: string } = {}
): Promise<Store> {
  const store = await openStore({ folder, migrationsFolder, readOnly: false, suspicious: false, ...options })
  onTestFinished(() => store.close())
  return store
}

export const dataset: Dataset = {
  id: '0123456789ab',
  name: 'Flowers',
  hash: '0123456789abcdef',
  source: 'flowers.csv',
  rows: 6,
  columns: [
    {
      name: 'length',
      type: 'numeric',
      missing: 0,
      distinct: 5,
      integer: false,
      summary: { minimum: 1, maximum: 2, mean: 1.5, median: 1.5, deviation: 0.1 },
      histogram: { kind: 'numeric', edges: [1, 2], counts: [6] },
      examples: ['1.2'],
      note: null
    }
  ],
  image: null,
  warnings: ['One row was empty.'],
  doubts: [],
  reading: null,
  sizeBytes: 1234,
  importedAt: 1000
}

export const experiment: NewExperiment = {
  datasetId: dataset.id,
  name: 'Flowers: kind',
  settings: {
    datasetId: dataset.id,
    target: 'kind',
    task: 'classification',
    columns: [],
    preparation: { missing: 'impute', indicators: false, scaling: 'standard', levelCap: 10 },
    split: { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true }
  },
  preparation: {
    version: 1,
    columns: [{ kind: 'numeric', column: 'length', fill: 1.5, offset: 1.5, scale: 0.1, indicator: false }],
    inputs: ['length'],
    target: 'kind',
    classes: ['a', 'b', 'c'],
    targetScale: { mean: 0, deviation: 1 },
    warnings: []
  },
  preparedKey: 'key',
  rows: { train: Uint32Array.of(0, 3, 5), validation: Uint32Array.of(1, 2), test: Uint32Array.of(4) },
  dropped: 0,
  warnings: [],
  createdAt: 2000
}

export const run: Omit<NewRun, 'experimentId'> = {
  parentId: null,
  topology: { inputs: 1, layers: [{ units: 3, activation: 'softmax' }] },
  plan: {
    loss: 'cross_entropy',
    optimizer: { name: 'sgd', learningRate: 0.1 },
    initialisation: { name: 'auto' },
    batchSize: 32,
    stopping: { epochs: 10, patience: null }
  },
  seed: 1,
  parameters: 6,
  note: '',
  createdAt: 3000
}

export const checkpoint: Checkpoint = {
  version: 1,
  epoch: 4,
  step: 40,
  elapsedSeconds: 1.25,
  parameters: Float32Array.of(0.1, -0, NaN, Infinity, 1e-45),
  optimizerState: Float32Array.of(0.3),
  random: Uint32Array.of(4294967295, 0, 7),
  unfinished: { rows: 2, sums: { loss: 0.1 + 0.2, correct: 1, squared: 0, absolute: 0 } },
  best: { epoch: 3, value: 0.1 + 0.2, parameters: Float32Array.of(1 / 3) }
}

/** Adds the data set and the experiment above; returns the experiment's id. */
export function addExperiment(store: Store): number {
  store.datasets.add(dataset)
  return store.experiments.add(experiment)
}
