/** A training plan from the settings that an agent names by their paths, such as `optimizer.learningRate`. */
import { describeValues, isAllowed, oneOf, type SettingValue } from '#engine/setting.ts'
import { outputFor } from '#engine/network/losses.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import { belongsTo, choicesFirst, ownersOf, withValue } from '#engine/training/plan-values.ts'
import { findPath, settingAt } from '#engine/training/settings.ts'
import { LabError } from '#contract/errors.ts'
import type { Experiment } from '#contract/experiments.ts'

/**
 * The usual plan of an experiment with these settings.
 * Errors: LabError 'bad_settings' for an unknown path, a value that it does not allow, or a setting of another plan.
 */
export function planOf(
  { settings: { task }, classes, rows }: Experiment,
  settings: Readonly<Record<string, SettingValue>>
): TrainingPlan {
  const { loss } = outputFor(task, classes?.length ?? 1)
  const changes = Object.entries(settings).map(([name, value]) => {
    const path = findPath(name)
    if (!path) throw new LabError('bad_settings', `There is no setting "${name}"; describe_plan lists all.`)
    if (isAllowed(settingAt(path), value)) return { path, value }
    throw new LabError(
      'bad_settings',
      `${path} takes ${describeValues(settingAt(path))}; ${JSON.stringify(value)} is none.`
    )
  })
  return choicesFirst(changes).reduce(
    (plan, { path, value }) => {
      if (belongsTo(plan, path)) return withValue(plan, path, value)
      const { path: owner, names } = ownersOf(path) ?? { path, names: [] }
      throw new LabError('bad_settings', `${path} is no setting of this plan: it belongs to ${owner} ${oneOf(names)}.`)
    },
    defaultPlan(loss, rows.train)
  )
}
