/** All settings of a training plan and of hidden layers as lines: what terminal and agents are told of them. */
import { describeValues, oneOf, typeValue } from '#engine/setting.ts'
import { defaultPlan, type TrainingPlan, usualLengths } from '#engine/training/plan.ts'
import { ownersOf, valueAt, withValue } from '#engine/training/plan-values.ts'
import { type SettingPath, settingAt, settingPaths } from '#engine/training/settings.ts'
import { layerPaths, type VariedPath, variedSetting } from '#engine/training/varied.ts'

/** The defaults that do not depend on the data. */
const usualPlan = defaultPlan('cross_entropy')

/** One line of the list of all that `--set` and `--vary` take. */
export interface SettingLine<Path extends VariedPath = SettingPath> {
  readonly path: Path
  readonly label: string
  readonly values: string
  readonly default: string
  readonly help: string
}

/** Lists all that `--set` takes. */
export function settingLines(): SettingLine[] {
  return settingPaths.map((path) => {
    const { label, help } = settingAt(path)
    return { path, label, values: describeValues(settingAt(path)), default: describeUsual(path), help }
  })
}

/** Lists what `--vary` takes beside those: the settings of hidden layers. */
export function hiddenSettingLines(): SettingLine<VariedPath>[] {
  return layerPaths.map((path) => {
    const setting = variedSetting(path)
    const { label, help, missing } = setting
    return {
      path,
      label,
      values: describeValues(setting),
      default: missing === undefined ? 'relu' : typeValue(missing),
      help
    }
  })
}

/** The default of a setting: `0`, `0.1 for step or plateau, 0.95 for exponential`, `by the target`. */
export function describeUsual(path: SettingPath): string {
  if (path === 'loss') return 'by the target'
  const length = path === 'stopping.epochs' ? 'epochs' : path === 'stopping.patience' ? 'patience' : null
  if (length !== null) return `${usualLengths[length].least} to ${usualLengths[length].most} by the rows`
  const owners = ownersOf(path)
  const usual = (plan: TrainingPlan) => typeValue(valueAt(plan, path) ?? null)
  if (owners === null || settingAt(path).missing !== undefined) return usual(usualPlan)
  const byDefault = Map.groupBy(owners.names, (name) => usual(withValue(usualPlan, owners.path, name)))
  return [...byDefault].map(([value, names]) => `${value} for ${oneOf(names)}`).join(', ')
}
