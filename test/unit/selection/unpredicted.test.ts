/** Classes that no run finds are named, those without rows are not. */
import { expect, it } from 'vitest'
import type { RunDetails } from '#engine/training/metrics.ts'
import { describeUnpredicted, unpredictedClasses } from '#lab/selection/unpredicted.ts'

/** Of a run with these recalls and rows by class. */
function detailsOf(...figures: readonly (readonly [recall: number, support: number])[]): RunDetails {
  const average = { precision: 0, recall: 0, f1: 0 }
  const part = {
    task: 'classification' as const,
    confusion: null,
    classes: figures.map(([recall, support]) => ({ precision: 0, recall, f1: 0, support, rocAuc: null })),
    macro: average,
    weighted: average,
    rocAuc: null,
    logLoss: 1
  }
  return { epoch: 1, train: part, validation: part }
}

it('names the classes that no run finds a single row of', () => {
  const runs = [detailsOf([0.9, 40], [0, 3], [0, 2], [0, 0]), detailsOf([0.8, 40], [0, 3], [0.5, 2], [0, 0])]
  const lost = unpredictedClasses([...runs, null], ['a', 'rare', 'seldom', 'absent'])
  expect(lost).toEqual(['rare'])
  expect(describeUnpredicted(lost, '8')).toMatch(/^8 finds not one row of the class rare: /)
  expect(describeUnpredicted([], '8')).toBeNull()
  expect(unpredictedClasses(runs, null)).toEqual([])
})

it('takes a class for found that one fold finds, where others have no row of it', () => {
  const folds = [detailsOf([0.9, 40], [0, 0]), detailsOf([0.9, 40], [1, 1]), detailsOf([0.9, 40], [0, 2])]
  expect(unpredictedClasses(folds, ['a', 'rare'])).toEqual([])
})
