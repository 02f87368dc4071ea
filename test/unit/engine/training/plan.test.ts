import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'

const lengthFor = (rows?: number) => defaultPlan('cross_entropy', rows).stopping

test('a new plan is as long in steps for small tables as for large ones', () => {
  expect(lengthFor()).toEqual({ epochs: 200, patience: 20 })
  expect(lengthFor(60_000)).toEqual({ epochs: 200, patience: 20 })
  // 32 batches an epoch.
  expect(lengthFor(1024)).toEqual({ epochs: 938, patience: 32 })
  expect(lengthFor(90)).toEqual({ epochs: 3000, patience: 300 })
  expect(lengthFor(1)).toEqual({ epochs: 3000, patience: 300 })
})
