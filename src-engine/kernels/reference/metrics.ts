/** Metrics of predictions in float64: the truth for what runs record and for the full report at the best epoch. */
import { at, indexOfLargest, type Matrix, mean, sum, type Vector, zip } from '#engine/kernels/reference/matrix.ts'

/** Picks the class of each row: the largest output, or 1 where a single output is above 1/2. */
export function predictedClasses(outputs: Matrix): number[] {
  return outputs.map((row) => (row.length === 1 ? (at(row, 0) > 0.5 ? 1 : 0) : indexOfLargest(row)))
}

/** The share of rows whose class is right, 0 to 1. */
export function accuracy(predicted: Vector, classes: Vector): number {
  return mean(zip(predicted, classes, (said, wanted) => (said === wanted ? 1 : 0)))
}

/** Counts rows by true class (rows of the table) and predicted class (columns). */
export function confusionMatrix(predicted: Vector, classes: Vector, count: number): number[][] {
  const table = Array.from({ length: count }, () => Array<number>(count).fill(0))
  classes.forEach((wanted, index) => {
    const row = table[wanted]
    const said = at(predicted, index)
    if (!row || said >= count) throw new RangeError(`Class ${Math.max(wanted, said)} is none of ${count} classes.`)
    row[said] = at(row, said) + 1
  })
  return table
}

export interface ClassMetrics {
  /** Of the rows said to be of this class, the share that are; 0 where none was said to be. */
  readonly precision: number
  /** Of the rows of this class, the share found; 0 where there is none. */
  readonly recall: number
  /** The harmonic mean of both; 0 where both are 0. */
  readonly f1: number
  /** Rows of this class. */
  readonly support: number
}

/** Computes precision, recall and F1 of each class from a confusion matrix. */
export function classMetrics(confusion: Matrix): ClassMetrics[] {
  return confusion.map((row, index) => {
    const hits = at(row, index)
    const support = sum(row)
    const said = sum(confusion.map((other) => at(other, index)))
    const share = (total: number) => (total > 0 ? hits / total : 0)
    const f1 = said + support > 0 ? (2 * hits) / (said + support) : 0
    return { precision: share(said), recall: share(support), f1, support }
  })
}

export interface AverageMetrics {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** Averages the figures of classes: each class the same (macro), or by its rows (weighted). */
export function averageMetrics(figures: readonly ClassMetrics[], kind: 'macro' | 'weighted'): AverageMetrics {
  const weights = figures.map((figure) => (kind === 'macro' ? 1 : figure.support))
  const total = sum(weights)
  const average = (field: keyof AverageMetrics) =>
    sum(figures.map((figure, index) => figure[field] * at(weights, index))) / total
  return { precision: average('precision'), recall: average('recall'), f1: average('f1') }
}

/**
 * The area under the ROC curve: the chance that a row of the class scores above a row that is not; ties count half.
 * Errors: none; NaN where one of the two sides has no row.
 * Source: Hanley & McNeil 1982 (the Mann-Whitney form).
 */
export function rocAuc(scores: Vector, isOfClass: readonly boolean[]): number {
  const inside = scores.filter((_, index) => isOfClass[index])
  const outside = scores.filter((_, index) => !isOfClass[index])
  const wins = inside.map((a) => sum(outside.map((b) => (a > b ? 1 : a === b ? 0.5 : 0))))
  return sum(wins) / (inside.length * outside.length)
}

/** The mean of -log of the probability given to the right class; probabilities below 2.2e-16 count as that, as sklearn. */
export function logLoss(probabilities: Matrix, classes: Vector): number {
  const certain = probabilities.map((row, index) => {
    const wanted = at(classes, index)
    const p = row.length === 1 ? (wanted === 1 ? at(row, 0) : 1 - at(row, 0)) : at(row, wanted)
    return -Math.log(Math.max(p, Number.EPSILON))
  })
  return mean(certain)
}

export interface RegressionMetrics {
  readonly rmse: number
  readonly mae: number
  /** 1 - residual squares / squares around the mean; NaN where the targets do not vary. */
  readonly r2: number
}

/** Computes the figures of predicted numbers, in their own units. */
export function regressionMetrics(predicted: Vector, targets: Vector): RegressionMetrics {
  const residuals = zip(predicted, targets, (p, t) => p - t)
  const centre = mean(targets)
  const residualSquares = sum(residuals.map((r) => r * r))
  const spread = sum(targets.map((t) => (t - centre) ** 2))
  return {
    rmse: Math.sqrt(residualSquares / residuals.length),
    mae: mean(residuals.map(Math.abs)),
    r2: spread > 0 ? 1 - residualSquares / spread : NaN
  }
}

/** The value below which a share of the values lies, linear between neighbours as numpy's default; share 0 to 1. */
export function quantile(values: Vector, share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const lower = at(sorted, below)
  return lower + (position - below) * (at(sorted, Math.min(below + 1, sorted.length - 1)) - lower)
}
