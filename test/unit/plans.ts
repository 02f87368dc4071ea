/** Two plans for each setting of the table that differ there, and nowhere else that a person set. */
import type { LossName } from '#engine/network/losses.ts'
import type { Setting, SettingValue } from '#engine/setting.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import { ownersOf, valueAt, withValue } from '#engine/training/plan-values.ts'
import { type SettingPath, settingAt } from '#engine/training/settings.ts'

/** A plan that a setting belongs to; of an optimizer and the like, the last whose table has it. */
export function planWith(path: SettingPath): TrainingPlan {
  const owners = ownersOf(path)
  const name = owners?.names.at(-1)
  if (!owners || name === undefined) return defaultPlan('cross_entropy')
  return owners.path === 'loss'
    ? defaultPlan(name as LossName)
    : withValue(defaultPlan('cross_entropy'), owners.path, name)
}

/** Another value than the one given. */
export function otherValue(setting: Setting, value: SettingValue): SettingValue {
  if ('names' in setting) return Object.keys(setting.names).find((name) => name !== value) ?? null
  if (!('range' in setting)) return setting.word
  const candidates = [2, 0.5, 3, 0.25]
  const { minimum, maximum } = setting.range
  const fits = (number: number) => number !== value && number > minimum && number <= maximum
  return candidates.find((number) => fits(number) && (!setting.whole || Number.isInteger(number))) ?? null
}

/** Two plans that differ at one path. */
export function plansThatDifferAt(path: SettingPath): readonly [TrainingPlan, TrainingPlan] {
  const plan = planWith(path)
  return [plan, withValue(plan, path, otherValue(settingAt(path), valueAt(plan, path) ?? null))]
}
