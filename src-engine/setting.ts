/**
 * What a row of a table of settings is, and how its values are checked, read and written. The tables are
 * training/settings.ts (the plan) and network/layer-settings.ts (hidden layers); everything that shows, asks for or
 * varies a setting goes by its row.
 */

/** Bounds of a number: `minimum` and `maximum` inclusive, unless `open`, which leaves the minimum out. */
export interface Range {
  readonly minimum: number
  readonly maximum: number
  readonly open?: true
  /** How the upper bound is told where its digits would not be read. */
  readonly to?: string
}

/** Bounds that several settings have. */
export const ranges = {
  amount: { minimum: 0, maximum: 1e6 },
  positive: { minimum: 0, maximum: 1e6, open: true },
  count: { minimum: 1, maximum: 1_000_000 },
  share: { minimum: 0, maximum: 0.999999999, to: 'below 1' }
} as const satisfies Record<string, Range>

interface Row {
  /** What every screen, table, command and file calls it. */
  readonly label: string
  /** One sentence, or two. */
  readonly help: string
  /** What a form calls the switch to the word, or between a number and none. */
  readonly toggle?: string
}

export interface NumberSetting extends Row {
  readonly range: Range
  readonly whole?: true
  readonly unit?: string
  /** A word that may stand in the place of the number. */
  readonly word?: string
  /** Whether null, no number at all, is a value. */
  readonly none?: true
  /** What it means that there is no value; absent where there always is one. */
  readonly missing?: number | null
}

/** An entry of a table that is chosen from by its name. */
export interface Choice {
  readonly label: string
  readonly help?: string
  readonly formula?: string
  /** The tasks that it is for, and the activations of the output layer that it may stand behind; all where absent. */
  readonly tasks?: readonly string[]
  readonly outputs?: readonly string[]
}

export interface ChoiceSetting extends Row {
  readonly names: Readonly<Record<string, Choice>>
  readonly missing?: string | null
}

/** A number for each class, or a word that gives them. */
export interface WeightsSetting extends Row {
  readonly word: string
  readonly missing: null
}

export type Setting = NumberSetting | ChoiceSetting | WeightsSetting

/** A value of any setting; null is none. */
export type SettingValue = number | string | null | readonly number[]

/** The type of what a row allows. */
export type ValueOf<Each extends Setting> = Each extends NumberSetting
  ? number | (Each extends { word: infer Word } ? Word : never) | (Each extends { none: true } ? null : never)
  : Each extends ChoiceSetting
    ? keyof Each['names']
    : Each extends WeightsSetting
      ? Each['word'] | readonly number[]
      : never

/** The word for no value. */
const noValue = 'none'

/** Whether a setting may have a value; of a number the range, of a choice the names. */
export function isAllowed(setting: Setting, value: unknown): boolean {
  if (value === null) return allowsNone(setting)
  if ('names' in setting) return typeof value === 'string' && Object.hasOwn(setting.names, value)
  if (value === setting.word) return true
  if ('range' in setting) {
    return typeof value === 'number' && isWithin(setting.range, value) && (!setting.whole || Number.isInteger(value))
  }
  return Array.isArray(value) && value.length > 1 && value.every(isWeight)
}

/** Reads a value as a person writes it: a number, a name, a word, `none`. Undefined for what the setting does not allow. */
export function readValue(setting: Setting, text: string): SettingValue | undefined {
  const written = text.trim()
  const value = written === noValue && allowsNone(setting) ? null : toValue(setting, written)
  return isAllowed(setting, value) ? value : undefined
}

function toValue(setting: Setting, written: string): SettingValue {
  if ('names' in setting || written === setting.word) return written
  return 'range' in setting ? toNumber(written) : written.split(/[\s,]+/).map(toNumber)
}

/** Writes a value for people. Settings are not measurements, so nothing is rounded away. */
export function writeValue(setting: Setting, value: SettingValue): string {
  if (value === null) return noValue
  if (typeof value === 'object') return value.join(', ')
  if ('names' in setting) return setting.names[value]?.label ?? `${value}`
  if (typeof value === 'string') return value
  // A field that a person has emptied stands as NaN.
  return Number.isNaN(value) ? 'empty' : 'unit' in setting ? `${value} ${setting.unit}` : `${value}`
}

/** A label within a sentence or a name: `learning rate`, but `L2`. */
export const inSentence = (label: string): string => label.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())

/** Writes a value as a person types it and readValue reads it. */
export function typeValue(value: SettingValue): string {
  return value === null ? noValue : String(value)
}

/** Says what a setting takes, to stand behind `takes` or `must be`: `a whole number from 1 to 1,000,000, or full`. */
export function describeValues(setting: Setting): string {
  const none = allowsNone(setting) ? [noValue] : []
  if ('names' in setting) return oneOf([...Object.keys(setting.names), ...none])
  if ('range' in setting) {
    const number = `${setting.whole ? 'a whole number' : 'a number'} ${describeRange(setting.range)}`
    return [number, ...(setting.word ? [setting.word] : []), ...none].join(', or ')
  }
  return oneOf([setting.word, ...none, 'a number from 0 for each class, such as 1,2.5'])
}

/** Writes bounds: `from 1 to 1,000,000`, `above 0 to 10`, or `from 0 to below 1`. */
export function describeRange({ minimum, maximum, open, to = bound(maximum) }: Range): string {
  return `${open ? 'above' : 'from'} ${bound(minimum)} to ${to}`
}

/** Large ones with separators, small ones with all their digits. */
const bound = (value: number) => (Math.abs(value) < 1000 ? `${value}` : value.toLocaleString('en-US'))

/** Writes `a, b or c`. */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

/** Whether having no value is among what can be said of a setting. */
export function allowsNone(setting: Setting): boolean {
  return setting.missing === null || ('range' in setting && setting.none === true)
}

export function isWithin({ minimum, maximum, open }: Range, value: number): boolean {
  return (open ? value > minimum : value >= minimum) && value <= maximum
}

const isWeight = (value: unknown) => typeof value === 'number' && value >= 0 && Number.isFinite(value)

const toNumber = (text: string) => (text === '' ? NaN : Number(text))
