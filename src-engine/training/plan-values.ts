/**
 * The values of a plan by the paths of settings.ts, such as `stopping.targetLoss`: which of them a plan has, what they
 * are, and how one is set. What a plan can leave out is left out, so that equal plans stay equal.
 */
import { initialisations } from '#engine/network/initialisations.ts'
import type { SettingValue } from '#engine/setting.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { schedules } from '#engine/training/schedules.ts'
import { type SettingPath, settingAt, settingPaths } from '#engine/training/settings.ts'

/** A part of a plan, such as its optimizer. */
type Part = Readonly<Record<string, SettingValue | undefined>>

/** The parts that are chosen from a table by name; the defaults there say which settings go with the name. */
const tables: Readonly<Record<string, Readonly<Record<string, { readonly defaults: Part }>>>> = {
  optimizer: optimizers,
  schedule: schedules,
  initialisation: initialisations
}

/** What a setting belongs to: the path of a choice, and the names there that it goes with. */
export interface Owners {
  readonly path: SettingPath
  readonly names: readonly string[]
}

/** Tells what a setting belongs to; null for a setting of every plan. */
export const ownersOf = (path: SettingPath): Owners | null => owners.get(path) ?? null

const owners = new Map(settingPaths.map((path) => [path, findOwners(path)]))

function findOwners(path: SettingPath): Owners | null {
  const { losses, missing } = settingAt(path)
  if (losses) return { path: 'loss', names: losses }
  const [name, key] = split(path)
  const table = tables[name]
  if (!table || key === 'name' || missing !== undefined) return null
  const names = Object.keys(table).filter((each) => key in (table[each]?.defaults ?? {}))
  return { path: `${name}.name` as SettingPath, names }
}

/** Whether a setting does anything in a plan. */
export function belongsTo(plan: TrainingPlan, path: SettingPath): boolean {
  const own = ownersOf(path)
  return own === null || own.names.includes(String(valueAt(plan, own.path)))
}

/** Puts what is chosen by name before what may belong to it; otherwise the order stays. */
export function choicesFirst<Each extends { readonly path: SettingPath }>(changes: readonly Each[]): Each[] {
  const isChoice = ({ path }: Each) => 'names' in settingAt(path) && ownersOf(path) === null
  return [...changes.filter(isChoice), ...changes.filter((change) => !isChoice(change))]
}

/** The value at a path, or what its absence means; undefined where it is no setting of this plan. */
export function valueAt(plan: TrainingPlan, path: SettingPath): SettingValue | undefined {
  const value = storedAt(plan, path)
  return value === undefined ? settingAt(path).missing : value
}

/** The value at a path as it is in the plan; undefined where it is left out. */
export function storedAt(plan: TrainingPlan, path: SettingPath): SettingValue | undefined {
  const [name, key] = split(path)
  return key === '' ? (plan as unknown as Part)[name] : partOf(plan, name)[key]
}

/**
 * The value that a setting has where nobody set it: by the table of the plan's optimizer, schedule or first weights, or
 * what its absence means; undefined where a plan always says it.
 */
export function usualValue(plan: TrainingPlan, path: SettingPath): SettingValue | undefined {
  const [name, key] = split(path)
  const own = key === 'name' ? undefined : tables[name]?.[nameIn(plan, name)]?.defaults[key]
  return own ?? settingAt(path).missing
}

/**
 * Sets the value at a path; null takes it out where that is what absence means. Another optimizer, schedule or other
 * first weights come with the numbers of their table; numbers that all of the table have, such as the learning rate,
 * stay where they were not those of the table before.
 */
export function withValue(plan: TrainingPlan, path: SettingPath, value: SettingValue): TrainingPlan {
  const [name, key] = split(path)
  const kept = value === settingAt(path).missing ? undefined : value
  if (key === '') return replaced(plan, name, kept)
  if (tables[name] && key === 'name') return replaced(plan, name, chosen(plan, name, String(value)))
  const before = name === 'schedule' && !plan.schedule ? schedules.constant.defaults : partOf(plan, name)
  const part = replaced(before, key, kept)
  const isEmpty = name === 'schedule' ? isPlain(part) : Object.keys(part).length === 0
  return replaced(plan, name, isEmpty ? undefined : part)
}

/** An entry of a table with its numbers, and what of the part before goes on. */
function chosen(plan: TrainingPlan, name: string, entry: string): Part | undefined {
  const table = tables[name] ?? {}
  const before = partOf(plan, name)
  const all = Object.values(table).map(({ defaults }) => defaults)
  const own = Object.entries(before).filter(([key, value]) => {
    const isGeneral = all.every((defaults) => key in defaults) || !all.some((defaults) => key in defaults)
    return key !== 'name' && isGeneral && value !== table[nameIn(plan, name)]?.defaults[key]
  })
  const part = { ...table[entry]?.defaults, ...Object.fromEntries(own) }
  return name === 'schedule' && isPlain(part) ? undefined : part
}

/** A constant rate without warm-up is what a plan without schedule has. */
const isPlain = (schedule: Part) => schedule['name'] === 'constant' && !('warmUp' in schedule)

const partOf = (plan: TrainingPlan, name: string) =>
  (plan as unknown as Readonly<Record<string, Part | undefined>>)[name] ?? {}

const nameIn = (plan: TrainingPlan, name: string) => String(valueAt(plan, `${name}.name` as SettingPath))

function split(path: SettingPath): [name: string, key: string] {
  const [name = '', key = ''] = path.split('.')
  return [name, key]
}

/** A copy with another value for a property, or without it. */
function replaced<Holder extends object>(holder: Holder, key: string, value: unknown): Holder {
  if (value !== undefined) return { ...holder, [key]: value }
  return Object.fromEntries(Object.entries(holder).filter(([own]) => own !== key)) as Holder
}
