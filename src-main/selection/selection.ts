/** The complexity curve of an experiment and the verdict on a run, from what the store has. */
import { Random } from '#engine/random.ts'
import type { Layer } from '#engine/network/topology.ts'
import { columnOf } from '#engine/training/epoch-columns.ts'
import type { Complexity, LearningCurves, Verdict } from '#contract/selection.ts'
import { LabError } from '#contract/errors.ts'
import { shareCount } from '#lab/datasets/nested-share.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { joinPieces } from '#lab/runs/pieces.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { type ComplexityAxis, type ComplexityPoint, complexityPoints, paretoFront } from '#lab/selection/complexity.ts'
import { type ConstantBaseline, constantBaseline } from '#lab/selection/constant-baseline.ts'
import { comparedRuns, foldCounts, type FoldCount, ofWholeSeeds } from '#lab/selection/evidence.ts'
import { groupRuns, type RunGroup, type RunTrial } from '#lab/selection/groups.ts'
import { learningCurvesOf } from '#lab/selection/learning-curve.ts'
import { simulatedOptimism, unsharedNoise } from '#lab/selection/optimism.ts'
import { type PartNoise, rootMeanSquareNoise, shareNoise } from '#lab/selection/part-noise.ts'
import type { PredictionTimes } from '#lab/selection/prediction-times.ts'
import { quantile } from '#lab/selection/statistics.ts'
import { type Evidence, type Noise, suggest } from '#lab/selection/suggestion.ts'
import { judgeRun, type RunFacts } from '#lab/selection/verdict.ts'
import { topologyFor } from '#lab/runs/trainable.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { errorOf, type Measure } from '#trials/measure.ts'
import { errorWriter } from '#words/errors.ts'

type Pause = ReturnType<typeof createPause>

export interface Selection {
  complexity(request: {
    readonly experimentId: number
    readonly axis: ComplexityAxis
    readonly measure: Measure
    readonly folds: FoldCount
  }): Promise<Complexity>
  learningCurves(experimentId: number, hidden: readonly Layer[] | undefined): LearningCurves
  verdict(runId: number): Promise<Verdict>
}

export interface SelectionOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly predictionTimes: PredictionTimes
  readonly columnsOf: (runId: number) => readonly string[]
}

/** Normal numbers drawn at most for one simulation: about 5 ms of work. */
const mostDraws = 100_000
const mostPieces = 100_000

const optimismMethod =
  'Simulated: as many equally good points as were tried are drawn around the same true error, each with the median ' +
  'noise of the points; the value is how far the lowest of them lies below that error on average. The lower value ' +
  'takes the noise of the seeds alone. The upper one adds the noise of the validation rows as if each topology erred ' +
  'on rows of its own; since topologies mostly err on the same rows, the truth lies between.'

const foldsOptimismMethod =
  'Simulated: as many equally good points as were tried are drawn around the same true error; the value is how far the ' +
  'lowest of them lies below that error on average. The lower value takes the noise that is left once what all points ' +
  'of a fold share is taken away, for a hard fold is hard for all. The upper one takes the median standard error over the ' +
  'folds, as if each topology erred on rows of its own; the truth lies between.'

/** Creates the service. Errors: LabError 'not_found' for unknown ids. */
export function createSelection(options: SelectionOptions): Selection {
  const { store, experiments, prepared, predictionTimes, columnsOf } = options
  /** An experiment's rows never change, so neither do its constant models: one, or one a fold. */
  const constants = new Map<string, Promise<ConstantBaseline[]>>()

  function constantsOf(experiment: StoredExperiment, folds: FoldCount): Promise<ConstantBaseline[]> {
    const key = `${experiment.id} ${folds}`
    const known = constants.get(key) ?? measureConstants(experiment, folds)
    constants.set(key, known)
    known.catch(() => constants.delete(key))
    return known
  }

  function measureConstants(experiment: StoredExperiment, folds: FoldCount): Promise<ConstantBaseline[]> {
    const data =
      folds === null
        ? [{ kind: 'whole' } as const]
        : Array.from({ length: folds }, (_, index) => ({ kind: 'fold', index: index + 1, of: folds }) as const)
    return Promise.all(data.map((each) => prepared.prepare(experiment, each).then(constantBaseline)))
  }

  /** Reads the runs in parts, newest first, so that a long history does not hold up what else the lab is asked. */
  async function runsOf(experimentId: number, pause: Pause): Promise<TrialRun[]> {
    const all: TrialRun[] = []
    for (const piece of store.runs.trials(experimentId)) {
      all.push(...piece)
      await pause()
    }
    return all
  }

  async function groupsOf(experimentId: number, measure: Measure, folds: FoldCount, pause: Pause) {
    const experiment = experiments.find(experimentId)
    const runs = await runsOf(experimentId, pause)
    const own = comparedRuns(runs, folds, (hidden) => topologyFor(experiment, hidden))
    await pause()
    const all = groupRuns(own, measure)
    await pause()
    const groups = folds === null ? all : all.map((group) => ofWholeSeeds(group, folds))
    const hasResults = groups.some(({ trials }) => trials.length > 0)
    const isJudged = folds !== null || experiment.rowCounts.validation > 0
    const isComparable = measure === 'error' && hasResults && isJudged
    const constant = isComparable ? constantGroup(await constantsOf(experiment, folds), groups, folds) : null
    const part = folds === null ? partNoiseOf(experiment, measure) : null
    return { experiment, groups, constant, evidence: { part, folds }, cuts: foldCounts(runs) }
  }

  async function timed(groups: readonly RunGroup[]): Promise<RunGroup[]> {
    const seconds = await predictionTimes.of(groups.map(({ network }) => network))
    return groups.map((group, index) => ({ ...group, predictionSeconds: seconds[index] ?? 0 }))
  }

  return {
    async complexity({ experimentId, axis, measure, folds }) {
      const pause = createPause()
      const { experiment, groups, constant, evidence, cuts } = await groupsOf(experimentId, measure, folds, pause)
      const isTimed = axis === 'predictionSeconds'
      const networks = isTimed ? await timed(groups) : groups
      const points = complexityPoints(constant ? [constant, ...networks] : networks, axis)
      const front = new Set(paretoFront(points))
      await pause()
      const suggestion = suggest(points, errorWriter(measureOf(experiment, measure).name), evidence)
      await pause()
      const compared = points.filter((point) => point.topology !== constant?.topology)
      const tried = compared.length + groups.filter(({ isGivenUp }) => isGivenUp).length
      const optimism = optimismOf(compared, tried, evidence)
      await pause()
      return {
        measure: measureOf(experiment, measure),
        folds,
        foldCounts: cuts,
        points: points.map((point) => toContract(point, front.has(point), isTimed)),
        best: suggestion?.best.topology ?? null,
        suggested: suggestion?.suggested.topology ?? null,
        noise: suggestion && noiseToContract(suggestion.noise),
        decided: suggestion?.decided ?? false,
        extraSeeds: suggestion?.extraSeeds ?? 0,
        contested: suggestion?.contested.map(({ topology }) => topology) ?? [],
        reason: suggestion?.reason ?? reasonWithoutResult(folds, cuts),
        unfinished: groups.reduce((sum, group) => sum + group.unfinished, 0),
        tried,
        optimism
      }
    },

    learningCurves(experimentId, hidden) {
      const experiment = experiments.find(experimentId)
      const wanted = hidden && JSON.stringify(topologyFor(experiment, hidden))
      const runs = [...store.runs.trials(experimentId)].flat()
      const own = wanted === undefined ? runs : runs.filter(({ topology }) => JSON.stringify(topology) === wanted)
      const rowsOf = (share: number) => shareCount(experiment.rowCounts.train, share)
      const measure = measureOf(experiment, 'error')
      return { measure, curves: learningCurvesOf(own, 'error', rowsOf, errorWriter(measure.name)) }
    },

    async verdict(runId) {
      const run = store.runs.get(runId)
      if (!run) throw new LabError('not_found', `There is no run ${runId}.`)
      const folds = run.data.kind === 'fold' ? run.data.of : null
      const found = await groupsOf(run.experimentId, 'error', folds, createPause())
      const { experiment, groups, constant, evidence } = found
      const write = errorWriter(measureOf(experiment, 'error').name)
      const suggestion = suggest(complexityPoints(groups), write, evidence)
      const pieces = joinPieces(store.metrics.after([runId], 0, mostPieces))
      const columns = columnsOf(runId)
      const curve = (column: string) => pieces.flatMap((piece) => [...columnOf(piece, columns.indexOf(column))])
      const facts: RunFacts = {
        status: run.status,
        isTakenOver: run.source !== undefined,
        reason: run.reason,
        message: run.message,
        plannedEpochs: run.plan.stopping.epochs,
        bestEpoch: run.bestEpoch,
        trainLoss: curve('trainLoss'),
        validationLoss: curve('validationLoss').filter(Number.isFinite),
        trainError: run.train && errorOf(run.train, 'error'),
        validationError: run.validation && errorOf(run.validation, 'error'),
        lowestError: suggestion?.best.validation.mean ?? null,
        constantError: constant?.trials[0]?.trainError ?? null
      }
      return judgeRun(facts, write)
    }
  }
}

type GroupPoint = Omit<RunGroup, 'trials'> & ComplexityPoint<RunGroup['trials'][number]>

function reasonWithoutResult(folds: FoldCount, cuts: readonly number[]): string {
  if (folds !== null) {
    return `No topology of this experiment has ended on all ${folds} folds yet; before that its mean would be of other rows.`
  }
  if (cuts.length > 0) return 'No run that the one validation part judges has ended yet.'
  return 'No run of this experiment has ended yet.'
}

/** The model that sees no input, once for each seed or fold in use: it is the same for all seeds, and pairs with all. */
function constantGroup(
  constants: readonly ConstantBaseline[],
  groups: readonly RunGroup[],
  folds: FoldCount
): RunGroup | null {
  const seeds = [...new Set(groups.flatMap(({ trials }) => trials.map(({ seed }) => seed)))]
  const [{ name } = { name: '' }, seed = 1] = [constants[0], seeds[0]]
  const toTrial = ({ trainError, validationError }: ConstantBaseline, own: number, fold: number | null): RunTrial => ({
    runId: null,
    seed: own,
    fold,
    bestEpoch: null,
    trainError,
    validationError
  })
  return {
    topology: name,
    settings: '',
    units: [],
    network: { inputs: 0, layers: [] },
    parameters: 0,
    multiplyAdds: 0,
    hiddenUnits: 0,
    depth: 0,
    predictionSeconds: 0,
    baseline: true,
    unfinished: 0,
    isGivenUp: false,
    trials: constants.flatMap((constant, index) =>
      folds === null ? seeds.map((own) => toTrial(constant, own, null)) : [toTrial(constant, seed, index + 1)]
    )
  }
}

function toContract(point: GroupPoint, pareto: boolean, isTimed: boolean): Complexity['points'][number] {
  const { topology, parameters, multiplyAdds, hiddenUnits, depth, settings, baseline, repeats, unfinished } = point
  const { median, q1, q3, mean, standardError } = point.validation
  return {
    topology,
    parameters,
    multiplyAdds,
    hiddenUnits,
    depth,
    units: [...point.units],
    settings,
    predictionSeconds: isTimed ? point.predictionSeconds : null,
    baseline,
    seeds: repeats,
    unfinished,
    train: point.train,
    validation: { median, q1, q3, mean, standardError: Number.isFinite(standardError) ? standardError : null },
    trials: point.trials.map(({ runId, seed, fold, bestEpoch, trainError, validationError }) => ({
      runId,
      seed,
      fold: fold ?? null,
      bestEpoch,
      train: trainError,
      validation: validationError
    })),
    pareto
  }
}

function noiseToContract({ value, repeats, rows }: Noise): NonNullable<Complexity['noise']> {
  return { value, seeds: repeats, rows }
}

/** The same for as many topologies, whatever they are; asked again and again while runs end. */
const luck = new Map<number, number>()

/** The optimism that trying so many equally good topologies explains, in standard errors of one. */
function expectedLuck(tried: number): number {
  let expected = luck.get(tried)
  if (expected === undefined) {
    const random = new Random(1)
    const rounds = Math.min(2000, Math.ceil(mostDraws / tried))
    luck.set(tried, (expected = simulatedOptimism(tried, () => random.normal(), rounds)))
  }
  return expected
}

/** Those that were given up early have no error to draw, and are taken to be as noisy as the others. */
function optimismOf(
  compared: readonly ComplexityPoint[],
  tried: number,
  { part, folds }: Evidence
): Complexity['optimism'] {
  const repeated = compared.filter(({ validation }) => Number.isFinite(validation.standardError))
  const errors = repeated.length > 0 ? expectedLuck(tried) : 0
  const times = (noise: number[]) => (noise.length > 0 ? errors * quantile(noise, 0.5) : 0)
  const own = repeated.map(({ validation }) => validation.standardError)
  if (folds !== null) {
    const table = compared.map(({ byRepeat }) =>
      Array.from({ length: folds }, (_, fold) => byRepeat.get(fold + 1) ?? NaN)
    )
    // Its estimate may come out above the whole, of which it is a part.
    return { value: Math.min(times(unsharedNoise(table)), times(own)), most: times(own), method: foldsOptimismMethod }
  }
  const both =
    part && repeated.map(({ validation: { mean, standardError } }) => Math.hypot(standardError, part.of(mean)))
  return { value: times(own), most: both && times(both), method: optimismMethod }
}

/** What the rows of the validation part add to the noise of an error; not known for a loss. */
function partNoiseOf({ settings, rowCounts }: StoredExperiment, measure: Measure): PartNoise | null {
  if (measure === 'loss' || rowCounts.validation === 0) return null
  return settings.task === 'classification'
    ? shareNoise(rowCounts.validation)
    : rootMeanSquareNoise(rowCounts.validation)
}

function measureOf({ settings }: StoredExperiment, measure: Measure): Complexity['measure'] {
  if (measure === 'loss') return { name: 'loss', label: 'Loss at the best epoch' }
  return settings.task === 'classification'
    ? { name: 'error', label: 'Share of wrong classes at the best epoch' }
    : { name: 'rmse', label: `Root mean squared error of ${settings.target} at the best epoch` }
}
