/** What the parts of a fit share: the training rows as a relation, what is asked of them, and how numbers are scaled. */
import type { ExperimentSettings, Preparation } from '#contract/experiments.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'

export interface Fitting {
  readonly session: Session
  /** SQL of the training rows. */
  readonly relation: string
  readonly rows: number
  readonly types: ReadonlyMap<string, string>
  readonly settings: ExperimentSettings
  /** Filled on the way. */
  readonly warnings: string[]
}

export interface Spread {
  readonly mean: number
  readonly deviation: number
  readonly minimum: number
  readonly maximum: number
}

/** Of numbers, as robust scaling needs them: interpolated between values, as DuckDB's quantile_cont has them. */
export interface Quartiles {
  readonly lower: number
  readonly median: number
  readonly upper: number
}

/**
 * Offset and scale of a column; one whose values don't differ is only shifted. Robust scaling is of numbers with their
 * quartiles: where these agree half the range takes the place of their distance; all else is standardised.
 * Source: RealMLP, Holzmüller et al. 2024 (arXiv 2407.04491), appendix on preprocessing.
 */
export function scaleOf(
  scaling: Preparation['scaling'],
  { mean, deviation, minimum, maximum }: Spread,
  quartiles?: Quartiles
): { offset: number; scale: number } {
  if (scaling === 'none') return { offset: 0, scale: 1 }
  if (scaling === 'minmax') return { offset: minimum, scale: maximum - minimum || 1 }
  if (scaling === 'robust' && quartiles) {
    const { lower, median, upper } = quartiles
    return { offset: median, scale: upper - lower || (maximum - minimum) / 2 || 1 }
  }
  // The mean of equal values may differ from them by rounding.
  if (minimum === maximum) return { offset: minimum, scale: 1 }
  return { offset: mean, scale: deviation || 1 }
}

/** A figure of a query; 0 where no row had a value. */
export function numberOf(value: Value | undefined): number {
  return value === null || value === undefined ? 0 : Number(value)
}
