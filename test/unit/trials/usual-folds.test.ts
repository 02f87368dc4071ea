import { expect, test } from 'vitest'
import { usualFolds } from '#trials/usual-folds.ts'
import { whyFolds } from '#words/folds.ts'

const experiment = (train: number, validation: number, kind = 'fractions') =>
  ({
    rows: { train, validation, test: 0, dropped: 0 },
    settings: { split: { kind, column: 'day', train: 60, validation: 20, test: 20, seed: 1, stratified: false } }
  }) as Parameters<typeof usualFolds>[0]

test('folds judge small tables by default, unless rows follow one another or a column parts them', () => {
  expect(usualFolds(experiment(90, 30))).toBe(5)
  expect(usualFolds(experiment(90, 30, 'groups'))).toBe(5)
  expect(usualFolds(experiment(90, 30, 'order'))).toBeNull()
  expect(usualFolds(experiment(90, 30, 'column'))).toBeNull()
  expect(usualFolds(experiment(749, 250))).toBe(5)
  expect(usualFolds(experiment(750, 250))).toBeNull()
})

test('the reason names the rows', () => {
  expect(whyFolds({ train: 90, validation: 30 }, 5)).toBe(
    '5 folds judge, so that all 120 rows of training and validation part do: the 30 of the validation part alone are few. ' +
      'One seed each makes as many runs as five on one part.'
  )
})
