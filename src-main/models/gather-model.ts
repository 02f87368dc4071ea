/** Gathers a run's model from the store, with the figures of the very weights that are exported. */
import { LabError } from '#contract/errors.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { type Predictor, predictorOf } from '#lab/runs/predictor.ts'
import { finiteMetrics } from '#lab/runs/progress.ts'
import { lookedAt, seenBy } from '#lab/experiments/run-view.ts'
import type { TrainedModel } from '#lab/models/model.ts'
import type { StoredWeights } from '#lab/store/checkpoints.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { isGoing } from '#trials/run-status.ts'

export type WeightChoice = 'best' | 'last'

export interface GatherOptions {
  readonly store: Store
  readonly prepared: PreparedTables
  readonly engine: EngineHost
  /** Of the lab. */
  readonly version: string
}

export interface GatheredModel {
  readonly model: TrainedModel
  readonly experiment: StoredExperiment
}

/** A trained network as it is stored. */
export interface FoundNetwork {
  readonly run: StoredRun
  /** As the run sees it, with the preparation that its inputs need. */
  readonly experiment: StoredExperiment
  readonly weights: StoredWeights
  /** What predicts with them. */
  readonly predictor: Predictor
}

/**
 * Finds the weights of a run that can be used.
 * Errors: LabError 'not_found' for an unknown run, 'conflict' for one in training or without weights.
 */
export function findNetwork(store: Store, runId: number, choice: WeightChoice): FoundNetwork {
  const run = store.runs.find(runId)
  const experiment = store.experiments.find(run.experimentId)
  if (isGoing(run)) {
    throw new LabError('conflict', `Run ${runId} is ${run.status}: stop it or wait for its end to use its network.`)
  }
  const weights = store.checkpoints.weights(runId, choice)
  if (!weights) throw new LabError('conflict', `Run ${runId} has no weights: it has not completed an epoch.`)
  const seen = seenBy(store, experiment, run.data)
  const predictor = predictorOf(run, weights.parameters, seen.preparation.targetScale)
  return { run, experiment: seen, weights, predictor }
}

/**
 * Gathers the model of a run. The sealed test part is not touched: its figure comes along only where it was opened.
 * Errors: as findNetwork().
 */
export async function gatherModel(options: GatherOptions, runId: number, choice: WeightChoice): Promise<GatheredModel> {
  const { store, version } = options
  const { run, experiment, weights, predictor } = findNetwork(store, runId, choice)
  const { networks, temperature } = predictor
  const [first = { topology: run.topology, parameters: weights.parameters }, ...further] = networks
  const opening = choice === 'best' ? store.openings.ofRun(runId) : null
  const { plan, seed, ensemble } = run
  const { topology, parameters } = first
  const model: TrainedModel = {
    task: experiment.settings.task,
    topology: { inputs: topology.inputs, layers: [...topology.layers] },
    preparation: experiment.preparation,
    parameters,
    ...(further.length > 0 && { further }),
    ...(temperature !== 1 && { temperature }),
    provenance: {
      lab: version,
      run: runId,
      experiment: experiment.name,
      dataset: {
        name: experiment.datasetName,
        hash: experiment.datasetHash,
        reading: store.datasets.get(experiment.datasetId)?.reading?.facts ?? []
      },
      split: experiment.settings.split,
      rows: { ...experiment.rowCounts },
      ...(run.data.kind === 'fold' && { fold: { index: run.data.index, of: run.data.of } }),
      ...(run.source === 'onnx' && { source: run.source }),
      ...(ensemble && { members: ensemble.members.map((member) => ({ run: member.run, seed: member.seed })) }),
      seed,
      loss: plan.loss,
      optimizer: plan.optimizer.name,
      trainedAt: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
      weights: choice,
      epoch: weights.epoch,
      figures: await metricsOf(options, run, experiment, weights),
      test: opening && { metrics: opening.test, openings: opening.count }
    }
  }
  return { model, experiment }
}

/** The stored figures are those of the best epoch once a run has ended; all other weights are measured here. */
async function metricsOf(
  { prepared, engine }: GatherOptions,
  run: StoredRun,
  experiment: StoredExperiment,
  weights: StoredWeights
): Promise<{ train: PartMetrics | null; validation: PartMetrics | null }> {
  const hasEnded = run.status === 'done' || run.status === 'stopped'
  if (hasEnded && weights.epoch === run.bestEpoch) return { train: run.train, validation: run.validation }
  const { train, validation, ...dataset } = await prepared.prepare(experiment, lookedAt(run.data))
  const { topology, plan } = run
  const measure = async (part: typeof train | null) =>
    part && finiteMetrics(await engine.evaluate({ topology, plan, parameters: weights.parameters, dataset, part }))
  return { train: await measure(train), validation: await measure(validation) }
}
