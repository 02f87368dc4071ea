/**
 * The suggestion: the simplest topology within one standard error of the best, and whether that is decided yet.
 *
 * Rule: best is the point with the lowest mean validation error over its seeds; suggested is the simplest point whose
 * mean is at most best's mean plus the noise of best (Breiman et al. 1984, section 3.4.3; Hastie, Tibshirani & Friedman
 * 2009, section 7.10). There the standard error is that of an estimate on sampled rows: folds, or a part held out. Over
 * seeds alone it would shrink to nothing the more seeds are run, and the rule would end at the best of these very rows.
 * So the noise has both parts, added in squares: the standard error over the seeds, and that of the validation rows,
 * which are the same for all seeds (part-noise.ts).
 *
 * Decided: every simpler point is worse than the best for sure: its paired difference to the best (Student's t over the
 * seeds both have) is above zero, told for all simpler points together at the confidence level by Holm's step-down
 * procedure (Holm 1979, Scandinavian Journal of Statistics 6). A simpler point of which that can't be told might still
 * be as good on these rows, and more seeds could tell. A point with a single seed says nothing of its
 * noise: it is best only where all points have one seed, and it keeps the question open where it is simpler or looks
 * better.
 *
 * Extra seeds: as many as find the difference seen so far with a probability of `power` (Cohen 1988, section 2.3).
 */
import type { ComplexityPoint } from '#lab/experiments/selection/complexity.ts'
import type { PartNoise } from '#lab/experiments/selection/part-noise.ts'
import { mean, standardError, studentCritical, studentTail } from '#lab/experiments/selection/statistics.ts'

export const confidenceLevel = 0.95
export const power = 0.8

/** Above this many further seeds a difference is too small to be worth the time. */
export const mostExtraSeeds = 50

/** What makes five seeds of one: the least that tells a spread. */
const firstExtraSeeds = 4

/** One standard error of the best, in units of the error, and what it is made of. */
export interface Noise {
  readonly value: number
  readonly seeds: number
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
 * Units: errors as they are in the points; the reason names them with `format`. Without `part`, as for a loss, whose
 * spread over the rows is not known, the seeds are all the noise there is.
 */
export function suggest(
  points: readonly ComplexityPoint[],
  format: (error: number) => string,
  part: PartNoise | null = null
): Suggestion | null {
  const repeated = points.filter(({ seeds }) => seeds > 1)
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
  const simpler = notSurelyWorse(points.slice(0, rank), best)
  const lucky = points
    .slice(rank)
    .filter((point) => point !== best && point.seeds < 2 && point.validation.mean < best.validation.mean)
  const open = [...simpler, ...lucky]
  const isSingle = best.seeds < 2
  const decided = open.length === 0 && !isSingle
  const critical = remembered(studentCritical)
  const wanted = open.map((point) => seedsToSeparate(pairedDifference(point, best), open.length, critical))
  const extraSeeds = Math.max(isSingle ? firstExtraSeeds : 0, ...wanted)
  return {
    best,
    suggested,
    noise,
    decided,
    extraSeeds,
    contested: decided ? [] : points.filter((point) => point === best || point === suggested || open.includes(point)),
    reason: reasonFor({ best, suggested, noise }, open, part, format)
  }
}

function noiseOf({ validation }: ComplexityPoint, part: PartNoise | null): Noise {
  const seeds = Number.isNaN(validation.standardError) ? 0 : validation.standardError
  const rows = part?.of(validation.mean) ?? 0
  return { value: Math.hypot(seeds, rows), seeds, rows }
}

/** The points that Holm's procedure can't tell to be worse than `best`. */
function notSurelyWorse(points: readonly ComplexityPoint[], best: ComplexityPoint): ComplexityPoint[] {
  const ranked = points
    .map((point) => ({ point, tail: tailOf(pairedDifference(point, best)) }))
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
  part: PartNoise | null,
  format: (error: number) => string
): string {
  if (best.seeds < 2) return `${best.topology} is the best so far, but one seed a topology says nothing of the noise.`
  const parts = part
    ? ` (${format(noise.seeds)} from the seeds, ${format(noise.rows)} from the ${part.rows} validation rows)`
    : ''
  const amount = `${format(noise.value)}${parts}`
  const chosen =
    suggested === best
      ? `${best.topology} has the lowest validation error, and no simpler topology comes within the noise of ${amount}`
      : `${suggested.topology}; ${best.topology} is better by ${format(suggested.validation.mean - best.validation.mean)}, the noise is ${amount}`
  if (open.length === 0) return `${chosen}.`
  const names = listOf(open.map((point) => point.topology))
  return `${chosen}. Not decided yet: ${names} may be as good, the seeds so far can't tell.`
}

/** Names a few; beyond that, says how many more there are. */
function listOf(names: readonly string[]): string {
  const shown = names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
