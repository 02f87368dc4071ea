/**
 * Points of the complexity curve: runs that differ in nothing but the seed become one point with its spread.
 * The figure of a run is the one at its best validation epoch; a run without one is left out and counted.
 */
import type { complexityAxes } from '#contract/selection.ts'
import { deviation, mean, quantile, standardError } from '#lab/experiments/selection/statistics.ts'

/** What the curve needs of a run. Errors are such that less is better. */
export interface Trial {
  readonly seed: number
  readonly trainError: number
  readonly validationError: number
}

export type ComplexityAxis = (typeof complexityAxes)[number]

/** Runs alike in all but the seed. */
export interface TrialGroup {
  readonly topology: string
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
  /** How many seeds stand behind the point. */
  readonly seeds: number
  readonly train: Spread
  readonly validation: Spread & { readonly mean: number; readonly deviation: number; readonly standardError: number }
  /** Validation error by seed, for paired differences. */
  readonly bySeed: ReadonlyMap<number, number>
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
      const validation = trials.map((trial) => trial.validationError)
      return {
        ...group,
        trials,
        seeds: trials.length,
        train: spreadOf(trials.map((trial) => trial.trainError)),
        validation: {
          ...spreadOf(validation),
          mean: mean(validation),
          deviation: deviation(validation),
          standardError: standardError(validation)
        },
        bySeed: new Map(trials.map((trial) => [trial.seed, trial.validationError]))
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

function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), q1: quantile(values, 0.25), q3: quantile(values, 0.75) }
}
