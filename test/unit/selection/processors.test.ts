import { expect, test } from 'vitest'
import { describeProcessors } from '#lab/selection/processors.ts'
import { plan, runOf } from '#test/unit/selection/support.ts'

test('runs of several kinds of processors are told of, and only those that have a result', () => {
  const on = (processor: string | undefined, status: 'done' | 'stopped' = 'done') => ({
    ...runOf(1, 8, plan, status),
    processor
  })
  expect(describeProcessors([on('one'), on('one'), on(undefined)])).toBeNull()
  expect(describeProcessors([on('one'), on('other', 'stopped')])).toBeNull()
  expect(describeProcessors([on('one'), on('other')])).toMatch(/^The runs were trained on 2 kinds of processors/)
})
