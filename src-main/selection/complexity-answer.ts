/** The complexity curve as the contract has it: points with their figures, and the advice with its words. Pure. */
import type { Complexity } from '#contract/selection.ts'
import {
  describeHelp,
  describePrice,
  describeSuggestion,
  type ErrorWords,
  type JudgedBy
} from '#lab/selection/advice-words.ts'
import type { Comparison } from '#lab/selection/comparison.ts'
import { type ComplexityPoint, paretoFront } from '#lab/selection/complexity.ts'
import { measureOf } from '#lab/selection/error-measure.ts'
import { type ErrorNoise, rootMeanSquareNoise, seedNoise, shareNoise } from '#lab/selection/error-noise.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import type { RunGroup } from '#lab/selection/groups.ts'
import { meanParts } from '#lab/selection/paired-difference.ts'
import type { RowResults } from '#lab/selection/row-results.ts'
import type { Suggestion } from '#lab/selection/suggestion.ts'
import { longerPlan, type TrainOn, usualTimes } from '#lab/selection/train-on.ts'
import { describeUnpredicted } from '#lab/selection/unpredicted.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Measure } from '#trials/measure.ts'
import { nameTopology } from '#words/topologies.ts'

type GroupPoint = Omit<RunGroup, 'trials'> & ComplexityPoint<RunGroup['trials'][number]>

export interface AnswerFacts {
  readonly points: readonly GroupPoint[]
  readonly suggestion: Suggestion<GroupPoint> | null
  readonly rows: RowResults | null
  readonly folds: FoldCount
  readonly constant: string | null
  /** The share, also where there is no error to take it of. */
  readonly zone: number
  readonly words: ErrorWords
  readonly experiment: StoredExperiment
  readonly measure: Measure
  readonly cuts: readonly number[]
  readonly isTimed: boolean
  /** How many runs of a point ended while they were still learning. */
  readonly unconverged: ReadonlyMap<string, number>
  readonly trainOn: TrainOn
  /** Classes that the topology which counts never finds. */
  readonly unpredicted: readonly string[]
  /** Points whose runs were stopped before any had a result. */
  readonly givenUp: number
  readonly unfinished: number
  readonly pending: number
  /** That the runs are of several kinds of processors, in a sentence; null where they are not. */
  readonly processors: string | null
}

const luckMethod =
  'Bootstrap bias correction (Tsamardinos, Greasidou & Borboudakis 2018): the rows that judge are drawn with replacement, ' +
  'the lowest error on the drawn rows is picked, and judged on the rows that were not drawn. The luck is by how much that ' +
  'comes out higher, on average over the draws, than the lowest error on all rows; for the mean of a topology over its ' +
  'seeds, and for a single run that is picked for its own error.'

/** Puts the answer together. */
export function complexityAnswer(facts: AnswerFacts): Complexity {
  const { points, suggestion, rows, folds, constant, words, experiment, cuts } = facts
  const front = new Set(paretoFront(points))
  const networks = points.filter(({ key }) => key !== constant)
  const tried = networks.length + facts.givenUp
  const by = judgedBy(facts, tried)
  const keys = (some: readonly ComplexityPoint[] = []) => some.map(({ key }) => key)
  const help = suggestion?.help ?? null
  return {
    measure: measureOf(experiment, facts.measure),
    folds,
    foldCounts: [...cuts],
    points: points.map((point) => pointToContract(point, facts, front.has(point))),
    best: suggestion?.best.key ?? null,
    suggested: suggestion?.suggested?.key ?? null,
    zone: { share: facts.zone, value: suggestion?.zone ?? 0 },
    signal: suggestion?.signal ?? 'unknown',
    noise: suggestion && noiseToContract(noiseOf(suggestion.best, rows, folds)),
    decided: suggestion?.decided ?? false,
    extraSeeds: help?.help.seeds ?? 0,
    contested: keys(suggestion?.contested),
    unconverged: keys(suggestion?.unconverged),
    trainOn: trainOnToContract(facts.trainOn),
    help: help && {
      by: help.help.by,
      seeds: help.help.seeds,
      rows: ['rows', 'folds'].includes(help.help.by) && by.rows > 0 ? Math.ceil(by.rows * help.help.factor) : null,
      sentence: describeHelp(help.help, nameTopology(help.point), nameTopology(help.other), by)
    },
    price: suggestion && describePrice(suggestion, words),
    unpredicted: [...facts.unpredicted],
    reason: suggestion ? reasonOf(suggestion, facts, by) : reasonWithoutResult(folds, cuts),
    unfinished: facts.unfinished,
    tried,
    luck: { ...(suggestion?.luck ?? { mean: 0, single: 0 }), method: luckMethod },
    pending: facts.pending
  }
}

function trainOnToContract({ goOn }: TrainOn): Complexity['trainOn'] {
  if (goOn.length === 0) return null
  return {
    runs: goOn.length,
    epochs: Math.max(...goOn.map(({ plan }) => longerPlan(plan, usualTimes).stopping.epochs))
  }
}

function judgedBy({ experiment, points, rows, folds, constant }: AnswerFacts, tried: number): JudgedBy {
  const { train, validation } = experiment.rowCounts
  const constantName = points.find(({ key }) => key === constant)?.constant ?? null
  return {
    rows: folds === null ? validation : (rows?.rows ?? train + validation),
    folds,
    foldableRows: folds === null ? train + validation : null,
    tried,
    constant: constantName
  }
}

function reasonOf(suggestion: Suggestion, { words, unpredicted, processors }: AnswerFacts, by: JudgedBy): string {
  const topology = nameTopology(suggestion.suggested ?? suggestion.best)
  return [describeSuggestion(suggestion, words, by), describeUnpredicted(unpredicted, topology) ?? [], processors ?? []]
    .flat()
    .join(' ')
}

function reasonWithoutResult(folds: FoldCount, cuts: readonly number[]): string {
  if (folds !== null) {
    return `No topology of this experiment has ended on all ${folds} folds yet; before that its mean would be of other rows.`
  }
  if (cuts.length > 0) return 'No run that the one validation part judges has ended yet.'
  return 'No run of this experiment has ended yet.'
}

/** How far the error of a point may lie from the true one. */
export function noiseOf(
  { key, validation, repeats }: ComplexityPoint,
  rows: RowResults | null,
  folds: FoldCount
): ErrorNoise {
  const seedError = Number.isFinite(validation.standardError) ? validation.standardError : 0
  const seeds = rows?.points.get(key)
  if (folds !== null || !rows || !seeds || seeds.size < repeats) return seedNoise(validation.mean, seedError)
  const parts = meanParts(seeds, [...seeds.values()][0]?.parts.length ?? 0)
  const noise = rows.areShares ? shareNoise : rootMeanSquareNoise
  return noise(validation.mean, parts, rows.rows, seedError)
}

function noiseToContract({ value, seeds, rows }: ErrorNoise): NonNullable<Complexity['noise']> {
  return { value, seeds, rows }
}

function pointToContract(point: GroupPoint, facts: AnswerFacts, pareto: boolean): Complexity['points'][number] {
  const { key, settingsKey, parameters, multiplyAdds, hiddenUnits, depth, constant, baseline, repeats, unfinished } =
    point
  const { median, q1, q3, mean, standardError } = point.validation
  const { low, high } = noiseOf(point, facts.rows, facts.folds)
  const beside = facts.suggestion?.comparisons.get(key)
  return {
    key,
    settingsKey,
    hidden: [...point.hidden],
    settings: [...point.settings],
    constant,
    parameters,
    multiplyAdds,
    hiddenUnits,
    depth,
    predictionSeconds: facts.isTimed ? point.predictionSeconds : null,
    baseline,
    seeds: repeats,
    unfinished,
    train: point.train,
    validation: {
      median,
      q1,
      q3,
      mean,
      standardError: Number.isFinite(standardError) ? standardError : null,
      low,
      high
    },
    unconverged: facts.unconverged.get(key) ?? 0,
    beside: beside ? comparisonToContract(beside) : null,
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

/** A comparison as the contract has it. */
export function comparisonToContract({
  centre,
  low,
  high,
  answer,
  parts
}: Comparison): Complexity['points'][number]['beside'] {
  const variance = parts ? parts.rows + parts.seeds : 0
  return { difference: centre, low, high, answer, rowShare: parts && variance > 0 ? parts.rows / variance : null }
}
