/** The complexity curve of an experiment and the verdict on a run, from what the store has. */
import type { Complexity, LearningCurves, References as ReferencesAnswer, Verdict } from '#contract/selection.ts'
import type { Layer } from '#engine/network/topology.ts'
import { shareCount } from '#lab/datasets/nested-share.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { topologyFor } from '#lab/runs/trainable.ts'
import { type Compared, ComparedReader, type ComparedOptions, modelGroup } from '#lab/selection/compared.ts'
import { complexityAnswer } from '#lab/selection/complexity-answer.ts'
import { type ComplexityAxis, type ComplexityPoint, complexityPoints } from '#lab/selection/complexity.ts'
import { errorWords, measureOf } from '#lab/selection/error-measure.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import type { RunGroup, RunTrial } from '#lab/selection/groups.ts'
import { learningCurvesOf } from '#lab/selection/learning-curve.ts'
import { LearningRuns, type LearningRunsOptions } from '#lab/selection/learning-runs.ts'
import { type Neighbours, neighboursOf, pointsNear } from '#lab/selection/neighbours.ts'
import type { PredictionTimes } from '#lab/selection/prediction-times.ts'
import { noReferences, referencesAnswer } from '#lab/selection/references/references-answer.ts'
import type { References } from '#lab/selection/references/references.ts'
import { RowEvidence, type RowEvidenceOptions } from '#lab/selection/row-evidence.ts'
import { suggest, type Suggestion } from '#lab/selection/suggestion.ts'
import { type TrainOn, trainOnOf } from '#lab/selection/train-on.ts'
import { describeProcessors } from '#lab/selection/processors.ts'
import { unpredictedClasses } from '#lab/selection/unpredicted.ts'
import { judgeRun, type RunFacts } from '#lab/selection/verdict.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import { errorOf, type Measure } from '#trials/measure.ts'

export interface ComplexityRequest {
  readonly experimentId: number
  readonly axis: ComplexityAxis
  readonly measure: Measure
  readonly folds: FoldCount
  /** In place of the zone that is set for the experiment. */
  readonly zone?: number | undefined
}

export interface SelectionOptions extends ComparedOptions, LearningRunsOptions, RowEvidenceOptions {
  readonly predictionTimes: PredictionTimes
  readonly references: References
}

/** A model that is no run: what it says of rows is known, one a fold, or one. */
interface GivenModel {
  readonly group: RunGroup
  readonly departures: readonly Float32Array[]
}

/** Errors: its calls throw LabError 'not_found' for unknown ids. */
export class Selection {
  readonly #options: SelectionOptions
  readonly #compared: ComparedReader
  readonly #rows: RowEvidence
  readonly #learning: LearningRuns

  constructor(options: SelectionOptions) {
    this.#options = options
    this.#compared = new ComparedReader(options)
    this.#rows = new RowEvidence(options)
    this.#learning = new LearningRuns(options)
  }

  async complexity(request: ComplexityRequest): Promise<Complexity> {
    const { axis, measure } = request
    const compared = await this.#compared.read({ ...request, pause: createPause() })
    const judged = await this.#judge(compared, request)
    const { experiment, groups, cuts } = compared
    const givenUp = groups.filter(({ isGivenUp }) => isGivenUp).length
    const unfinished = groups.reduce((sum, group) => sum + group.unfinished, 0)
    return complexityAnswer({
      ...judged,
      words: errorWords(experiment, measure),
      experiment,
      measure,
      cuts,
      isTimed: axis === 'predictionSeconds',
      trainOn: judged.unconverged.size > 0 ? this.#trainOnOf(compared) : { goOn: [], stay: [], isHeld: false },
      unpredicted: this.#unpredictedBy(judged.suggestion, experiment),
      givenUp,
      unfinished,
      processors: describeProcessors(compared.runs)
    })
  }

  /** The linear model and the forest beside the best network, on the rows that judge the networks. */
  async references({
    experimentId,
    folds,
    zone
  }: Pick<ComplexityRequest, 'experimentId' | 'folds' | 'zone'>): Promise<ReferencesAnswer> {
    const request = { experimentId, folds, zone, axis: 'parameters', measure: 'error' } as const
    const compared = await this.#compared.read({ ...request, pause: createPause() })
    const { experiment, groups } = compared
    const measure = measureOf(experiment, 'error')
    if (folds === null && experiment.rowCounts.validation === 0) return noReferences(measure, folds)
    const { fits, problems, isPending } = await this.#options.references.find(experiment, folds)
    const models = [...fits].map(([name, own]) => ({
      name,
      fits: own,
      group: modelGroup({ key: `reference ${name}`, name }, own, groups, folds)
    }))
    const given = models.map((model) => ({ ...model, departures: model.fits.map((fit) => fit.departures) }))
    const judged = await this.#judge(compared, request, given)
    return referencesAnswer({ ...judged, models, problems, isPending: isPending || judged.pending > 0, experiment })
  }

  /** Judges all points; `given` are models that are no runs, of which the rows are found as well. */
  async #judge(
    compared: Compared,
    { axis, measure, folds, zone }: Omit<ComplexityRequest, 'experimentId'>,
    given: readonly GivenModel[] = []
  ) {
    const pause = createPause()
    const { experiment, groups, constant } = compared
    const networks = axis === 'predictionSeconds' ? await this.#timed(groups) : groups
    const points = complexityPoints(constant ? [constant.group, ...networks] : networks, axis)
    await pause()
    const { results, pending } = await this.#rowsOf(compared, measure, folds, given, pause)
    const unconverged = this.#unconvergedOf(compared)
    await pause()
    const facts = {
      points,
      rows: results,
      folds,
      constant: constant?.group.key ?? null,
      zone: zone ?? experiment.zone,
      foldFactor: foldFactorOf(experiment, folds),
      isPending: pending > 0,
      pause
    }
    const suggestion = await suggest({ ...facts, unconverged: new Set(unconverged.keys()) })
    await pause()
    return { ...facts, suggestion, unconverged, pending }
  }

  learningCurves(experimentId: number, hidden: readonly Layer[] | undefined): LearningCurves {
    const { experiments, store } = this.#options
    const experiment = experiments.find(experimentId)
    const wanted = hidden && JSON.stringify(topologyFor(experiment, hidden))
    const runs = [...store.runs.trials(experimentId)].flat()
    const own = wanted === undefined ? runs : runs.filter(({ topology }) => JSON.stringify(topology) === wanted)
    const rowsOf = (share: number) => shareCount(experiment.rowCounts.train, share)
    return {
      measure: measureOf(experiment, 'error'),
      curves: learningCurvesOf(own, 'error', rowsOf, errorWords(experiment, 'error').error)
    }
  }

  setZone(experimentId: number, share: number): { share: number } {
    const { experiments, store } = this.#options
    store.experiments.setZone(experiments.find(experimentId).id, share)
    return { share }
  }

  async verdict(runId: number): Promise<Verdict> {
    const run = this.#options.store.runs.find(runId)
    const folds = run.data.kind === 'fold' ? run.data.of : null
    const pause = createPause()
    const compared = await this.#compared.read({
      experimentId: run.experimentId,
      measure: 'error',
      folds,
      pause
    })
    const networks = complexityPoints(compared.groups)
    const neighbours = await this.#neighboursOf(runId, networks, compared, folds, pause)
    return judgeRun(this.#factsOf(run, networks, compared, neighbours), errorWords(compared.experiment, 'error'))
  }

  /** The neighbouring sizes of a run's topology; null where there is none, or too little is known to compare. */
  async #neighboursOf(
    runId: number,
    networks: ReturnType<typeof complexityPoints<RunGroup>>,
    compared: Compared,
    folds: FoldCount,
    pause: ReturnType<typeof createPause>
  ): Promise<Neighbours | null> {
    const own = networks.find(({ trials }) => trials.some((trial) => trial.runId === runId))
    if (!own || networks.length < 2) return null
    const near = pointsNear(own, networks)
    const keys = new Set(near.map(({ key }) => key))
    const groups = compared.groups.filter(({ key }) => keys.has(key))
    const { results } = await this.#rowsOf({ ...compared, groups }, 'error', folds, [], pause)
    const [constant = null] = compared.constant ? complexityPoints([compared.constant.group]) : []
    return neighboursOf(own, near, constant, { rows: results, folds, zone: compared.experiment.zone })
  }

  #factsOf(
    run: StoredRun,
    networks: readonly ComplexityPoint[],
    { constant }: Compared,
    neighbours: Neighbours | null
  ): RunFacts {
    const means = networks.map(({ validation }) => validation.mean)
    return {
      status: run.status,
      isTakenOver: run.source === 'onnx',
      isEnsemble: run.ensemble !== undefined,
      reason: run.reason,
      message: run.message,
      plannedEpochs: run.plan.stopping.epochs,
      bestEpoch: run.bestEpoch,
      trainLoss: this.#learning.curve(run.id, 'trainLoss'),
      validationLoss: this.#learning.curve(run.id, 'validationLoss').filter(Number.isFinite),
      trainError: run.train && errorOf(run.train, 'error'),
      validationError: run.validation && errorOf(run.validation, 'error'),
      lowestError: means.length > 0 ? Math.min(...means) : null,
      constantError: constant?.group.trials[0]?.trainError ?? null,
      neighbours
    }
  }

  async #timed(groups: readonly RunGroup[]): Promise<RunGroup[]> {
    const seconds = await this.#options.predictionTimes.of(groups.map(({ network }) => network))
    return groups.map((group, index) => ({ ...group, predictionSeconds: seconds[index] ?? 0 }))
  }

  /** Rows are known of errors, not of losses, whose form a plan chooses. */
  async #rowsOf(
    { experiment, groups, constant }: Compared,
    measure: Measure,
    folds: FoldCount,
    given: readonly GivenModel[],
    pause: ReturnType<typeof createPause>
  ) {
    if (measure === 'loss') return { results: null, pending: 0 }
    const models = constant ? [constant, ...given] : given
    return this.#rows.find({
      experiment,
      folds,
      groups: [...models.map(({ group }) => group), ...groups],
      given: new Map(models.map(({ group, departures }) => [group.key, departures])),
      pause
    })
  }

  /** What would train on, so that nothing is judged that was still learning. */
  async trainOn(experimentId: number, folds: FoldCount): Promise<TrainOn> {
    return this.#trainOnOf(await this.#compared.read({ experimentId, measure: 'error', folds, pause: createPause() }))
  }

  #trainOnOf({ runs }: Compared): TrainOn {
    return trainOnOf(runs, (run) => this.#learning.tailOf(run) !== null)
  }

  /** The classes that the topology which counts never finds. */
  #unpredictedBy(
    suggestion: Suggestion<ComplexityPoint<RunTrial>> | null,
    { preparation }: StoredExperiment
  ): string[] {
    const counts = suggestion && (suggestion.suggested ?? suggestion.best)
    if (!counts || !preparation.classes) return []
    const details = counts.trials.map(({ runId }) => (runId === null ? null : this.#options.store.details.ofRun(runId)))
    return unpredictedClasses(details, preparation.classes)
  }

  /** How many runs of each point ended while they were still learning. */
  #unconvergedOf({ groups, runs }: Compared): Map<string, number> {
    const byId = new Map(runs.map((run) => [run.id, run]))
    const counts = new Map<string, number>()
    for (const { key, trials } of groups) {
      const slow = trials.filter(({ runId }) => {
        const run = runId === null ? undefined : byId.get(runId)
        return run && this.#learning.tailOf(run) !== null
      })
      if (slow.length > 0) counts.set(key, slow.length)
    }
    return counts
  }
}

/** How many times as many rows judge where folds do; null over folds, which have them all. */
function foldFactorOf({ rowCounts: { train, validation } }: StoredExperiment, folds: FoldCount): number | null {
  return folds === null && validation > 0 ? (train + validation) / validation : null
}
