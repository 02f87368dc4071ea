/**
 * What the data let one believe about how much worse one topology is than another, and the answer that follows. Pure.
 * A belief is a Student's t: the posterior of a difference under the vague prior, whose 95 % are the usual interval.
 */
import { studentBelow, studentCritical } from '#lab/selection/student.ts'

/** Units: those of the error; above 0 the first topology is worse than the second. */
export interface Belief {
  readonly centre: number
  /** Its scale; 0 where nothing varies. */
  readonly error: number
  readonly degrees: number
}

/**
 * worse: surely worse by more than the zone. as_good: surely not worse by more than the zone; it may be better.
 * open: the data do not tell.
 */
export type Answer = 'as_good' | 'worse' | 'open'

export const confidenceLevel = 0.95

/** Gives the range that holds the difference with a probability of 95 %. */
export function intervalOf({ centre, error, degrees }: Belief): { low: number; high: number } {
  const half = error > 0 ? criticalAt(degrees) * error : 0
  return { low: centre - half, high: centre + half }
}

/**
 * Answers whether the first topology is as good as the second, where `zone` is the difference that makes none in practice.
 * Both sure answers are those of the interval above, so that what is said and what is shown agree.
 * Source: the region of practical equivalence of Kruschke 2013 (Journal of Experimental Psychology: General 142) and
 * Benavoli, Corani, Demsar & Zaffalon 2017 (JMLR 18), one-sided: to be better counts as being as good.
 */
export function answerOf(belief: Belief, zone: number): Answer {
  const { low, high } = intervalOf(belief)
  if (low > zone) return 'worse'
  return high <= zone ? 'as_good' : 'open'
}

/** The probability that the difference lies above `limit`. */
export function probabilityAbove({ centre, error, degrees }: Belief, limit: number): number {
  if (!(error > 0)) return centre > limit ? 1 : 0
  return studentBelow((centre - limit) / error, degrees)
}

const known = new Map<number, number>()

/**
 * The two-sided critical value of 95 %. Degrees are as uncertain as the spreads they come from: two digits of them are
 * enough, and few enough to be kept.
 */
export function criticalAt(degrees: number): number {
  const rounded = Math.min(10_000, Number(Math.max(degrees, 1).toPrecision(2)))
  let value = known.get(rounded)
  if (value === undefined) known.set(rounded, (value = studentCritical(rounded, confidenceLevel)))
  return value
}
