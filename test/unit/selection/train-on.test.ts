import { expect, test } from 'vitest'
import { schedules } from '#engine/training/schedules.ts'
import { trainOnOf } from '#lab/selection/train-on.ts'
import { plan, runOf, shorter } from '#test/unit/selection/support.ts'

const atLimit = { reason: 'epochs' as const }
const ids = (runs: readonly { id: number }[]) => runs.map(({ id }) => id)

test('all runs that the last epoch ended go on with those that were still learning; the others of their plan get it too', () => {
  const runs = [
    { ...runOf(1, 4, plan), ...atLimit },
    { ...runOf(2, 8, { ...plan }), ...atLimit },
    runOf(3, 16, plan),
    { ...runOf(4, 4, shorter), ...atLimit },
    { ...runOf(5, 4, plan, 'stopped'), ...atLimit },
    { ...runOf(6, 4, plan), ...atLimit, fromEpoch: 3 }
  ]
  const { goOn, stay, isHeld } = trainOnOf(runs, ({ id }) => id === 1)
  expect(ids(goOn)).toEqual([1, 2])
  expect(ids(stay)).toEqual([3])
  expect(isHeld).toBe(false)
  expect(trainOnOf(runs, () => false)).toEqual({ goOn: [], stay: [], isHeld: false })
})

test('a rate that came to its end with the epochs can not go on', () => {
  const fading = { ...plan, schedule: schedules.cosine.defaults }
  const runs = [{ ...runOf(1, 4, fading), ...atLimit }]
  expect(trainOnOf(runs, () => true)).toEqual({ goOn: [], stay: [], isHeld: true })
  const stepping = { ...plan, schedule: schedules.step.defaults }
  expect(ids(trainOnOf([{ ...runOf(1, 4, stepping), ...atLimit }], () => true).goOn)).toEqual([1])
})
