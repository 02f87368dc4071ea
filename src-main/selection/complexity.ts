/**
 * Points of the complexity curve: runs that differ in nothing but the seed, or the fold, become one point with its spread.
 * The figure of a run is the one at its best validation epoch; a run without one is left out and counted.
 * A point's figures are over its repeats: its seeds, or its folds, of which each has the mean of its seeds.
 */
import type { complexityAxes } from '#contract/selection.ts'
import type { NamedTopology } from '#words/topologies.ts'
import { deviation, mean, quartiles, standardError } from '#trials/statistics.ts'

/** What the curve needs of a run. Errors are such that less is better. */
export interface Trial {
  readonly seed: number
  /** The fold that judged it, from 1; null, or left out, for the one validation part. */
  readonly fold?: number | null
  readonly trainError: number
  readonly validationError: number
}

export type ComplexityAxis = (typeof complexityAxes)[number]

/** Runs alike in all but the seed and the fold. */
export interface TrialGroup extends NamedTopology {
  /** Names the group whatever others there are. */
  readonly key: string
  readonly parameters: number
  readonly multiplyAdds: number
  readonly hiddenUnits: number
  readonly depth: number
  /** Seconds to predict a row; 0 where nobody asked for it. */
  readonly predictionSeconds: number
  readonly baseline: boolean
  readonly trials: readonly Trial[]
}

export interface Spread {
  readonly median: number
  readonly q1: number
  readonly q3: number
}

export interface ComplexityPoint<Each extends Trial = Trial> extends Omit<TrialGroup, 'trials'> {
  /** Those with a finite error. */
  readonly trials: readonly Each[]
  /** How many seeds, or folds, its figures are over. */
  readonly repeats: number
  readonly train: Spread
  readonly validation: Spread & { readonly mean: number; readonly deviation: number; readonly standardError: number }
  /** Validation error by seed, or by fold, for paired differences. */
  readonly byRepeat: ReadonlyMap<number, number>
}

/** Summarises groups into points, the simplest by `axis` first; groups without a finite trial give none. */
export function complexityPoints<Group extends TrialGroup>(
  groups: readonly Group[],
  axis: ComplexityAxis = 'parameters'
): (Omit<Group, 'trials'> & ComplexityPoint<Group['trials'][number]>)[] {
  return groups
    .map(({ trials, ...group }) => ({
      group,
      trials: trials.filter((trial) => Number.isFinite(trial.validationError))
    }))
    .filter(({ trials }) => trials.length > 0)
    .map(({ group, trials }) => {
      const byRepeat = Map.groupBy(trials, ({ seed, fold }) => fold ?? seed)
      const over = (figure: (trial: Trial) => number) => [...byRepeat.values()].map((own) => mean(own.map(figure)))
      const validation = over((trial) => trial.validationError)
      return {
        ...group,
        trials,
        repeats: byRepeat.size,
        train: quartiles(over((trial) => trial.trainError)),
        validation: {
          ...quartiles(validation),
          mean: mean(validation),
          deviation: deviation(validation),
          standardError: standardError(validation)
        },
        byRepeat: new Map([...byRepeat.keys()].map((repeat, index) => [repeat, validation[index] ?? NaN]))
      }
    })
    .toSorted((a, b) => a[axis] - b[axis] || a.parameters - b.parameters || a.multiplyAdds - b.multiplyAdds)
}

/** The points, sorted by complexity, that no simpler one beats or equals in median validation error. */
export function paretoFront<Point extends ComplexityPoint>(points: readonly Point[]): Point[] {
  let lowest = Number.POSITIVE_INFINITY
  return points.filter((point) => {
    if (point.validation.median >= lowest) return false
    lowest = point.validation.median
    return true
  })
}
