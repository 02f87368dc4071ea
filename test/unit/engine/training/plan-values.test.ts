import { expect, test } from 'vitest'
import { describeValues, isAllowed, readValue, typeValue, writeValue } from '#engine/setting.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import { defaultPlan, optimizers } from '#engine/training/plan.ts'
import { planKey, planSettings } from '#engine/training/plan-settings.ts'
import { belongsTo, ownersOf, valueAt, withValue } from '#engine/training/plan-values.ts'
import { schedules } from '#engine/training/schedules.ts'
import { settingAt, settingPaths, settings } from '#engine/training/settings.ts'
import { planWith, plansThatDifferAt } from '#test/unit/plans.ts'

const plan = defaultPlan('cross_entropy')

test('every setting can be set, is told, is typed and read again, and goes back', () => {
  for (const path of settingPaths) {
    const [before, after] = plansThatDifferAt(path)
    const value = valueAt(after, path) ?? null
    expect(value, path).not.toEqual(valueAt(before, path))
    expect(isAllowed(settingAt(path), value), path).toBe(true)
    expect(readValue(settingAt(path), typeValue(value)), path).toEqual(value)
    expect(planSettings(after).get(path), path).toMatchObject({ value, isSaid: true })
    expect(planKey(after), path).not.toBe(planKey(before))
    expect(withValue(after, path, valueAt(before, path) ?? null), path).toEqual(before)
  }
})

test('no two settings have the same label, so that a label alone tells which it is', () => {
  const labels = settingPaths.map((path) => settingAt(path).label)
  expect(new Set(labels).size).toBe(labels.length)
})

test('every number of an optimizer, a schedule or first weights has its row, and every row somebody whose it is', () => {
  for (const path of settingPaths) {
    const owners = ownersOf(path)
    if (owners) expect(owners.names.length, path).toBeGreaterThan(0)
    expect(belongsTo(planWith(path), path), path).toBe(true)
  }
  const keysOf = (table: Record<string, { readonly defaults: object }>) =>
    Object.values(table).flatMap(({ defaults }) => Object.keys(defaults))
  for (const key of keysOf(optimizers)) expect(settingPaths).toContain(`optimizer.${key}`)
  for (const key of keysOf(schedules)) expect(settingPaths).toContain(`schedule.${key}`)
  expect(belongsTo(plan, 'optimizer.momentum')).toBe(false)
  expect(belongsTo(plan, 'huberDelta')).toBe(false)
})

test('another choice brings its numbers; a rate, a warm-up and first biases that were set stay', () => {
  const sgd = withValue(plan, 'optimizer.name', 'sgd')
  expect(sgd.optimizer).toEqual({ name: 'sgd', learningRate: 0.01 })
  const faster = withValue(sgd, 'optimizer.learningRate', 0.5)
  expect(withValue(faster, 'optimizer.name', 'momentum').optimizer).toEqual({
    name: 'momentum',
    learningRate: 0.5,
    momentum: 0.9
  })
  const slow = withValue(withValue(plan, 'schedule.warmUp', 5), 'schedule.name', 'cosine')
  expect(slow.schedule).toEqual({ name: 'cosine', minimum: 0, warmUp: 5 })
  const biased = withValue(withValue(plan, 'initialisation.biases', 0.1), 'initialisation.name', 'uniform')
  expect(biased.initialisation).toEqual({ name: 'uniform', limit: 0.1, biases: 0.1 })
})

test('what a plan need not say is left out, so that plans that train alike are alike', () => {
  const said = {
    ...plan,
    threads: 1,
    order: 'shuffled',
    regularisation: { l2: 0 },
    schedule: { name: 'constant' }
  } as const
  expect(planKey(said)).toBe(planKey(plan))
  // Of a loss that it does nothing for.
  expect(planKey({ ...plan, huberDelta: 3 })).toBe(planKey(plan))
  expect(planKey({ ...plan, threads: 2 })).not.toBe(planKey(plan))
})

test('a value that a setting does not allow gets a sentence with its label', () => {
  const network = { inputs: 4, layers: [{ units: 3, activation: 'softmax' }] } as const
  const problem = (changed: typeof plan) => checkPlan(changed, network)[0]?.message
  expect(problem(withValue(plan, 'stopping.patience', 0))).toBe(
    'Patience must be a whole number from 1 to 1,000,000, or none; it is 0.'
  )
  expect(problem(withValue(plan, 'optimizer.learningRate', NaN))).toBe('Learning rate needs a number.')
  expect(problem(withValue(plan, 'optimizer.beta1', 1))).toBe('Beta1 must be a number from 0 to below 1; it is 1.')
})

test('values are read as they are written, and nothing else is', () => {
  const { batchSize, classWeights } = settings
  const patience = settings['stopping.patience']
  expect(readValue(batchSize, ' full ')).toBe('full')
  expect(readValue(batchSize, '1.5')).toBeUndefined()
  expect(readValue(batchSize, 'none')).toBeUndefined()
  expect(readValue(patience, 'none')).toBeNull()
  expect(readValue(patience, '')).toBeUndefined()
  expect(readValue(classWeights, 'balanced')).toBe('balanced')
  expect(readValue(classWeights, '1,2.5, 0')).toEqual([1, 2.5, 0])
  expect(readValue(classWeights, '1,')).toBeUndefined()
  expect(readValue(classWeights, '1,-2')).toBeUndefined()
  expect(readValue(settings.loss, 'toString')).toBeUndefined()
  expect(writeValue(settings['stopping.seconds'], 60)).toBe('60 s')
  expect(describeValues(batchSize)).toBe('a whole number from 1 to 1,000,000, or full')
})
