/** Any two points of a complexity curve laid beside each other: how much worse the one is, and what would tell. Pure. */
import { type Answer, answerOf, type Belief, criticalAt, intervalOf } from '#lab/selection/belief.ts'
import type { ComplexityPoint } from '#lab/selection/complexity.ts'
import { correlatedDifference } from '#lab/selection/correlated-folds.ts'
import { pairedDifference } from '#lab/selection/paired-difference.ts'
import type { RowResults } from '#lab/selection/row-results.ts'
import { deviation, mean } from '#trials/statistics.ts'

/** What points were judged by. */
export interface Judgement {
  /** Null where nothing is known row by row, as for some losses: then the seeds are all the noise there is. */
  readonly rows: RowResults | null
  /** How many folds the points are over; null for the one validation part. */
  readonly folds: number | null
}

/** Units: those of the error; above 0 the point is worse than what it is compared with. */
export interface Comparison extends Belief {
  readonly low: number
  readonly high: number
  readonly answer: Answer
  /** What the square of the error is made of; null over folds, which have both in them. */
  readonly parts: { readonly rows: number; readonly seeds: number } | null
  /** Seeds that both have. */
  readonly seeds: number
}

/** Compares a point with another; null where neither rows nor repeats tell anything of the noise. */
export function comparePoints(
  point: ComplexityPoint,
  other: ComplexityPoint,
  { rows, folds }: Judgement,
  zone: number
): Comparison | null {
  const found = folds === null ? onOnePart(point, other, rows) : overFolds(point, other, rows)
  if (!found) return null
  return { ...found, ...intervalOf(found), answer: answerOf(found, zone) }
}

type Found = Belief & Pick<Comparison, 'parts' | 'seeds'>

function onOnePart(point: ComplexityPoint, other: ComplexityPoint, rows: RowResults | null): Found | null {
  const [own, others] = [rows?.points.get(point.key), rows?.points.get(other.key)]
  const areWhole = own?.size === point.repeats && others?.size === other.repeats
  const seeds = Math.min(point.repeats, other.repeats)
  if (rows && own && others && areWhole) {
    const { rowVariance, seedVariance, ...belief } = pairedDifference(own, others, rows)
    return { ...belief, parts: { rows: rowVariance, seeds: seedVariance }, seeds }
  }
  const differences = differencesOf(point, other)
  if (differences.length < 2) return null
  const variance = deviation(differences) ** 2 / differences.length
  const belief = { centre: mean(differences), error: Math.sqrt(variance), degrees: differences.length - 1 }
  return { ...belief, parts: { rows: 0, seeds: variance }, seeds: differences.length }
}

function overFolds(point: ComplexityPoint, other: ComplexityPoint, rows: RowResults | null): Found | null {
  const differences = differencesOf(point, other)
  if (differences.length < 2) return null
  // As one row that only one of both gets wrong among all: folds without a difference are no proof that there is none.
  const least = rows?.areShares === true ? 1 / (rows.rows + 2) / rows.rows : 0
  return { ...correlatedDifference(differences, least), parts: null, seeds: point.trials.length / point.repeats }
}

/** How much worse `point` is, by the seeds or folds that both have. */
function differencesOf(point: ComplexityPoint, other: ComplexityPoint): number[] {
  return [...point.byRepeat].flatMap(([repeat, value]) => {
    const twin = other.byRepeat.get(repeat)
    return twin === undefined ? [] : [value - twin]
  })
}

/** What would tell an open comparison. */
export interface Help {
  readonly by: 'seeds' | 'rows' | 'folds' | 'nothing'
  /** Further seeds a topology for `seeds`; else 0. */
  readonly seeds: number
  /** How many times as many judging rows for `rows` and `folds`; else 1. */
  readonly factor: number
}

/** Above this many further seeds, or times as many rows, a difference is too small to be worth the time. */
export const mostExtraSeeds = 50
export const mostRowFactor = 100

/**
 * Says what would make an open comparison sure, if the difference seen so far is the true one.
 * Method: the interval has to be so narrow that it lies on one side of the zone's edge. Its square is that of the rows, which
 * shrinks with the judging rows, and that of the seeds, which shrinks with both; over folds they can't be told apart, and
 * rows alone are told. `foldFactor` is how many times as many rows judge where folds do; null where that is no way.
 */
export function helpFor(
  { centre, degrees, error, parts, seeds }: Comparison,
  zone: number,
  foldFactor: number | null
): Help {
  const distance = Math.abs(centre - zone)
  const nothing: Help = { by: 'nothing', seeds: 0, factor: 1 }
  if (!(distance > 0)) return nothing
  const extra = parts ? seedsToTell(distance, parts, seeds) : null
  if (extra !== null) return { by: 'seeds', seeds: extra, factor: 1 }
  const needed = ((criticalAt(parts ? 1000 : degrees) * error) / distance) ** 2
  const factor = Math.max(1, Math.ceil(needed * 10) / 10)
  if (factor > mostRowFactor) return nothing
  return { by: foldFactor !== null && factor <= foldFactor ? 'folds' : 'rows', seeds: 0, factor }
}

/** The further seeds after which the interval is narrow enough; null where the rows alone are too noisy for it. */
function seedsToTell(
  distance: number,
  parts: { readonly rows: number; readonly seeds: number },
  seeds: number
): number | null {
  for (let extra = 1; extra <= mostExtraSeeds; extra++) {
    const variance = parts.rows + (parts.seeds * seeds) / (seeds + extra)
    const share = parts.seeds === 0 ? 0 : (parts.seeds * seeds) / (seeds + extra) / variance
    const degrees = share === 0 ? 1000 : (seeds + extra - 1) / share ** 2
    if (criticalAt(degrees) * Math.sqrt(variance) <= distance) return extra
  }
  return null
}
