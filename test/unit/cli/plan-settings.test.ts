/** `--set`: what it reads, what it lays over a plan, and what it refuses. */
import { describe, expect, test } from 'vitest'
import { typeValue } from '#engine/setting.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { valueAt } from '#engine/training/plan-values.ts'
import { changesOf, type PlanChange, readSet, withChanges } from '#lab/cli/plan-settings.ts'
import { settingLines } from '#lab/documents/setting-lines.ts'
import { planWith, plansThatDifferAt } from '#test/unit/plans.ts'

const plan = defaultPlan('cross_entropy')
const read = (...texts: string[]) => texts.reduce<PlanChange[]>((all, text) => readSet(text, all), [])

test('numbers and choices reach the plan by their path, in groups that it did not have', () => {
  const settings = read(
    'stopping.targetLoss=0.01',
    'regularisation.maxNorm=3',
    'schedule.warmUp=5',
    'stopping.metric=accuracy',
    'order=sequential'
  )
  expect(withChanges(plan, settings)).toEqual({
    ...plan,
    stopping: { ...plan.stopping, targetLoss: 0.01, metric: 'accuracy' },
    regularisation: { maxNorm: 3 },
    schedule: { name: 'constant', warmUp: 5 },
    order: 'sequential'
  })
})

describe('what can not be set gets a sentence', () => {
  test.each([
    ['speed=3', '--set knows no "speed"; the paths are listed by: lab plan'],
    ['stopping.epochs=0', '--set stopping.epochs takes a whole number from 1 to 1,000,000; "0" is none.'],
    ['regularisation.maxNorm', '--set regularisation.maxNorm takes a number from 0 to 1,000,000; "" is none.'],
    ['order=random', '--set order takes shuffled or sequential; "random" is none.']
  ])('%s', (text, message) => {
    expect(() => readSet(text)).toThrow(message)
  })

  test.each([
    ['schedule.factor=0.5', /it belongs to --schedule step, --schedule exponential or --schedule plateau\.$/],
    ['optimizer.momentum=0.9', /it belongs to .*--optimizer momentum.*\.$/],
    ['initialisation.limit=0.1', /it belongs to --init uniform\.$/],
    ['optimizer.lineSearch=wolfe', /it belongs to --optimizer lbfgs\.$/]
  ])('%s in a plan that has none', (text, message) => {
    expect(() => withChanges(plan, readSet(text))).toThrow(message)
  })
})

test('a choice comes before the numbers that belong to it, in whatever order they are written', () => {
  const changed = withChanges(plan, read('schedule.factor=0.5', 'huberDelta=2', 'schedule.name=step', 'loss=huber'))
  expect(changed).toMatchObject({ loss: 'huber', huberDelta: 2, schedule: { name: 'step', every: 30, factor: 0.5 } })
})

test('options of their own ask for the same as --set', () => {
  const changes = changesOf({
    optimizer: ['sgd'],
    batch: ['full'],
    patience: [null],
    set: read('regularisation.l2=0.1')
  })
  expect(withChanges(plan, changes)).toEqual({
    ...plan,
    optimizer: { name: 'sgd', learningRate: 0.01 },
    batchSize: 'full',
    stopping: { epochs: 200, patience: null },
    regularisation: { l2: 0.1 }
  })
  expect(withChanges(plan, changesOf({ weightDecay: [0.1] }))).toMatchObject({ regularisation: { weightDecay: 0.1 } })
  // AdamW has a decay of its own.
  const decay = withChanges(plan, changesOf({ optimizer: ['adamw'], weightDecay: [0.1] }))
  expect(decay.optimizer).toMatchObject({ name: 'adamw', weightDecay: 0.1 })
  expect(decay.regularisation).toBeUndefined()
})

test('the list names everything that can be set, and each of it is read', () => {
  for (const { path } of settingLines()) {
    const [before, after] = plansThatDifferAt(path)
    const text = `${path}=${typeValue(valueAt(after, path) ?? null)}`
    expect(withChanges(before, read(text)), path).toEqual(after)
    expect(planWith(path), path).toEqual(before)
  }
  expect(settingLines().find(({ path }) => path === 'schedule.factor')?.default).toBe(
    '0.1 for step or plateau, 0.95 for exponential'
  )
})
