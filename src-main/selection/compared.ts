/** What a complexity curve is made of: the runs of an experiment in groups, with the model that sees no input among them. */
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { topologyFor } from '#lab/runs/trainable.ts'
import { type ConstantBaseline, constantBaseline } from '#lab/selection/constant-baseline.ts'
import { comparedRuns, foldCounts, type FoldCount, ofWholeSeeds } from '#lab/selection/evidence.ts'
import { groupRuns, type RunGroup, type RunTrial } from '#lab/selection/groups.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import type { Measure } from '#trials/measure.ts'

export interface ComparedOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
}

export interface ComparedQuestion {
  readonly experimentId: number
  readonly measure: Measure
  readonly folds: FoldCount
  readonly pause: () => Promise<void> | undefined
}

export interface Compared {
  readonly experiment: StoredExperiment
  /** Those that one way judged. */
  readonly runs: readonly TrialRun[]
  readonly groups: readonly RunGroup[]
  /** Null where it can't be compared, as by a loss. */
  readonly constant: { readonly group: RunGroup; readonly departures: readonly Float32Array[] } | null
  /** The numbers of folds that some runs were judged by. */
  readonly cuts: readonly number[]
}

export class ComparedReader {
  readonly #options: ComparedOptions
  /** An experiment's rows never change, so neither do its constant models: one, or one a fold. */
  readonly #constants = new Map<string, Promise<ConstantBaseline[]>>()

  constructor(options: ComparedOptions) {
    this.#options = options
  }

  /** Errors: LabError 'not_found' for an unknown experiment. */
  async read({ experimentId, measure, folds, pause }: ComparedQuestion): Promise<Compared> {
    const experiment = this.#options.experiments.find(experimentId)
    const all = await this.#runsOf(experimentId, pause)
    const runs = comparedRuns(all, folds, (hidden) => topologyFor(experiment, hidden))
    await pause()
    const grouped = groupRuns(runs, measure)
    await pause()
    const groups = folds === null ? grouped : grouped.map((group) => ofWholeSeeds(group, folds))
    const hasResults = groups.some(({ trials }) => trials.length > 0)
    const isJudged = folds !== null || experiment.rowCounts.validation > 0
    const isComparable = measure === 'error' && hasResults && isJudged
    const constants = isComparable ? await this.#constantsOf(experiment, folds) : null
    const constant = constants && {
      group: modelGroup({ key: 'constant', name: constants[0]?.name ?? '' }, constants, groups, folds),
      departures: constants.map(({ departures }) => departures)
    }
    return { experiment, runs, groups, constant, cuts: foldCounts(all) }
  }

  /** Reads the runs in parts, newest first, so that a long history does not hold up what else the lab is asked. */
  async #runsOf(experimentId: number, pause: ComparedQuestion['pause']): Promise<TrialRun[]> {
    const all: TrialRun[] = []
    for (const piece of this.#options.store.runs.trials(experimentId)) {
      all.push(...piece)
      await pause()
    }
    return all
  }

  #constantsOf(experiment: StoredExperiment, folds: FoldCount): Promise<ConstantBaseline[]> {
    const key = `${experiment.id} ${folds}`
    const known = this.#constants.get(key) ?? this.#measureConstants(experiment, folds)
    this.#constants.set(key, known)
    known.catch(() => this.#constants.delete(key))
    return known
  }

  #measureConstants(experiment: StoredExperiment, folds: FoldCount): Promise<ConstantBaseline[]> {
    const data =
      folds === null
        ? [{ kind: 'whole' } as const]
        : Array.from({ length: folds }, (_, index) => ({ kind: 'fold', index: index + 1, of: folds }) as const)
    return Promise.all(data.map((each) => this.#options.prepared.prepare(experiment, each).then(constantBaseline)))
  }
}

/** What a model that is no run of the experiment comes to, on one way of parting the rows. */
export interface ModelErrors {
  readonly trainError: number
  readonly validationError: number
}

/** Such a model as a group, once for each seed or fold in use: it is the same for all seeds, and pairs with all. */
export function modelGroup(
  { key, name }: { readonly key: string; readonly name: string },
  errors: readonly ModelErrors[],
  groups: readonly RunGroup[],
  folds: FoldCount
): RunGroup {
  const seeds = [...new Set(groups.flatMap(({ trials }) => trials.map(({ seed }) => seed)))]
  const [seed = 1] = seeds
  const toTrial = ({ trainError, validationError }: ModelErrors, own: number, fold: number | null): RunTrial => ({
    runId: null,
    seed: own,
    fold,
    bestEpoch: null,
    trainError,
    validationError
  })
  return {
    key,
    settingsKey: key,
    hidden: [],
    settings: [],
    constant: name,
    network: { inputs: 0, layers: [] },
    parameters: 0,
    multiplyAdds: 0,
    hiddenUnits: 0,
    depth: 0,
    predictionSeconds: 0,
    baseline: true,
    unfinished: 0,
    isGivenUp: false,
    trials: errors.flatMap((own, index) =>
      folds === null ? seeds.map((each) => toTrial(own, each, null)) : [toTrial(own, seed, index + 1)]
    )
  }
}
