/** Takes an ONNX file over as a finished run of an experiment: read, fitted, measured, stored. */
import { open } from 'node:fs/promises'
import { checkTopology, outputLayer, parameterCount, type Topology } from '#engine/network/topology.ts'
import { outputFor } from '#engine/network/losses.ts'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'
import { detailPart } from '#engine/training/part-details.ts'
import type { PartDetails, PartMetrics } from '#engine/training/metrics.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import { checkpointVersion } from '#engine/training/checkpoint.ts'
import { LabError } from '#contract/errors.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { finiteMetrics } from '#lab/runs/progress.ts'
import { assemble } from '#lab/models/onnx-import/compile.ts'
import { fitLayers, type Meaning } from '#lab/models/onnx-import/fit-experiment.ts'
import { type NetworkFile, readNetwork } from '#lab/models/onnx-import/read-file.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Store } from '#lab/store/store.ts'

export interface TakeOverOptions {
  /** The app's folder, for the thread that reads. */
  readonly root: string
  readonly store: Store
  readonly prepared: PreparedTables
  readonly engine: EngineHost
}

export interface TakeOverRequest extends NetworkFile {
  readonly experiment: StoredExperiment
  readonly inputs: 'auto' | Meaning['inputs']
}

interface Network {
  readonly topology: Topology
  readonly parameters: Float32Array
}

/**
 * Takes the file over; gives the id of the run.
 * Errors: LabError 'bad_file' for a file that is no ONNX model, no feedforward network, or does not fit the experiment.
 */
export async function takeOver(options: TakeOverOptions, request: TakeOverRequest): Promise<number> {
  const { root, store, prepared, engine } = options
  const { experiment, file } = request
  const { preparation, settings } = experiment
  const read = await readNetwork(root, request)
  const fit = fitLayers(read.layers, read, preparation, file.name)
  const asked = read.isPrepared ? 'prepared' : request.inputs
  const plan = planOf(experiment)
  const { train, validation, ...dataset } = await prepared.prepare(experiment)
  const measure = async ({ topology, parameters }: Network, part: MatrixFile) =>
    finiteMetrics(await engine.evaluate({ topology, plan, parameters, dataset, part }))

  let best: { network: Network; meaning: Meaning; figures: PartMetrics } | null = null
  for (const meaning of meaningsOf(asked, settings.task === 'classification')) {
    const network = assemble(fit(meaning))
    const [problem] = checkTopology(network.topology)
    if (problem) throw new LabError('bad_file', `${file.name}: ${problem.message}`, { file: file.name })
    const figures = await measure(network, train)
    if (figures && (best === null || figures.loss < best.figures.loss)) best = { network, meaning, figures }
  }
  if (!best) throw new LabError('bad_file', `${file.name} gives no finite outputs on the training part.`)
  const { network, meaning, figures } = best
  const trainDetails = await detailsOf(engine, network, dataset, train)
  const validationMetrics = validation && (await measure(network, validation))
  const validationDetails = validation && (await detailsOf(engine, network, dataset, validation))
  const note = describeMeaning(file.name, meaning, settings.task, asked)

  return store.transaction(() => {
    const now = Date.now()
    const id = store.runs.add({
      experimentId: experiment.id,
      parentId: null,
      topology: network.topology,
      plan,
      seed: 0,
      parameters: parameterCount(network.topology),
      note: '',
      createdAt: now,
      source: 'onnx'
    })
    const { parameters } = network
    const staging = store.checkpoints.stage(id, {
      version: checkpointVersion,
      epoch: 1,
      step: 0,
      elapsedSeconds: 0,
      parameters,
      optimizerState: new Float32Array(),
      random: new Uint32Array(),
      unfinished: null,
      best: { epoch: 1, value: validationMetrics?.loss ?? figures.loss, parameters }
    })
    let staged = staging.next()
    while (!staged.done) staged = staging.next()
    store.checkpoints.adopt(staged.value)
    store.runs.saveProgress(id, {
      epochs: 1,
      bestEpoch: 1,
      train: figures,
      validation: validationMetrics,
      seconds: 0,
      samplesPerSecond: null
    })
    store.details.save(id, { epoch: 1, train: trainDetails, validation: validationDetails })
    store.runs.saveStatus(id, { status: 'done', message: note, endedAt: now })
    return id
  })
}

/** The plan names the loss it is measured with; nothing was trained by it. */
function planOf({ settings, preparation }: StoredExperiment): TrainingPlan {
  const { loss } = outputFor(settings.task, preparation.classes?.length ?? 1)
  return { ...defaultPlan(loss), stopping: { epochs: 1, patience: null } }
}

function meaningsOf(inputs: TakeOverRequest['inputs'], isClasses: boolean): Meaning[] {
  const kinds = inputs === 'auto' ? (['prepared', 'raw'] as const) : [inputs]
  const targets = isClasses ? (['scaled'] as const) : (['scaled', 'raw'] as const)
  return kinds.flatMap((kind) => targets.map((target) => ({ inputs: kind, target })))
}

function describeMeaning(
  file: string,
  { inputs, target }: Meaning,
  task: EngineDataset['task'],
  asked: TakeOverRequest['inputs']
): string {
  const what = inputs === 'raw' ? 'numbers as they are in the table' : 'inputs as the experiment prepares them'
  const why = asked === 'auto' ? ', which fits the training part better' : ''
  const out =
    task === 'classification'
      ? ''
      : target === 'raw'
        ? ' It gives the target in its own units.'
        : ' It gives the scaled target.'
  return `Taken over from ${file}: it reads ${what}${why}.${out}`
}

/** Numbers read and predicted at once: 16 MB. */
const batchValues = 4_000_000

/** Measures the full figures of a part, some rows at a time. */
async function detailsOf(
  engine: EngineHost,
  { topology, parameters }: Network,
  { task, classes, inputs, targetScale }: Omit<EngineDataset, 'train' | 'validation'>,
  { path, rows }: MatrixFile
): Promise<PartDetails> {
  const file = await open(path)
  try {
    const readFloats = async (from: number, count: number) => {
      const values = new Float32Array(count)
      await file.read(new Uint8Array(values.buffer), 0, values.byteLength, from * Float32Array.BYTES_PER_ELEMENT)
      return values
    }
    const detailing = detailPart({
      task,
      classes,
      units: outputLayer(topology).units,
      targets: await readFloats(rows * inputs, rows),
      deviation: targetScale.deviation
    })
    const batch = Math.max(1, Math.floor(batchValues / inputs))
    for (let start = 0; start < rows; start += batch) {
      const count = Math.min(batch, rows - start)
      const given = await readFloats(start * inputs, count * inputs)
      detailing.add(await engine.predict({ topology, parameters, inputs: given }))
    }
    const pause = createPause()
    const steps = detailing.finish()
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
      await pause()
    }
  } finally {
    await file.close()
  }
}
