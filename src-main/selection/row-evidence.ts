/**
 * What the runs of a complexity curve say of single rows, from the store. Runs from before rows were kept are worked out of
 * their weights, once: a few seconds' worth before an answer, the rest behind it.
 */
import type { Task } from '#engine/network/losses.ts'
import { predictorOf, predictWith } from '#lab/runs/predictor.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { figureRows, type RowFigures } from '#engine/training/row-figures.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { seenBy } from '#lab/experiments/run-view.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import type { RunGroup } from '#lab/selection/groups.ts'
import type { RowResult, RowResults } from '#lab/selection/row-results.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import { headRows } from '#lab/store/row-figures.ts'
import type { Store } from '#lab/store/store.ts'

export interface RowEvidenceOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: Pick<EngineHost, 'predict'>
  readonly log: (level: 'warning', message: string) => void
  /** False where the store may only be read: what is worked out is kept in memory then. */
  readonly keeps: boolean
}

export interface RowQuestion {
  readonly experiment: StoredExperiment
  readonly folds: FoldCount
  /** With models that are no runs, whose rows are given. */
  readonly groups: readonly RunGroup[]
  /** By the key of the group: one a fold, or one. */
  readonly given: ReadonlyMap<string, readonly Float32Array[]>
  readonly pause: () => Promise<void> | undefined
}

export interface FoundRows {
  readonly results: RowResults
  /** Runs whose rows are still being worked out; ask again. */
  readonly pending: number
}

/** How long an answer waits for rows that have to be worked out. */
const mostWaitMs = 2000

export class RowEvidence {
  readonly #options: RowEvidenceOptions
  /** Rows that can't be stored, and runs of which there are none to be had. */
  readonly #own = new Map<number, Float32Array | null>()
  /** Runs that are being worked out, in the order in which they were asked for. */
  readonly #wanted = new Set<number>()
  #working: Promise<void> | null = null

  constructor(options: RowEvidenceOptions) {
    this.#options = options
  }

  /** Finds the rows of all trials for errors: shares of wrong classes, or root mean squared errors. */
  async find({ experiment, folds, groups, given, pause }: RowQuestion): Promise<FoundRows> {
    const parts = partsOf(this.#options.store, experiment, folds)
    const ids = groups.flatMap(({ trials }) => trials.flatMap(({ runId }) => runId ?? []))
    let heads = await this.#read(ids, pause)
    const missing = ids.filter((id) => !heads.has(id) && this.#own.get(id) === undefined)
    if (missing.length > 0) {
      await this.#workOut(missing)
      heads = await this.#read(ids, pause)
    }
    const shape = { task: experiment.settings.task, parts, folds }
    const points = new Map<string, ReadonlyMap<number, RowResult>>()
    for (const group of groups) {
      const departures = given.get(group.key)
      const own = departures ? seedsOfGiven(group, departures) : heads
      points.set(group.key, resultsOf(group, own, shape))
      await pause()
    }
    const rows = parts.reduce((sum, part) => sum + part, 0)
    const results = { rows, areShares: shape.task === 'classification', points }
    return { results, pending: ids.filter((id) => this.#wanted.has(id)).length }
  }

  async #read(ids: readonly number[], pause: RowQuestion['pause']): Promise<Map<number | string, Float32Array>> {
    const heads = new Map<number | string, Float32Array>()
    for (const piece of this.#options.store.rowFigures.heads(ids)) {
      for (const { runId, departures } of piece) heads.set(runId, departures)
      await pause()
    }
    for (const id of ids) {
      const own = this.#own.get(id)
      if (own) heads.set(id, own)
    }
    return heads
  }

  /** Works out as many as an answer can wait for; the others follow behind it. */
  async #workOut(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#wanted.add(id)
    this.#working ??= this.#work().finally(() => (this.#working = null))
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, mostWaitMs)
    await Promise.race([this.#working, late])
    clearTimeout(timer)
  }

  async #work(): Promise<void> {
    const { store, log, keeps } = this.#options
    for (const id of this.#wanted) {
      try {
        const figures = await this.#figure(id)
        if (figures && keeps) store.rowFigures.save(id, figures)
        if (!figures || !keeps) this.#own.set(id, figures?.departures.subarray(0, headRows) ?? null)
      } catch (error) {
        log('warning', `The rows of run ${id} can't be worked out: ${String(error)}`)
        this.#own.set(id, null)
      }
      this.#wanted.delete(id)
    }
  }

  /** The rows of a run from its weights; null for one without weights or validation part. */
  async #figure(runId: number): Promise<RowFigures | null> {
    const { store, experiments, prepared, engine } = this.#options
    const run = store.runs.get(runId)
    const weights = store.checkpoints.weights(runId, 'best')
    if (!run || !weights) return null
    const table = await prepared.prepare(experiments.find(run.experimentId), run.data)
    if (!table.validation) return null
    const predictor = predictorOf(run, weights.parameters, table.targetScale)
    const [outputs, targets] = await Promise.all([
      predictWith(engine, predictor, table.validation),
      readTargets(table.validation, table.inputs)
    ])
    const { deviation } = table.targetScale
    const figuring = figureRows({ task: table.task, units: outputLayer(run.topology).units, targets, deviation })
    figuring.add(outputs)
    return figuring.finish()
  }
}

/** Rows of the validation part, or of each fold. */
function partsOf(store: Store, experiment: StoredExperiment, folds: FoldCount): number[] {
  if (folds === null) return [experiment.rowCounts.validation]
  return Array.from(
    { length: folds },
    (_, at) => seenBy(store, experiment, { kind: 'fold', index: at + 1, of: folds }).rowCounts.validation
  )
}

interface Shape {
  readonly task: Task
  readonly parts: readonly number[]
  readonly folds: FoldCount
}

/** A model that is no run is the same for every seed. */
function seedsOfGiven(group: RunGroup, departures: readonly Float32Array[]): Map<number | string, Float32Array> {
  return new Map(
    group.trials.flatMap((trial) => {
      const own = departures[(trial.fold ?? 1) - 1]
      return own ? [[keyOf(trial), own] as const] : []
    })
  )
}

const keyOf = ({ runId, seed, fold }: RunGroup['trials'][number]): number | string =>
  runId ?? `given ${seed} ${fold ?? ''}`

/** The seeds of a point whose rows are known, in all folds. */
function resultsOf(
  { trials }: RunGroup,
  heads: ReadonlyMap<number | string, Float32Array>,
  { task, parts, folds }: Shape
): ReadonlyMap<number, RowResult> {
  const share = Math.ceil(headRows / (folds ?? 1))
  const kept = parts.map((rows) => Math.min(rows, share))
  const total = kept.reduce((sum, rows) => sum + rows, 0)
  const seeds = new Map<number, RowResult>()
  for (const [seed, own] of Map.groupBy(trials, (trial) => trial.seed)) {
    const values = new Float32Array(total)
    let known = 0
    let error = 0
    let at = 0
    for (const [index, rows] of kept.entries()) {
      const trial = own.find(({ fold }) => (fold ?? 1) === index + 1)
      const departures = trial && heads.get(keyOf(trial))
      if (trial && departures && departures.length >= rows && Number.isFinite(trial.validationError)) {
        // Folds count alike, however many rows each has.
        const weight = total / (kept.length * rows)
        addParts(values.subarray(at, at + rows), departures, { task, error: trial.validationError, weight })
        error += trial.validationError / kept.length
        known++
      }
      at += rows
    }
    if (known === kept.length) seeds.set(seed, { error, parts: values })
  }
  return seeds
}

interface Scale {
  readonly task: Task
  readonly error: number
  readonly weight: number
}

function addParts(target: Float32Array, departures: Float32Array, { task, error, weight }: Scale): void {
  if (task === 'classification') {
    for (let row = 0; row < target.length; row++) target[row] = departures[row] === 0 ? 0 : weight
    return
  }
  const scale = error > 0 ? weight / (2 * error) : 0
  for (let row = 0; row < target.length; row++) target[row] = scale * (departures[row] ?? 0) ** 2
}
