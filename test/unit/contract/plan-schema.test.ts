import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { initialisationNames } from '#engine/network/initialisations.ts'
import { defaultPlan, optimizerNames, type TrainingPlan } from '#engine/training/plan.ts'
import { withValue } from '#engine/training/plan-values.ts'
import { scheduleNames } from '#engine/training/schedules.ts'
import { settingPaths } from '#engine/training/settings.ts'
import { exactly, type Same } from '#contract/exactly.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { plansThatDifferAt } from '#test/unit/plans.ts'

/** As it crosses the contract. */
const sent = (plan: TrainingPlan) => trainingPlan.parse(JSON.parse(JSON.stringify(plan)))

test('a plan comes out of the contract as it went in, with any setting of the table', () => {
  for (const path of settingPaths) {
    const [plan, other] = plansThatDifferAt(path)
    expect(sent(other), path).toEqual(other)
    expect(sent(other), path).not.toEqual(sent(plan))
  }
})

test('every optimizer, schedule and kind of first weights is let through, and no other', () => {
  const plan = defaultPlan('cross_entropy')
  const all = [
    ...optimizerNames.map((name) => withValue(plan, 'optimizer.name', name)),
    ...scheduleNames.map((name) => withValue(withValue(plan, 'schedule.name', name), 'schedule.warmUp', 2)),
    ...initialisationNames.map((name) =>
      withValue(withValue(plan, 'initialisation.name', name), 'initialisation.biases', 1)
    )
  ]
  for (const each of all) expect(sent(each)).toEqual(each)
  expect(trainingPlan.safeParse({ ...plan, optimizer: { name: 'adamax', learningRate: 1 } }).success).toBe(false)
  expect(trainingPlan.safeParse({ ...plan, optimizer: { name: 'sgd' } }).success).toBe(false)
  expect(trainingPlan.safeParse({ ...plan, batchSize: 1.5 }).success).toBe(false)
  expect(trainingPlan.safeParse({ ...plan, stopping: { epochs: 3, patience: undefined } }).success).toBe(false)
})

test('the compiler refuses a schema that forgets anything of the type, or has more', () => {
  expectTypeOf<Same<z.output<typeof trainingPlan>, TrainingPlan>>().toEqualTypeOf<true>()

  interface Wanted {
    readonly rate: { readonly name: 'fixed' } | { readonly name: 'rising'; readonly by: number }
    readonly limit?: number | undefined
  }
  const rising = z.object({ name: z.literal('rising'), by: z.number() })
  const rate = z.discriminatedUnion('name', [z.object({ name: z.literal('fixed') }), rising])
  const limit = z.number().optional()
  const check = exactly<Wanted>()
  check(z.object({ rate, limit }))
  // @ts-expect-error: a member of the union is missing, which `satisfies` lets pass
  check(z.object({ rate: z.discriminatedUnion('name', [rising]), limit }))
  // @ts-expect-error: a field that may be missing is, and would be dropped on the way without a word
  check(z.object({ rate }))
  // @ts-expect-error: nobody asked for this field
  check(z.object({ rate, limit, more: z.number() }))
})
