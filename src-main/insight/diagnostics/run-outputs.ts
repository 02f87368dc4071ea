/**
 * What the network of a run says of every row of a part, with the weights of its best epoch. The parts are those of the
 * run: of a fold its own, of a share the rows it learned. The test part is not among them. A few answers are kept, so that looking at one run from several sides computes it once.
 */
import { predictorOf, predictWith } from '#lab/runs/predictor.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { lookedAt, seenBy } from '#lab/experiments/run-view.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import { Remembered } from '#lab/datasets/remembered.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { isGoing } from '#trials/run-status.ts'

export type OpenPart = 'train' | 'validation'

export interface RunOutputs {
  readonly run: StoredRun
  /** As the run sees it. */
  readonly experiment: StoredExperiment
  readonly epoch: number
  /** The number of each row in the table. */
  readonly rows: Uint32Array
  /** Class numbers, or scaled numbers. */
  readonly targets: Float32Array
  /** (rows, units): probabilities of classes, or the scaled number. */
  readonly outputs: Float32Array
  readonly units: number
}

export interface RunOutputsOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: EngineHost
}

export type ReadRunOutputs = (runId: number, part: OpenPart) => Promise<RunOutputs>

/** Answers kept, and the most numbers of one that is: 16 MB. */
const kept = { answers: 4, outputs: 4_000_000 }

/**
 * Creates the reader of outputs.
 * Errors: its calls reject with LabError 'not_found' for an unknown run, 'conflict' for one in training or without
 * weights, or for a part without rows.
 */
export function createRunOutputs({ store, experiments, prepared, engine }: RunOutputsOptions): ReadRunOutputs {
  const answers = new Remembered<string, RunOutputs>(kept.answers, ({ outputs }) => outputs.length <= kept.outputs)

  async function compute(run: StoredRun, part: OpenPart): Promise<RunOutputs> {
    const weights = store.checkpoints.weights(run.id, 'best')
    if (!weights) throw new LabError('conflict', `Run ${run.id} has no weights: it has not completed an epoch.`)
    const experiment = experiments.find(run.experimentId)
    const data = lookedAt(run.data)
    const table = await prepared.prepare(experiment, data)
    const file = table[part]
    if (!file) throw new LabError('conflict', `The split of ${experiment.name} keeps no rows for validation.`)
    const { topology } = run
    const [outputs, targets] = await Promise.all([
      predictWith(engine, predictorOf(run, weights.parameters, table.targetScale), file),
      readTargets(file, table.inputs)
    ])
    const units = outputLayer(topology).units
    return {
      run,
      experiment: seenBy(store, experiment, data),
      epoch: weights.epoch,
      rows: await prepared.rowsOf(experiment, data, part),
      targets,
      outputs,
      units
    }
  }

  return async (runId, part) => {
    const run = store.runs.find(runId)
    if (isGoing(run)) {
      throw new LabError('conflict', `Run ${runId} is ${run.status}: its mistakes can be looked at once it has ended.`)
    }
    // A run that trains further has another number of epochs.
    const key = `${runId} ${part} ${run.epochs}`
    return answers.read(key, () => compute(run, part))
  }
}
