/** `--set`: what it reads, what it lays over a plan, and what it refuses. */
import { describe, expect, test } from 'vitest'
import { checkPlan, defaultPlan, optimizerNames, optimizers } from '#engine/training/plan.ts'
import { scheduleNames, schedules } from '#engine/training/schedules.ts'
import { readSetting, settingLines, withSettings } from '#lab/cli/plan-settings.ts'

const plan = defaultPlan('cross_entropy')
const network = { inputs: 4, layers: [{ units: 3, activation: 'softmax' as const }] }
const read = (...texts: string[]) =>
  texts.reduce<ReturnType<typeof readSetting>>((all, text) => readSetting(text, all), [])

test('numbers and choices reach the plan by their path, in groups that it did not have', () => {
  const settings = read(
    'stopping.targetLoss=0.01',
    'regularisation.maxNorm=3',
    'schedule.warmUp=5',
    'stopping.metric=accuracy',
    'order=sequential'
  )
  expect(withSettings(plan, settings)).toEqual({
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
    expect(() => readSetting(text)).toThrow(message)
  })

  test.each([
    ['schedule.factor=0.5', /it belongs to --schedule step, --schedule exponential or --schedule plateau\.$/],
    ['optimizer.momentum=0.9', /it belongs to .*--optimizer momentum.*\.$/],
    ['initialisation.limit=0.1', /it belongs to --init uniform\.$/],
    ['optimizer.lineSearch=wolfe', /it belongs to --optimizer lbfgs\.$/]
  ])('%s in a plan that has none', (text, message) => {
    expect(() => withSettings(plan, readSetting(text))).toThrow(message)
  })
})

test('the list names everything that can be set, and each of it is read', () => {
  const everywhere = [
    ...optimizerNames.map((name) => ({ ...plan, optimizer: optimizers[name].defaults })),
    ...scheduleNames.map((name) => ({ ...plan, schedule: schedules[name].defaults })),
    { ...plan, initialisation: { name: 'uniform' as const, limit: 1 } },
    { ...plan, initialisation: { name: 'normal' as const, deviation: 1 } }
  ]
  for (const { path, values } of settingLines()) {
    const named = /^[a-z_]+(, |$)/.test(values) && !values.startsWith('whole')
    const settings = read(`${path}=${named ? (values.split(', ')[0] ?? '') : 0.5}`.replace(/^(.*)=0.5$/, wholeOr))
    const taken = everywhere.filter((one) => {
      try {
        withSettings(one, settings)
        return true
      } catch {
        return false
      }
    })
    expect(taken.length, path).toBeGreaterThan(0)

    function wholeOr(_text: string, name: string) {
      return `${name}=${values.startsWith('whole') ? 2 : 0.5}`
    }
  }
  expect(checkPlan(withSettings(plan, read('batchSize=8')), network)).toEqual([])
})
