/**
 * The training plan that a person is editing. Numbers may be absent while a field is empty; `problems` says so beside
 * the field, in the engine's own words.
 */
import type { Topology } from '#engine/network/topology.ts'
import { allowsNone, describeValues, type SettingValue, writeValue } from '#engine/setting.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { valueAt, withValue } from '#engine/training/plan-values.ts'
import { type SettingPath, settingAt, settingPaths } from '#engine/training/settings.ts'
import { planDifferences } from '#renderer/pure/plan-differences.ts'

/** Choices that bring numbers of their own. */
const choices = ['optimizer.name', 'schedule.name', 'initialisation.name'] as const
const switched = settingPaths.filter((path) => settingAt(path).toggle)

export class PlanDraft {
  /** The plan that a new experiment starts from, which chips and resets go by. */
  readonly firstPlan: TrainingPlan
  /** An empty field stands as NaN, which no check lets pass. */
  #plan: TrainingPlan
  /** The numbers that come back when the word in their place, or none, is taken back. */
  #numbers = new Map<SettingPath, number>()

  constructor(firstPlan: TrainingPlan) {
    this.firstPlan = firstPlan
    this.#plan = $state.raw(firstPlan)
  }

  get plan(): TrainingPlan {
    return this.#plan
  }

  replace(plan: TrainingPlan): void {
    for (const path of switched) {
      const value = this.value(path)
      if (typeof value === 'number') this.#numbers.set(path, value)
    }
    this.#plan = plan
  }

  /** The value at a path, or what its absence means. */
  value(path: SettingPath): SettingValue {
    return valueAt(this.#plan, path) ?? null
  }

  set(path: SettingPath, value: SettingValue): void {
    this.replace(withValue(this.#plan, path, value))
  }

  /** What a field of numbers shows: null while it is empty, and the last number while its switch leaves it out. */
  number(path: SettingPath): number | null {
    const value = this.value(path)
    const isOut = settingAt(path).toggle && typeof value !== 'number'
    const shown = isOut ? (this.#numbers.get(path) ?? this.defaultOf(path)) : value
    return typeof shown === 'number' && !Number.isNaN(shown) ? shown : null
  }

  /** Sets a number; null empties the field, which for a setting that can be none, without a switch for it, is that. */
  setNumber(path: SettingPath, value: number | null): void {
    const setting = settingAt(path)
    this.set(path, value ?? (allowsNone(setting) && !setting.toggle ? null : NaN))
  }

  /** Whether the switch of a setting is on: to its word, or, where it has none, to any value. */
  isOn(path: SettingPath): boolean {
    const word = wordAt(path)
    return word === undefined ? this.value(path) !== null : this.value(path) === word
  }

  turn(path: SettingPath, on: boolean): void {
    const word = wordAt(path)
    const number = 'range' in settingAt(path) ? (this.number(path) ?? NaN) : null
    const values = word === undefined ? { on: number, off: null } : { on: word, off: number }
    this.set(path, on ? values.on : values.off)
  }

  /** What a setting has in a new plan with this optimizer, schedule and these first weights. */
  defaultOf(path: SettingPath): SettingValue {
    const others = choices.filter((choice) => choice !== path)
    const fresh = others.reduce((plan, choice) => withValue(plan, choice, this.value(choice)), this.firstPlan)
    return valueAt(fresh, path) ?? null
  }

  isChanged(path: SettingPath): boolean {
    return writeAt(path, this.value(path)) !== writeAt(path, this.defaultOf(path))
  }

  reset(path: SettingPath): void {
    this.set(path, this.defaultOf(path))
  }

  /** What sets the plan apart from a new one, in words. */
  get changes() {
    return planDifferences(this.firstPlan, this.#plan)
  }

  /** What is wrong with the plan for a topology, by field. */
  problems(topology: Topology): Map<string, string> {
    return new Map(checkPlan(this.#plan, topology).map(({ field, message }) => [field, message]))
  }
}

/** Writes the value of a setting in words. */
export const writeAt = (path: SettingPath, value: SettingValue) => writeValue(settingAt(path), value)

/** What a setting takes and its default in words, for its hover help. */
export function describeDefault(path: SettingPath, value: SettingValue): string {
  const values = describeValues(settingAt(path))
  return `${values.charAt(0).toUpperCase()}${values.slice(1)}; default ${writeAt(path, value)}.`
}

function wordAt(path: SettingPath): string | undefined {
  const setting = settingAt(path)
  return 'word' in setting ? setting.word : undefined
}
