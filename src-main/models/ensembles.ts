/**
 * Ensembles of runs: networks that were trained anyway, whose probabilities or values are averaged. An ensemble is a run of
 * its own, with its own copy of the weights, measured on the training and the validation part.
 * Source: Hansen & Salamon 1990; Lakshminarayanan et al. 2017 (networks that differ in their seed alone).
 */
import { checkpointVersion } from '#engine/training/checkpoint.ts'
import type { PartDetails } from '#engine/training/metrics.ts'
import { detailPart } from '#engine/training/part-details.ts'
import { outputLayer } from '#engine/network/topology.ts'
import type { MatrixFile } from '#engine/process/protocol.ts'
import { LabError } from '#contract/errors.ts'
import { mostMembers } from '#contract/runs.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { fitTemperature } from '#lab/models/temperature.ts'
import { type MeasuredOutputs, metricsOfOutputs, rowsOfOutputs } from '#lab/runs/measure-outputs.ts'
import { predictorOf, predictWith, withTemperature } from '#lab/runs/predictor.ts'
import { finiteMetrics } from '#lab/runs/progress.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { hasNetwork } from '#trials/run-status.ts'
import { formatFigure } from '#words/numbers.ts'

export interface EnsembleOptions {
  readonly store: Store
  readonly experiments: Pick<Experiments, 'find'>
  readonly prepared: PreparedTables
  readonly engine: EngineHost
}

export interface EnsembleRequest {
  readonly runIds: readonly number[]
  /** Whether a temperature is fitted on the validation part; for classes alone. */
  readonly calibrate: boolean
}

/**
 * Makes an ensemble of the best weights of runs; gives the id of its run. The order in which they are named says nothing.
 * Errors: LabError 'not_found' for an unknown run, 'conflict' where one has no network to use, 'bad_settings' where they
 * do not belong together or are too few.
 */
export async function makeEnsemble(options: EnsembleOptions, { runIds, calibrate }: EnsembleRequest): Promise<number> {
  const { store, experiments, prepared, engine } = options
  const members = [...new Set(runIds)].sort((a, b) => a - b).map((id) => store.runs.find(id))
  const [first] = members
  expectTogether(members, calibrate)
  if (!first) throw new LabError('bad_settings', 'An ensemble needs runs; none was named.')
  const experiment = experiments.find(first.experimentId)
  const weights = members.map(({ id }) => {
    const best = store.checkpoints.weights(id, 'best')
    if (!best) throw new LabError('conflict', `Run ${id} has no weights: it has not completed an epoch.`)
    return best.parameters
  })
  const parameters = joined(weights)
  const plain = { members: members.map(({ id, topology, seed }) => ({ run: id, topology, seed })) }
  const { train, validation, ...table } = await prepared.prepare(experiment, first.data)
  const units = outputLayer(first.topology).units
  const measured = async (part: MatrixFile): Promise<MeasuredOutputs> => {
    const predictor = predictorOf({ topology: first.topology, ensemble: plain }, parameters, table.targetScale)
    const [outputs, targets] = await Promise.all([
      predictWith(engine, predictor, part),
      readTargets(part, table.inputs)
    ])
    const { task, classes, targetScale } = table
    return { task, classes, units, outputs, targets, deviation: targetScale.deviation }
  }
  const averaged = { train: await measured(train), validation: validation && (await measured(validation)) }
  if (calibrate && !averaged.validation) {
    throw new LabError('bad_settings', `The split of ${experiment.name} keeps no rows to fit a temperature on.`)
  }
  const temperature = calibrate && averaged.validation ? fitTemperature(averaged.validation) : 1
  const scaled = (part: MeasuredOutputs): MeasuredOutputs => ({
    ...part,
    outputs: withTemperature(part.outputs, units, temperature)
  })
  const parts = { train: scaled(averaged.train), validation: averaged.validation && scaled(averaged.validation) }
  const figures = {
    train: finiteMetrics(metricsOfOutputs(parts.train)),
    validation: parts.validation && finiteMetrics(metricsOfOutputs(parts.validation))
  }
  if (!figures.train) throw new LabError('engine', 'The ensemble gives no finite loss on the training part.')
  const details = {
    epoch: 1,
    train: await detailsOfOutputs(parts.train),
    validation: parts.validation && (await detailsOfOutputs(parts.validation))
  }
  const before = averaged.validation && metricsOfOutputs(averaged.validation).loss
  const loss = figures.validation?.loss ?? figures.train.loss
  const { train: trainFigures, validation: validationFigures } = figures
  return store.transaction(() => {
    const now = Date.now()
    const id = store.runs.add({
      experimentId: experiment.id,
      parentId: null,
      topology: first.topology,
      plan: first.plan,
      seed: first.seed,
      parameters: members.reduce((sum, member) => sum + member.parameters, 0),
      note: '',
      createdAt: now,
      source: 'ensemble',
      data: first.data,
      ensemble: { ...plain, ...(calibrate && { temperature }) }
    })
    const staging = store.checkpoints.stage(id, {
      version: checkpointVersion,
      epoch: 1,
      step: 0,
      elapsedSeconds: 0,
      parameters,
      optimizerState: new Float32Array(),
      random: new Uint32Array(),
      unfinished: null,
      best: { epoch: 1, value: loss, parameters }
    })
    let staged = staging.next()
    while (!staged.done) staged = staging.next()
    store.checkpoints.adopt(staged.value)
    store.runs.saveProgress(id, {
      epochs: 1,
      bestEpoch: 1,
      train: trainFigures,
      validation: validationFigures,
      seconds: members.reduce((sum, { seconds }) => sum + seconds, 0),
      samplesPerSecond: null
    })
    store.details.save(id, details)
    if (parts.validation) store.rowFigures.save(id, rowsOfOutputs(parts.validation))
    const told = describeMembers(members) + (calibrate ? describeTemperature(temperature, before, loss) : '')
    store.runs.saveStatus(id, { status: 'done', message: told, endedAt: now })
    return id
  })
}

function expectTogether(members: readonly StoredRun[], calibrate: boolean): void {
  const [first] = members
  const fail = (message: string, code: 'bad_settings' | 'conflict' = 'bad_settings') => new LabError(code, message)
  if (members.length > mostMembers)
    throw fail(`An ensemble has ${mostMembers} members at most; ${members.length} were named.`)
  if (members.length < 2 && !calibrate) throw fail('An ensemble needs at least two different runs; name another one.')
  for (const run of members) {
    if (!hasNetwork(run)) throw fail(`Run ${run.id} is ${run.status} and has no network to use yet.`, 'conflict')
    if (run.ensemble) throw fail(`Run ${run.id} is an ensemble itself; name its members instead.`)
    if (run.experimentId !== first?.experimentId) {
      throw fail(`Runs ${first?.id} and ${run.id} belong to different experiments, whose questions differ.`)
    }
    if (run.data.kind === 'fold') {
      throw fail(
        `Run ${run.id} is of a fold, whose inputs are prepared in its own way. Train seeds on the training part, or final models, and average those.`
      )
    }
    if ((run.data.kind === 'final') !== (first.data.kind === 'final')) {
      throw fail(
        `Of runs ${first.id} and ${run.id} one has learned the rows of the validation part that judges the other.`
      )
    }
  }
}

function joined(weights: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(weights.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const own of weights) {
    all.set(own, at)
    at += own.length
  }
  return all
}

function describeMembers(members: readonly StoredRun[]): string {
  const ids = members.map(({ id }) => id).join(', ')
  if (members.length === 1) return `The network of run ${ids}.`
  return `The average of runs ${ids}, judged by the validation part, which chose their epochs. It costs ${members.length} times a network in prediction.`
}

function describeTemperature(temperature: number, before: number | null, after: number): string {
  return (
    ` Its probabilities have the temperature ${formatFigure(temperature)}, fitted on the validation part, which chose the epochs as well: ` +
    `log loss there ${formatFigure(before ?? NaN)} before, ${formatFigure(after)} after.`
  )
}

/** The full figures, in short steps. */
async function detailsOfOutputs(measured: MeasuredOutputs): Promise<PartDetails> {
  const detailing = detailPart(measured)
  detailing.add(measured.outputs)
  const pause = createPause()
  const steps = detailing.finish()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await pause()
  }
}
