/**
 * How far an error measured on a part may lie from the error on all rows there could be, for targets of any shape and for
 * networks that are hardly ever wrong. Pure.
 */
import { criticalAt } from '#lab/selection/belief.ts'

/** Units: those of the error. */
export interface ErrorNoise {
  /** One standard error over the rows. It is the same for all seeds and does not shrink with more of them. */
  readonly rows: number
  /** One standard error over the seeds. */
  readonly seeds: number
  /** Both, added in squares. */
  readonly value: number
  /** 95 % of all that the error on all rows there could be. */
  readonly low: number
  readonly high: number
}

/** Two-sided 95 % of the normal distribution. */
const z95 = 1.959964

/**
 * For a share of wrong classes, averaged over the seeds.
 * Method: Wilson's interval for as many rows as would give a single run the spread of the seeds' mean over the rows: the
 * seeds err on partly different rows, so their mean varies less. An error of 0 is not taken for certain.
 * Shapes: `wrong` has the share of the seeds that are wrong on each kept row. Units: `seedError` is the standard error over
 * the seeds, `rows` the size of the whole part.
 * Source: Wilson 1927; Korn & Graubard 1998 (Survey Methodology 24) for the effective number of rows.
 */
export function shareNoise(error: number, wrong: ArrayLike<number>, rows: number, seedError = 0): ErrorNoise {
  const binomial = error * (1 - error)
  const spread = varianceOf(wrong)
  const effective = binomial > 0 && spread > 0 ? Math.max(rows, (binomial / spread) * rows) : rows
  const half = (z: number) =>
    (z / (1 + (z * z) / effective)) * Math.sqrt(binomial / effective + (z * z) / (4 * effective * effective))
  const centre = (error + (z95 * z95) / (2 * effective)) / (1 + (z95 * z95) / effective)
  const reach = Math.hypot(half(z95), z95 * seedError)
  return {
    rows: half(1),
    seeds: seedError,
    value: Math.hypot(half(1), seedError),
    low: Math.max(0, centre - reach),
    high: Math.min(1, centre + reach)
  }
}

/** How far one more row is taken to depart beyond the farthest, in squares. */
const beyondFarthest = 2

/**
 * For a root mean squared error.
 * Method: the spread of the squared residuals, brought to the root by the delta method, as if one more row departed twice
 * as far as all that were seen: with heavy tails the rows that make the error have mostly not been seen, and the spread of
 * those that have is far too small. The interval is one of the logarithm; its upper end is that of Student's t with the
 * degrees of freedom that a mean of squares of this spread has (Satterthwaite 1946). Of residuals that are Student's t with
 * 3 degrees, 95 % hold 90 to 92 % then, and 97 to 99 % of normal ones, on 30 to 600 rows; without that row 71 to 78 % and 92
 * to 95 %.
 * Shapes: `squares` has the squared residuals of the kept rows, averaged over the seeds. Units: as shareNoise().
 */
export function rootMeanSquareNoise(
  error: number,
  squares: ArrayLike<number>,
  rows: number,
  seedError = 0
): ErrorNoise {
  const count = squares.length
  let largest = 0
  let sum = 0
  for (let row = 0; row < count; row++) {
    sum += squares[row] ?? 0
    largest = Math.max(largest, squares[row] ?? 0)
  }
  if (!(error > 0) || !(sum > 0)) return { rows: 0, seeds: seedError, value: seedError, low: error, high: error }
  const more = Float64Array.from({ length: count + 1 }, (_, row) => squares[row] ?? beyondFarthest * largest)
  const relative = Math.sqrt(varianceOf(more) / rows) / (sum / count)
  const own = (error * relative) / 2
  const value = Math.hypot(own, seedError)
  const upper = criticalAt(2 / relative ** 2)
  return {
    rows: own,
    seeds: seedError,
    value,
    low: error * Math.exp((-z95 * value) / error),
    high: error * Math.exp((upper * value) / error)
  }
}

/** For figures of which only the seeds are known, as a loss that was not kept row by row. */
export function seedNoise(error: number, seedError: number): ErrorNoise {
  return { rows: 0, seeds: seedError, value: seedError, low: error - z95 * seedError, high: error + z95 * seedError }
}

/** Sample variance (n - 1); 0 for fewer than two values. */
function varianceOf(values: ArrayLike<number>): number {
  const count = values.length
  if (count < 2) return 0
  let sum = 0
  for (let at = 0; at < count; at++) sum += values[at] ?? 0
  let squares = 0
  for (let at = 0; at < count; at++) squares += ((values[at] ?? 0) - sum / count) ** 2
  return squares / (count - 1)
}
