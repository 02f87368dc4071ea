/** What judges the topologies of an experiment, from the runs that are there. */
import { expect, test } from 'vitest'
import type { RunData } from '#contract/runs.ts'
import { foldCountsOf, judgingFolds } from '#renderer/pure/judged-by.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const fold = (index: number, of: number): { data: RunData } => ({ data: { kind: 'fold', index, of } })

test('folds judge by themselves only where nothing else has a result, and a choice stays while it has runs', () => {
  const folds = [run(1, fold(1, 10)), run(2, fold(2, 10)), run(3, fold(1, 5))]
  const whole = [...folds, run(4)]
  expect(foldCountsOf(whole)).toEqual([5, 10])
  expect(judgingFolds(null, folds)).toBe(10)
  expect(judgingFolds(null, [...folds, run(4, { status: 'stopped' })])).toBe(10)
  expect(judgingFolds(null, whole)).toBeNull()
  expect(judgingFolds(5, whole)).toBe(5)
  expect(judgingFolds('part', folds)).toBeNull()
  expect(judgingFolds(7, whole)).toBeNull()
  expect(judgingFolds(null, [])).toBeNull()
})
