/**
 * How far an error measured on a part with few rows may lie from the error on all rows there could be: its standard
 * error over the rows, which is the same for all seeds and does not shrink with more of them. Pure.
 */

export interface PartNoise {
  readonly rows: number
  /** One standard error of an error, in its units. */
  of(error: number): number
}

/**
 * For a share of wrong rows.
 * Source: half the width of Wilson's interval at one standard error, which is not 0 for an error of 0 (Agresti & Coull
 * 1998, The American Statistician 52, for z = 1).
 */
export function shareNoise(rows: number): PartNoise {
  return {
    rows,
    of(error) {
      const share = (error * rows + 0.5) / (rows + 1)
      return Math.sqrt((share * (1 - share)) / (rows + 1))
    }
  }
}

/**
 * For a root mean squared error of residuals that are about normal: the square of it has a relative standard error of
 * sqrt(2 / rows), so the root has half of that (delta method).
 */
export function rootMeanSquareNoise(rows: number): PartNoise {
  return { rows, of: (error) => error / Math.sqrt(2 * rows) }
}
