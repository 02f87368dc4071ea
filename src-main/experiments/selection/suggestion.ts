/**
 * The suggestion: the simplest topology within one standard error of the best, and whether that is decided yet.
 *
 * Rule: best is the point with the lowest mean validation error over its seeds; suggested is the point with the fewest
 * parameters whose mean is at most best's mean plus best's standard error (Breiman et al. 1984, section 3.4.3; Hastie,
 * Tibshirani & Friedman 2009, section 7.10, for cross-validation; here the repeats are seeds).
 *
 * Decided: every simpler point is worse than the best for sure, which means that the 95 % confidence interval of its
 * paired difference to the best (Student's t over the seeds both have) lies above zero. A simpler point whose interval
 * reaches zero might still be as good, and more seeds could tell.
 */
import type { ComplexityPoint } from '#lab/experiments/selection/complexity.ts'
import { mean, standardError, studentCritical } from '#lab/experiments/selection/statistics.ts'

export const confidenceLevel = 0.95

/** Above this many further seeds a difference is too small to be worth the time. */
export const mostExtraSeeds = 50

export interface Suggestion {
  readonly best: ComplexityPoint
  readonly suggested: ComplexityPoint
  readonly decided: boolean
  /** Further seeds per point that should settle it, if the differences seen so far are true; 0 where decided. */
  readonly extraSeeds: number
  readonly reason: string
}

/** The paired difference of two points over the seeds both have; `error` is NaN below two pairs. */
export interface PairedDifference {
  readonly pairs: number
  readonly mean: number
  readonly error: number
}

/** Measures how much worse `point` is than `other`, seed by seed: the noise that both share cancels. */
export function pairedDifference(point: ComplexityPoint, other: ComplexityPoint): PairedDifference {
  const differences: number[] = []
  for (const [seed, value] of point.bySeed) {
    const twin = other.bySeed.get(seed)
    if (twin !== undefined) differences.push(value - twin)
  }
  return { pairs: differences.length, mean: mean(differences), error: standardError(differences) }
}

/**
 * Chooses among points sorted by complexity, as complexityPoints() gives them; null where there is none.
 * Units: errors as they are in the points; the reason names them with `format`.
 */
export function suggest(points: readonly ComplexityPoint[], format: (error: number) => string): Suggestion | null {
  const best = points.reduce<ComplexityPoint | null>(
    (lowest, point) => (lowest === null || point.validation.mean < lowest.validation.mean ? point : lowest),
    null
  )
  if (best === null) return null
  const noise = best.validation.standardError
  const limit = best.validation.mean + (Number.isNaN(noise) ? 0 : noise)
  const suggested = points.find((point) => point.validation.mean <= limit) ?? best
  const simpler = points.slice(0, points.indexOf(suggested))
  const open = simpler.filter((point) => !isWorse(pairedDifference(point, best)))
  const extraSeeds = Math.max(0, ...open.map((point) => seedsToSeparate(pairedDifference(point, best))))
  const single = points.some((point) => point.seeds < 2)
  return {
    best,
    suggested,
    decided: open.length === 0 && !single,
    extraSeeds: single ? Math.max(extraSeeds, 4) : extraSeeds,
    reason: reasonFor(best, suggested, open, single, format)
  }
}

/** Whether the confidence interval of a paired difference lies above zero. */
function isWorse(difference: PairedDifference): boolean {
  if (difference.pairs < 2) return false
  return difference.mean > studentCritical(difference.pairs - 1, confidenceLevel) * difference.error
}

/** The further pairs after which the interval would exclude zero, at the mean and deviation seen so far. */
function seedsToSeparate({ pairs, mean: difference, error }: PairedDifference): number {
  if (pairs < 2) return 4
  const spread = error * Math.sqrt(pairs)
  for (let extra = 1; extra < mostExtraSeeds; extra++) {
    const total = pairs + extra
    if (difference > (studentCritical(total - 1, confidenceLevel) * spread) / Math.sqrt(total)) return extra
  }
  return mostExtraSeeds
}

function reasonFor(
  best: ComplexityPoint,
  suggested: ComplexityPoint,
  open: readonly ComplexityPoint[],
  single: boolean,
  format: (error: number) => string
): string {
  if (single) return `${suggested.topology} is the best so far, but one seed a topology says nothing of the noise.`
  const noise = format(best.validation.standardError)
  const chosen =
    suggested === best
      ? `${best.topology} has the lowest validation error, and no simpler topology comes within the noise of ${noise}`
      : `${suggested.topology}; ${best.topology} is better by ${format(suggested.validation.mean - best.validation.mean)}, the noise is ${noise}`
  if (open.length === 0) return `${chosen}.`
  const names = open.map((point) => point.topology).join(', ')
  return `${chosen}. Not decided yet: ${names} may be as good, the seeds so far can't tell.`
}
