/**
 * Split conformal prediction: an interval around a number, or a set of classes, that holds the truth of a share of new rows
 * like those it was fitted on, whatever the network. The promise is one on average over all rows, not of every kind of row,
 * and void where new rows are of another kind.
 * Source: Vovk et al. 2005; Lei et al. 2018 (split conformal, algorithm 2); Sadinle et al. 2019 (sets of least probability).
 */
import { LabError } from '#contract/errors.ts'

export type Interval =
  /** The value and this much to either side, in the units of the target. */
  | { readonly kind: 'number'; readonly level: number; readonly rows: number; readonly halfWidth: number }
  /** All classes with at least this probability, and the most probable one. */
  | { readonly kind: 'classes'; readonly level: number; readonly rows: number; readonly least: number }

export interface Calibration {
  /** (rows, units) row by row: probabilities of classes, or values in the units of the target. */
  readonly outputs: ArrayLike<number>
  /** (rows) class numbers, or values in the units of the target. */
  readonly targets: ArrayLike<number>
  readonly classes: number | null
}

/**
 * Fits the interval on rows that the network did not learn.
 * Units: level is a share between 0 and 1.
 * Errors: LabError 'bad_settings' where the rows are too few for the level.
 */
export function fitInterval({ outputs, targets, classes }: Calibration, level: number): Interval {
  const rows = targets.length
  const place = Math.ceil((rows + 1) * level)
  if (place > rows) {
    const most = rows / (rows + 1)
    throw new LabError(
      'bad_settings',
      `The validation part has ${rows} rows, which can promise at most ${(100 * most).toFixed(1)} %; ask for less, or keep more rows for validation.`,
      { field: 'interval' }
    )
  }
  const scores = Float64Array.from({ length: rows }, (_, row) => {
    const target = targets[row] ?? NaN
    return classes === null ? Math.abs((outputs[row] ?? NaN) - target) : 1 - (outputs[row * classes + target] ?? NaN)
  }).sort()
  const score = scores[place - 1] ?? Infinity
  return classes === null
    ? { kind: 'number', level, rows, halfWidth: score }
    : { kind: 'classes', level, rows, least: 1 - score }
}

/** The places of the classes of a set: those that are probable enough, the most probable one in any case, in their order. */
export function setOf(probabilities: ArrayLike<number>, least: number): number[] {
  const places = Array.from({ length: probabilities.length }, (_, place) => place)
  const best = places.reduce((a, b) => ((probabilities[b] ?? 0) > (probabilities[a] ?? 0) ? b : a), 0)
  // A probability that is the very score of a row belongs to its set, whatever 1 - (1 - p) rounds to.
  return places.filter((place) => place === best || (probabilities[place] ?? 0) >= least - 1e-12)
}
