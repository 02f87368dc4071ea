/**
 * What judges a sweep where nobody said: the one validation part, or folds where that part would be a handful of rows.
 * The same for window and terminal. Pure.
 */
import type { Experiment } from '#contract/experiments.ts'

/** Seeds a point on one part; folds are so many runs as well, with one seed each. */
export const usualSeeds = { part: 5, folds: 1 } as const

/** Below this many rows of training and validation part folds judge. */
export const fewRows = 1000

const usualFoldCount = 5

type Judged = Pick<Experiment, 'rows'> & { readonly settings: Pick<Experiment['settings'], 'split'> }

const judgingRows = ({ rows }: Judged) => rows.train + rows.validation

/**
 * How many folds judge by default; null for the one validation part. On 73 problems with known truth (150 to 3,000 rows,
 * selection/README.md) folds brought the suggestion nearer to the best at the same number of runs. Not where rows follow
 * one another, since the first folds are then trained on a few of them, nor where a column of the table parts them.
 */
export function usualFolds(experiment: Judged): number | null {
  const { kind } = experiment.settings.split
  const mayDeal = kind === 'fractions' || kind === 'groups'
  return mayDeal && judgingRows(experiment) < fewRows ? usualFoldCount : null
}
