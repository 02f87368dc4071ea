/**
 * The suggestion: the simplest topology within one standard error of the best, and whether that is decided yet.
 *
 * Rule: best is the point with the lowest mean validation error over its seeds; suggested is the simplest point whose
 * mean is at most best's mean plus the noise of best (Breiman et al. 1984, section 3.4.3; Hastie, Tibshirani & Friedman
 * 2009, section 7.10). There the standard error is that of an estimate on sampled rows: folds, or a part held out. Over
 * seeds alone it would shrink to nothing the more seeds are run, and the rule would end at the best of these very rows.
 * So the noise has both parts, added in squares: the standard error over the seeds, and that of the validation rows,
 * which are the same for all seeds (part-noise.ts). Over folds the standard error has the rows in it already, each fold
 * being judged by rows of its own. It is the usual one, of folds as if they were independent: they share training rows,
 * and no estimate of the variance is unbiased for that (Bengio & Grandvalet 2004, Journal of Machine Learning Research 5).
 *
 * Decided: every simpler point is worse than the best for sure: its paired difference to the best (Student's t over the
 * seeds both have) is above zero, told for all simpler points together at the confidence level by Holm's step-down
 * procedure (Holm 1979, Scandinavian Journal of Statistics 6). A simpler point of which that can't be told might still
 * be as good on these rows, and more seeds could tell. A point with a single seed says nothing of its
 * noise: it is best only where all points have one seed, and it keeps the question open where it is simpler or looks
 * better. A topology alone has nothing to be decided against.
 *
 * Over folds the error of a paired difference is raised for the training rows that folds share, from s^2/k to
 * s^2 (1/k + 1/(k - 1)): the correction of Nadeau & Bengio 2003 (Machine Learning 52), with the share of test to training
 * rows of k folds, as Bouckaert & Frank 2004 (PAKDD) apply it to them.
 *
 * Extra seeds: as many as find the difference seen so far with a probability of `power` (Cohen 1988, section 2.3). None
 * are told over folds: more seeds do not make more rows, on which the folds differ.
 */
import type { ComplexityPoint } from '#lab/selection/complexity.ts'
import type { PartNoise } from '#lab/selection/part-noise.ts'
import { mean, standardError, studentCritical, studentTail } from '#lab/selection/statistics.ts'
import { listSome } from '#words/lists.ts'

export const confidenceLevel = 0.95
export const power = 0.8

/** Above this many further seeds a difference is too small to be worth the time. */
export const mostExtraSeeds = 50

/** What makes five seeds of one: the least that tells a spread. */
const firstExtraSeeds = 4

/** One standard error of the best, in units of the error, and what it is made of. */
export interface Noise {
  readonly value: number
  /** Over the seeds, or over the folds. */
  readonly repeats: number
  readonly rows: number
}

export interface Suggestion {
  readonly best: ComplexityPoint
  readonly suggested: ComplexityPoint
  readonly noise: Noise
  readonly decided: boolean
  /** Further seeds per point that should settle it, if the differences seen so far are true; 0 where decided. */
  readonly extraSeeds: number
  /** The points between which more seeds would decide, the best among them; empty where decided. */
  readonly contested: readonly ComplexityPoint[]
  readonly reason: string
}

/** What the errors of the points were measured on. */
export interface Evidence {
  /** The noise that the rows of the one validation part add; null where it is not known, or the folds have it. */
  readonly part: PartNoise | null
  /** How many folds the points are over; null for seeds over one validation part. */
  readonly folds: number | null
}

const oneUnknownPart: Evidence = { part: null, folds: null }

/** The paired difference of two points over the seeds, or folds, both have; `error` is NaN below two pairs. */
export interface PairedDifference {
  readonly pairs: number
  readonly mean: number
  readonly error: number
}

/** Measures how much worse `point` is than `other`, seed by seed or fold by fold: the noise that both share cancels. */
export function pairedDifference(
  point: ComplexityPoint,
  other: ComplexityPoint,
  folds: number | null = null
): PairedDifference {
  const differences: number[] = []
  for (const [repeat, value] of point.byRepeat) {
    const twin = other.byRepeat.get(repeat)
    if (twin !== undefined) differences.push(value - twin)
  }
  const shared = folds === null ? 1 : Math.sqrt(1 + folds / (folds - 1))
  return { pairs: differences.length, mean: mean(differences), error: shared * standardError(differences) }
}

/**
 * Chooses among points sorted by complexity, as complexityPoints() gives them; null where there is none.
 * Units: errors as they are in the points; the reason names them with `format`. Without `part`, as for a loss, whose
 * spread over the rows is not known, the seeds are all the noise there is.
 */
export function suggest(
  points: readonly ComplexityPoint[],
  format: (error: number) => string,
  evidence: Evidence = oneUnknownPart
): Suggestion | null {
  const { part, folds } = evidence
  const repeated = points.filter(({ repeats }) => repeats > 1)
  const candidates = repeated.length > 0 ? repeated : points
  const best = candidates.reduce<ComplexityPoint | null>(
    (lowest, point) => (lowest === null || point.validation.mean < lowest.validation.mean ? point : lowest),
    null
  )
  if (best === null) return null
  const noise = noiseOf(best, part)
  const limit = best.validation.mean + noise.value
  const suggested = candidates.find((point) => point.validation.mean <= limit) ?? best
  const rank = points.indexOf(suggested)
  const simpler = notSurelyWorse(points.slice(0, rank), best, folds)
  const lucky = points
    .slice(rank)
    .filter((point) => point !== best && point.repeats < 2 && point.validation.mean < best.validation.mean)
  const open = [...simpler, ...lucky]
  const isSingle = best.repeats < 2
  // The model that sees no input has no parameters, and is no topology to choose.
  const isAlone = points.filter(({ parameters }) => parameters > 0).length < 2
  const decided = open.length === 0 && !isSingle && !isAlone
  const critical = remembered(studentCritical)
  const wanted = open.map((point) => seedsToSeparate(pairedDifference(point, best), open.length, critical))
  const extraSeeds = folds === null && !isAlone ? Math.max(isSingle ? firstExtraSeeds : 0, ...wanted) : 0
  return {
    best,
    suggested,
    noise,
    decided,
    extraSeeds,
    contested: decided ? [] : points.filter((point) => point === best || point === suggested || open.includes(point)),
    reason: isAlone
      ? `${best.topology} is the only topology so far: a smaller and a larger one would show whether it is the right size.`
      : reasonFor({ best, suggested, noise }, open, evidence, format)
  }
}

function noiseOf({ validation }: ComplexityPoint, part: PartNoise | null): Noise {
  const repeats = Number.isNaN(validation.standardError) ? 0 : validation.standardError
  const rows = part?.of(validation.mean) ?? 0
  return { value: Math.hypot(repeats, rows), repeats, rows }
}

/** The points that Holm's procedure can't tell to be worse than `best`. */
function notSurelyWorse(
  points: readonly ComplexityPoint[],
  best: ComplexityPoint,
  folds: number | null
): ComplexityPoint[] {
  const ranked = points
    .map((point) => ({ point, tail: tailOf(pairedDifference(point, best, folds)) }))
    .toSorted((a, b) => a.tail - b.tail)
  const firstOpen = ranked.findIndex(({ tail }, index) => tail > (1 - confidenceLevel) / (ranked.length - index))
  return firstOpen < 0 ? [] : ranked.slice(firstOpen).map(({ point }) => point)
}

/** The p-value of a difference above zero; 1 where there are no two pairs to tell it, or it lies below. */
function tailOf({ pairs, mean: difference, error }: PairedDifference): number {
  if (pairs < 2 || !(difference > 0)) return 1
  return studentTail(difference / error, pairs - 1)
}

/** The further pairs after which one of `open` differences is told to be above zero, at the spread seen so far. */
function seedsToSeparate(
  { pairs, mean: difference, error }: PairedDifference,
  open: number,
  critical: typeof studentCritical
): number {
  if (pairs < 2) return firstExtraSeeds
  const spread = error * Math.sqrt(pairs)
  const level = 1 - (1 - confidenceLevel) / open
  for (let extra = 1; extra < mostExtraSeeds; extra++) {
    const degrees = pairs + extra - 1
    // P(T <= t) = power where P(|T| <= t) = 2 power - 1.
    const needed = critical(degrees, level) + critical(degrees, 2 * power - 1)
    if (difference > (needed * spread) / Math.sqrt(pairs + extra)) return extra
  }
  return mostExtraSeeds
}

/** The same few critical values are asked for again and again. */
function remembered(find: typeof studentCritical): typeof studentCritical {
  const known = new Map<string, number>()
  return (degrees, level) => {
    const key = `${degrees} ${level}`
    const value = known.get(key) ?? find(degrees, level)
    known.set(key, value)
    return value
  }
}

function reasonFor(
  { best, suggested, noise }: Pick<Suggestion, 'best' | 'suggested' | 'noise'>,
  open: readonly ComplexityPoint[],
  { part, folds }: Evidence,
  format: (error: number) => string
): string {
  if (best.repeats < 2) return `${best.topology} is the best so far, but one seed a topology says nothing of the noise.`
  const parts = part
    ? ` (${format(noise.repeats)} from the seeds, ${format(noise.rows)} from the ${part.rows} validation rows)`
    : folds === null
      ? ''
      : ` (over ${folds} folds)`
  const amount = `${format(noise.value)}${parts}`
  const chosen =
    suggested === best
      ? `${best.topology} has the lowest mean validation error, and no simpler topology comes within the noise of ${amount}`
      : `${suggested.topology}; ${best.topology} is better by ${format(suggested.validation.mean - best.validation.mean)} in the mean, the noise is ${amount}`
  if (open.length === 0) return `${chosen}.`
  const names = listSome(
    open.map((point) => point.topology),
    5
  )
  const tellers = folds === null ? 'the seeds so far' : `${folds} folds`
  return `${chosen}. Not decided yet: ${names} may be as good, ${tellers} can't tell.`
}
