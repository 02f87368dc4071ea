/**
 * What trials can differ in: any setting of the plan and any of the hidden layers, by one list of paths
 * (`optimizer.learningRate`, `hidden.dropout`), and the plans and layers that lists of values make. Pure.
 */
import { activations, hiddenActivationNames } from '#engine/network/activations.ts'
import { layerSettingNames, type LayerSetting, layerSettings } from '#engine/network/layer-settings.ts'
import type { Layer } from '#engine/network/topology.ts'
import {
  describeValues,
  inSentence,
  isAllowed,
  oneOf,
  type Setting,
  type SettingValue,
  typeValue
} from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { belongsTo, choicesFirst, ownersOf, valueAt, withValue } from '#engine/training/plan-values.ts'
import { findPath, type SettingPath, settingAt, settingPaths } from '#engine/training/settings.ts'

export type LayerPath = `hidden.${LayerSetting}`

export type VariedPath = SettingPath | LayerPath

/** A setting and the values that are tried of it. */
export interface Varied {
  readonly path: VariedPath
  readonly values: readonly SettingValue[]
}

export const layerPaths = layerSettingNames.map((name): LayerPath => `hidden.${name}`)

/** All paths in the order in which they are shown. */
export const variedPaths: readonly VariedPath[] = [...layerPaths, ...settingPaths]

/** The setting of a hidden layer that a path means; undefined for one of the plan. */
export const layerSettingOf = (path: VariedPath): LayerSetting | undefined =>
  layerSettingNames.find((name) => path === `hidden.${name}`)

const hiddenActivation: Setting = {
  ...layerSettings.activation,
  names: Object.fromEntries(hiddenActivationNames.map((name) => [name, activations[name]]))
}

/** The row of a path, as the general form of all rows. */
export function variedSetting(path: VariedPath): Setting {
  const layerSetting = layerSettingOf(path)
  if (layerSetting === 'activation') return hiddenActivation
  return layerSetting ? layerSettings[layerSetting] : settingAt(path as SettingPath)
}

/** The path that a text names, if it names one. */
export const findVariedPath = (text: string): VariedPath | undefined => variedPaths.find((path) => path === text)

/**
 * Gives the plan with every combination of the values, choices before the numbers that belong to them. Where a setting
 * does nothing, as the momentum in Adam, a plan stands there once. A choice that the plan has already keeps its numbers.
 * Errors: throws RangeError for a value that a setting does not allow, and for one that belongs to none of the plans.
 */
export function variedPlans(plan: TrainingPlan, vary: readonly Varied[]): TrainingPlan[] {
  const own = vary.flatMap(({ path, values }) => {
    const planPath = findPath(path)
    return planPath ? [{ path: planPath, values }] : []
  })
  return choicesFirst(own).reduce<TrainingPlan[]>(
    (plans, each) => {
      checkValues(each)
      const { path, values } = each
      if (!plans.some((one) => belongsTo(one, path))) throw new RangeError(belongsElsewhere(path))
      return plans.flatMap((one) => (belongsTo(one, path) ? values.map((value) => taken(one, path, value)) : [one]))
    },
    [plan]
  )
}

const taken = (plan: TrainingPlan, path: SettingPath, value: SettingValue) =>
  valueAt(plan, path) === value ? plan : withValue(plan, path, value)

function belongsElsewhere(path: SettingPath): string {
  const { path: owner, names } = ownersOf(path) ?? { path, names: [] }
  const setting: Setting = settingAt(owner)
  const labels = names.map((name) => ('names' in setting ? (setting.names[name]?.label ?? name) : name))
  return `${settingAt(path).label} is varied, and no plan has it: it belongs to ${inSentence(setting.label)} ${oneOf(labels)}.`
}

/**
 * Gives hidden layers with every combination of the values, each in all of them. The activation is left alone: layers
 * that name one keep it. Errors: throws RangeError for a value that a setting does not allow.
 */
export function variedLayers(hidden: readonly Layer[], vary: readonly Varied[]): Layer[][] {
  return vary.reduce<Layer[][]>(
    (all, each) => {
      const name = layerSettingOf(each.path)
      if (!name || name === 'activation') return all
      checkValues(each)
      return all.flatMap((layers) => each.values.map((value) => layers.map((layer) => withSetting(layer, name, value))))
    },
    [[...hidden]]
  )
}

/** A layer with a setting; what its absence means is left out, and so is the slope of an activation without one. */
function withSetting(layer: Layer, name: LayerSetting, value: SettingValue): Layer {
  const rest: Partial<Layer> = { ...layer }
  delete rest[name]
  const isIdle = name === 'slope' && layer.activation !== 'leaky_relu'
  const setting: Setting = layerSettings[name]
  return (isIdle || value === setting.missing ? rest : { ...rest, [name]: value }) as Layer
}

/** Errors: throws RangeError for a value that the setting of a path does not allow. */
export function checkValues({ path, values }: Varied): void {
  const setting = variedSetting(path)
  const wrong = values.find((value) => !isAllowed(setting, value))
  if (wrong === undefined) return
  throw new RangeError(`${setting.label} takes ${describeValues(setting)}; "${typeValue(wrong)}" is none.`)
}
