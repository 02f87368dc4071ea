/**
 * The grammar of numbers as people and programs write them, over a text or its shape: sign, brackets, currency, percent,
 * digits with their decimal sign and groups of thousands, exponent, unit. What stands in none of these places is no number.
 */
import { leadingZero } from '#lab/datasets/import/columns/shapes.ts'

export type Decimal = '.' | ','
/** What parts the thousands; the blank stands for every kind of blank, the apostrophe for every kind of it. */
export type Group = '' | ',' | '.' | ' ' | "'"

export interface NumberParts {
  readonly brackets: boolean
  /** What stands before a value that is a bound: `<` in `<0.05`. */
  readonly limit: string
  /** A currency or a percent sign before the digits. */
  readonly prefix: string
  /** Digits, their decimal sign and groups. */
  readonly core: string
  /** `plain` exponents are those that codes may have: whole digits, E, and digits without a sign. */
  readonly exponent: 'none' | 'signed' | 'plain'
  /** A unit, a currency, a percent sign or a flag behind the digits. */
  readonly suffix: string
  /** Whether a blank parts digits and suffix. */
  readonly isParted: boolean
}

/** Signs as sets for regular expressions of both JavaScript and RE2. */
export const minusSigns = '\\-\u2212\u2013\u2012\ufe63\uff0d'
export const apostrophes = "'\u2019\u02bc\u2018\u2032\u00b4`\uff07"
export const blankSigns = ' \\t\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000'

const digit = `[0-9${leadingZero}]`
const coreStart = new RegExp(
  `[.,]?${digit}(?:${digit}|[.,${apostrophes}${blankSigns}](?=${digit}))*(?:[.,](?=$|[${blankSigns}%)eE]))?`
)
const exponentStart = new RegExp(`^[eE]([+${minusSigns}]?)${digit}+(?![A-Za-z0-9\u24ea_])`)
const currency =
  '\\p{L}{0,3}\\.?\\p{Sc}|Rs\\.?|Fr\\.?|[Kk]r\\.?|K\u010d|z\u0142|Ft|CHF|EUR|USD|GBP|JPY|CNY|RMB|INR|AUD|CAD|NZD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|RUB|UAH|TRY|TL|ILS|AED|SAR|EGP|ZAR|NGN|KES|BRL|MXN|ARS|CLP|COP|PEN|KRW|SGD|HKD|TWD|THB|MYR|IDR|PHP|VND|PKR|BDT|LKR'
const left = new RegExp(
  `^(\\()?[+${minusSigns}]?(<=|>=|[<>\u2264\u2265~\u2248])?[+${minusSigns}]?(${currency}|%)?[+${minusSigns}]?(\\()?$`,
  'u'
)
/** A unit begins with a letter or a sign of its own; digits may follow, as in m2. */
const suffixPattern = new RegExp(
  `^(?:[\\p{L}%\u2030\u00b0\u00b5\\p{Sc}*\u2020\u2021^"\u2033][\\p{L}\\p{M}\\p{Sc}0-9\u24ea%/\u00b2\u00b3\u2070\u00b9\u207b\u00b7*\u2020^.\u00b0 ${minusSigns}()]{0,19}|[(\\[][\\p{L}0-9]{1,2}[)\\]])$`,
  'u'
)
const blankRuns = new RegExp(`[${blankSigns}]+`, 'gu')

/** Takes a text or a shape apart; null where it is no number in any reading. */
export function parseNumber(text: string): NumberParts | null {
  const found = coreStart.exec(text)
  if (!found) return null
  const before = left.exec(text.slice(0, found.index).replaceAll(blankRuns, ''))
  if (!before) return null
  const rest = text.slice(found.index + found[0].length)
  const exponent = exponentStart.exec(rest)
  const behind = rest.slice(exponent?.[0].length ?? 0)
  const [, outer, limit = '', prefix = '', inner] = before
  const opened = Boolean(outer) !== Boolean(inner)
  if (Boolean(outer) && Boolean(inner)) return null
  const after = takeSuffix(behind, opened)
  if (!after) return null
  const core = found[0]
  const isSigned = exponent !== null && (exponent[1] !== '' || /[.,]/.test(core))
  return {
    brackets: opened,
    limit,
    prefix,
    core,
    exponent: exponent === null ? 'none' : isSigned ? 'signed' : 'plain',
    ...after
  }
}

/** What stands behind the digits: a bracket that closes the first, a trailing minus, and a suffix. */
function takeSuffix(text: string, opened: boolean): { suffix: string; isParted: boolean } | null {
  const isParted = new RegExp(`^[${blankSigns}]`, 'u').test(text)
  let suffix = text.replaceAll(blankRuns, ' ').trim()
  if (opened) {
    if (suffix.startsWith(')')) suffix = suffix.slice(1).trim()
    else if (suffix.endsWith(')')) suffix = suffix.slice(0, -1).trim()
    else return null
  }
  if (suffix === '') return { suffix, isParted: false }
  if (new RegExp(`^[${minusSigns}]$`, 'u').test(suffix)) return { suffix: '', isParted: false }
  return suffixPattern.test(suffix) ? { suffix, isParted } : null
}

export interface Reading {
  readonly decimal: Decimal
  readonly group: Group
}

/** In the order of preference where several fit alike. */
export const readings: readonly Reading[] = [
  { decimal: '.', group: '' },
  { decimal: ',', group: '' },
  { decimal: '.', group: ',' },
  { decimal: ',', group: '.' },
  { decimal: '.', group: ' ' },
  { decimal: ',', group: ' ' },
  { decimal: '.', group: "'" },
  { decimal: ',', group: "'" }
]

/** Thousands are never parted behind a 0; Indian lakhs have groups of two before the last of three. */
const grouped: Record<Exclude<Group, ''>, RegExp> = {
  ',': /^[1-9][0-9]{0,2}(,[0-9]{3})+$|^[1-9][0-9]?(,[0-9]{2})*,[0-9]{3}$/,
  '.': /^[1-9][0-9]{0,2}(\.[0-9]{3})+$/,
  ' ': new RegExp(`^[1-9][0-9]{0,2}([${blankSigns}][0-9]{3})+$`, 'u'),
  "'": new RegExp(`^[1-9][0-9]{0,2}([${apostrophes}][0-9]{3})+$`, 'u')
}

/** Whether digits are a number in a reading. */
export function fits(core: string, { decimal, group }: Reading): boolean {
  const at = core.lastIndexOf(decimal)
  const whole = at < 0 ? core : core.slice(0, at)
  const fraction = at < 0 ? '' : core.slice(at + 1)
  if (!/^[0-9\u24ea]*$/.test(fraction)) return false
  if (/^[0-9\u24ea]*$/.test(whole)) return whole !== '' || fraction !== ''
  return group !== '' && grouped[group].test(whole)
}
