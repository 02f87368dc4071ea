/**
 * Looks through an experiment that came from elsewhere before any of it reaches the lab: everything has the form that
 * the lab itself gives it, and its numbers fit each other.
 */
import { createHash } from 'node:crypto'
import { checkTopology, parameterCount, storedCount } from '#engine/network/topology.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { dataset } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import { experimentSettings } from '#contract/experiments.ts'
import { runDetails, topology } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { type FittedPreparation, fittedPreparation } from '#contract/preparation.ts'
import { type RunData, runData } from '#contract/runs.ts'
import { preparedKey } from '#lab/experiments/prepared-tables.ts'
import type { ExperimentContents } from '#lab/store/experiment-summary.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { StoredFold } from '#lab/store/folds.ts'

/** What the lab needs to know of an experiment before it takes it in. */
export interface CheckedExperiment {
  readonly name: string
  readonly datasetHash: string
  readonly datasetRows: number
  readonly columns: readonly string[]
  readonly preparedKey: string
  /** The same for the same experiment with the same runs. */
  readonly fingerprint: string
  readonly runs: number
}

/** Errors: LabError 'bad_file' with what does not fit. */
export function checkContents(contents: ExperimentContents): CheckedExperiment {
  const { experiment, rows, runs, cuts } = contents
  const described = dataset.safeParse(contents.dataset)
  const settings = experimentSettings.safeParse(experiment.settings)
  const preparation = fittedPreparation.safeParse(experiment.preparation)
  if (!described.success || !settings.success || !preparation.success) throw unfit('its question has another form')
  const { hash, id } = described.data
  if (id !== hash.slice(0, 12) || settings.data.datasetId !== id) throw unfit('it belongs to another data set')
  const names = described.data.columns.map(({ name }) => name)
  if (preparation.data.columns.some(({ column }) => !names.includes(column)) || !names.includes(settings.data.target)) {
    throw unfit('it asks for columns that its table does not have')
  }
  const all = [...rows.train, ...rows.validation, ...rows.test]
  if (all.some((row) => row >= described.data.rows) || new Set(all).size !== all.length) {
    throw unfit('its parts name rows that its table does not have, or one row twice')
  }
  for (const cut of cuts) checkCut(cut, [...rows.train, ...rows.validation], names)
  for (const run of runs) {
    const data = runData.safeParse(run.data)
    if (!data.success) throw unfit(`run ${run.id} has another form`)
    const inputs = inputsOf(data.data, preparation.data, cuts)
    if (inputs === undefined) throw unfit(`run ${run.id} is of a fold that is not there`)
    const network = topology.safeParse(run.topology)
    if (!network.success || !trainingPlan.safeParse(run.plan).success) throw unfit(`run ${run.id} has another form`)
    const count = checkTopology(run.topology).length === 0 ? parameterCount(run.topology) : -1
    if (count !== run.parameters || run.topology.inputs !== inputs) {
      throw unfit(`run ${run.id} is of another network than it says`)
    }
    checkKept(contents, run)
  }
  return {
    name: experiment.name,
    datasetHash: hash,
    datasetRows: described.data.rows,
    columns: names,
    preparedKey: preparedKey(hash, settings.data, preparation.data, [rows.train, rows.validation]),
    fingerprint: fingerprintOf(contents),
    runs: runs.length
  }
}

/** Weights, curve and figures are read later, one by one: what of them can't be used is found here. */
function checkKept({ experiment, checkpointOf, curveOf, detailsOf }: ExperimentContents, run: StoredRun): void {
  const checkpoint = checkpointOf(run.id)
  if (checkpoint) {
    const kept = [checkpoint.parameters, checkpoint.best.parameters]
    if (kept.some(({ length }) => length !== storedCount(run.topology))) {
      throw unfit(`run ${run.id} has not as many weights as its network`)
    }
    const hasEnded = run.status === 'done' || run.status === 'stopped'
    if (hasEnded && kept.some((weights) => !weights.every(Number.isFinite))) {
      throw unfit(`run ${run.id} has weights that are no numbers`)
    }
  }
  const width = metricColumns(experiment.settings.task, run.topology).length
  const isCurve = curveOf(run.id).every(
    ({ firstEpoch, epochs, values }) => firstEpoch > 0 && epochs > 0 && values.length === epochs * width
  )
  if (!isCurve) throw unfit(`run ${run.id} has no whole curve`)
  const details = detailsOf(run.id)
  if (details !== null && !runDetails.safeParse(details).success) {
    throw unfit(`run ${run.id} has figures of another form`)
  }
}

/**
 * No row judges twice, and each preparation is one of the table. Folds that name no training rows of their own make every
 * row of training and validation part judge; in the others no row both trains and judges.
 */
function checkCut(cut: readonly StoredFold[], rows: readonly number[], columns: readonly string[]): void {
  const fitted = cut.map(({ preparation }) => fittedPreparation.safeParse(preparation))
  const isKnown = fitted.every(
    ({ success, data }) => success && data.columns.every(({ column }) => columns.includes(column))
  )
  const known = new Set(rows)
  const dealt = cut.flatMap(({ validationRows }) => [...validationRows])
  const judging = new Set(dealt)
  const isChained = cut.every(({ trainRows }) => trainRows !== null)
  const isApart = cut.every(({ validationRows, trainRows }) => {
    const own = new Set(validationRows)
    return !trainRows?.some((row) => own.has(row) || !known.has(row))
  })
  const isWhole = isChained || dealt.length === rows.length
  if (!isKnown || !isApart || !isWhole || judging.size !== dealt.length || dealt.some((row) => !known.has(row))) {
    throw unfit('its folds are no cut of its training and validation part')
  }
}

/** How many inputs a run has by the preparation of its rows; undefined for a fold that is not there. */
function inputsOf(data: RunData, preparation: FittedPreparation, cuts: ExperimentContents['cuts']): number | undefined {
  if (data.kind !== 'fold') return preparation.inputs.length
  return cuts.find((cut) => cut.length === data.of)?.[data.index - 1]?.preparation.inputs.length
}

/** Hashes what makes an experiment this one; not its name and notes, and no number that a lab gives. */
export function fingerprintOf({
  experiment,
  rows,
  runs
}: Pick<ExperimentContents, 'experiment' | 'rows' | 'runs'>): string {
  const { datasetHash, settings, preparation, createdAt } = experiment
  const hash = createHash('sha256').update(JSON.stringify([datasetHash, settings, preparation, createdAt]))
  for (const part of [rows.train, rows.validation, rows.test]) hash.update(`\n${part.length}\n`).update(part)
  const told = runs.map((run) => JSON.stringify([run.createdAt, run.topology, run.plan, run.seed, run.epochs]))
  return hash.update(told.sort().join('\n')).digest('hex')
}

function unfit(why: string): LabError {
  return new LabError('bad_file', `The bundle was changed or damaged: ${why}. Nothing was imported.`)
}
