/** The settings of a plan and of hidden layers in words, by path: what every list, column and name of a run is made of. */
import { layerSettingNames, layerSettings } from '#engine/network/layer-settings.ts'
import type { Layer } from '#engine/network/topology.ts'
import { inSentence, type Setting, type SettingValue, writeValue } from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { belongsTo, valueAt } from '#engine/training/plan-values.ts'
import { type SettingPath, settingAt, settingPaths } from '#engine/training/settings.ts'

export interface WrittenSetting {
  readonly label: string
  /** Of hidden layers that differ, text. */
  readonly value: SettingValue
  readonly text: string
  /** Whether it is more than what its absence would mean: lists that are read can do without the others. */
  readonly isSaid: boolean
}

/**
 * Lists the settings of a plan in the order of the table: those that it leaves out with what that means, and none that
 * belongs to another optimizer, schedule, loss or other first weights.
 */
export function planSettings(plan: TrainingPlan): Map<SettingPath, WrittenSetting> {
  const written = new Map<SettingPath, WrittenSetting>()
  for (const path of settingPaths) {
    const value = valueAt(plan, path)
    if (value === undefined || !belongsTo(plan, path)) continue
    const setting = settingAt(path)
    const { label, missing } = setting
    written.set(path, { label, value, text: writeValue(setting, value), isSaid: value !== missing })
  }
  return written
}

/** The settings that a reader needs: those that are more than what their absence would mean. */
export const saidSettings = (plan: TrainingPlan): WrittenSetting[] =>
  [...planSettings(plan).values()].filter(({ isSaid }) => isSaid)

/**
 * A plan as text that is the same for plans that train alike, however they say it. Settings that say no more than their
 * absence are left out, so that a text of today is still the plan's when the table has grown.
 */
export function planKey(plan: TrainingPlan): string {
  const said = [...planSettings(plan)].flatMap(([path, { value, isSaid }]) => (isSaid ? [[path, value] as const] : []))
  return JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Lists the settings of hidden layers, each as the value of all of them or, where they differ, layer by layer. */
export function hiddenSettings(hidden: readonly Layer[]): Map<`hidden.${string}`, WrittenSetting> {
  const written = layerSettingNames.map((name) => {
    const setting: Setting = layerSettings[name]
    const all = hidden.map((layer) => layer[name] ?? setting.missing ?? null)
    const values = new Set(all).size > 1 ? all : all.slice(0, 1)
    const [value = null] = values
    const text = values.map((each) => writeValue(setting, each)).join(', ')
    const isSaid = values.some((each) => each !== setting.missing)
    return [`hidden.${name}`, { label: setting.label, value: values.length > 1 ? text : value, text, isSaid }] as const
  })
  return new Map(hidden.length === 0 ? [] : written)
}

/** Those that the text of a topology leaves out where it is short: all but the activation. */
export function furtherHiddenSettings(hidden: readonly Layer[]): ReturnType<typeof hiddenSettings> {
  const settings = hiddenSettings(hidden)
  settings.delete('hidden.activation')
  return settings
}

/**
 * The settings in which trials differ, by path and label, in their order. One that not all of them have, such as the
 * momentum, differs only where those that have it differ: what they do not share is told by what it belongs to.
 */
export function differingSettings(trials: Iterable<ReadonlyMap<string, WrittenSetting>>): Map<string, string> {
  const first = new Map<string, WrittenSetting>()
  const differing = new Set<string>()
  for (const settings of trials) {
    for (const [path, setting] of settings) {
      const known = first.get(path)
      if (known === undefined) first.set(path, setting)
      else if (known.text !== setting.text) differing.add(path)
    }
  }
  return new Map([...first].flatMap(([path, { label }]) => (differing.has(path) ? [[path, label]] : [])))
}

/** Writes for each trial the settings that set it apart from the others: `learning rate 0.01`, `L2 0.1`. */
export function tellApart(trials: readonly ReadonlyMap<string, WrittenSetting>[]): string[][] {
  const differing = [...differingSettings(trials)]
  return trials.map((settings) =>
    differing.flatMap(([path, label]) => {
      const setting = settings.get(path)
      return setting ? [`${inSentence(label)} ${setting.text}`] : []
    })
  )
}
