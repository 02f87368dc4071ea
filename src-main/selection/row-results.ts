/**
 * Results of runs row by row, as comparing topologies needs them. Pure data.
 * What a row adds to an error: for a share of wrong classes whether it is wrong; for a root mean squared error its squared
 * residual over twice that error, which is how the root moves with it (delta method); for a loss its own loss.
 */

/** One run, or a seed over all folds, on rows that all that are compared have in common. */
export interface RowResult {
  /** On all rows, also those that were not kept; in units of the error. */
  readonly error: number
  /** Shapes: one a kept row, in one order for all. */
  readonly parts: Float32Array
}

export interface RowResults {
  /** Rows of the whole part, or of all folds; those that were kept are a sample of them. */
  readonly rows: number
  /** Whether parts are 0 and 1 for right and wrong. */
  readonly areShares: boolean
  /** By the key of a point, then by seed. */
  readonly points: ReadonlyMap<string, ReadonlyMap<number, RowResult>>
}
