/** How the numbers of one column are written, and the SQL that reads them. The grammar itself is in number-parts.ts. */
import {
  apostrophes,
  blankSigns,
  type Decimal,
  type Group,
  minusSigns
} from '#lab/datasets/import/columns/number-parts.ts'
import { asciiDigits } from '#lab/datasets/import/columns/shapes.ts'
import * as sql from '#lab/datasets/sql.ts'

export interface NumberForm {
  readonly decimal: Decimal
  readonly group: Group
  /** What may stand before and behind the digits, as it is written. */
  readonly prefixes: readonly string[]
  readonly suffixes: readonly string[]
  /** Brackets stand for a minus. */
  readonly brackets: boolean
  /** Bounds such as `<0.05` are read as the bound itself. */
  readonly limits: boolean
  readonly exponents: boolean
  /** Digits of another script. */
  readonly foreign: boolean
  /** Suffixes that multiply, such as k and M; empty where none does. */
  readonly scales: Readonly<Record<string, number>>
}

export const plainForm: NumberForm = {
  decimal: '.',
  group: '',
  prefixes: [],
  suffixes: [],
  brackets: false,
  limits: false,
  exponents: false,
  foreign: false,
  scales: {}
}

const blank = `[${blankSigns}]*`
const sign = `[+${minusSigns}]?`

/** Texts that the plainest numbers are written as: digits, a decimal point, a sign. */
export const plainNumber = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)'

/** SQL of the number in a text (blanks at its ends taken off already), null where it is none in this form. */
export function numberSql(text: string, form: NumberForm): string {
  if (isPlain(form))
    return `CASE WHEN regexp_full_match(${text}, '${plainNumber}') THEN TRY_CAST(${text} AS DOUBLE) END`
  const ascii = form.foreign ? asciiDigits(text) : text
  const pattern = sql.text(`^${patternOf(form)}$`)
  const core = `regexp_extract(${ascii}, ${pattern}, 1)`
  const number = `TRY_CAST(${plainly(core, form)} AS DOUBLE)`
  const minus = form.brackets ? `[${minusSigns}(]` : `[${minusSigns}]`
  // A sign before the digits, or the last sign of all behind them.
  const isNegative =
    `regexp_matches(${ascii}, ${sql.text(`^[^0-9.,]*${minus}`)}) OR ` +
    `regexp_matches(${ascii}, ${sql.text(`[0-9.,]${blank}[${minusSigns}]\\)?$`)})`
  const signed = `CASE WHEN ${isNegative} THEN -${number} ELSE ${number} END`
  const scaled = scaleSql(`regexp_extract(${ascii}, ${pattern}, 3)`, form)
  return `CASE WHEN regexp_full_match(${ascii}, ${pattern}) THEN ${scaled === null ? signed : `(${signed}) * ${scaled}`} END`
}

function isPlain(form: NumberForm): boolean {
  return JSON.stringify(form) === JSON.stringify(plainForm)
}

/** A regular expression of RE2 for the whole text: digits with exponent in group 1, the suffix in group 3. */
function patternOf({ decimal, group, prefixes, suffixes, brackets, limits, exponents }: NumberForm): string {
  const open = brackets ? `\\(?${blank}` : ''
  const close = brackets ? `${blank}\\)?` : ''
  const limit = limits ? `(?:<=|>=|[<>\u2264\u2265~\u2248])?${blank}` : ''
  const before = prefixes.length > 0 ? `(?:${prefixes.map(escaped).join('|')})?${blank}` : ''
  const behind = suffixes.length > 0 ? `${blank}(${suffixes.map(escaped).join('|')})?` : '()'
  const power = exponents ? `([eE][+${minusSigns}]?[0-9]+)?` : '()'
  const number = `(${digitsOf(decimal, group)}${power})`
  return (
    `${open}${sign}${blank}${limit}${sign}${blank}${before}${sign}${blank}${open}` +
    `${number}${close}${behind}${close}(?:${blank}[${minusSigns}])?`
  )
}

function digitsOf(decimal: Decimal, group: Group): string {
  const point = decimal === '.' ? '[.]' : ','
  const part = group === ' ' ? `[${blankSigns}]` : group === "'" ? `[${apostrophes}]` : group === '.' ? '[.]' : group
  const whole =
    group === ''
      ? '[0-9]+'
      : group === ','
        ? '(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3})'
        : `(?:[0-9]+|[1-9][0-9]{0,2}(?:${part}[0-9]{3})+)`
  return `(?:${whole}(?:${point}[0-9]*)?|${point}[0-9]+)`
}

/** SQL of the digits as a cast reads them. */
function plainly(core: string, { decimal, group, exponents }: NumberForm): string {
  const none =
    group === ''
      ? core
      : group === ' '
        ? `regexp_replace(${core}, ${sql.text(`[${blankSigns}]`)}, '', 'g')`
        : group === "'"
          ? `regexp_replace(${core}, ${sql.text(`[${apostrophes}]`)}, '', 'g')`
          : `replace(${core}, ${sql.text(group)}, '')`
  const pointed = decimal === ',' ? `replace(${none}, ',', '.')` : none
  return exponents ? `regexp_replace(${pointed}, ${sql.text(`[${minusSigns}]`)}, '-')` : pointed
}

function scaleSql(suffix: string, { scales }: NumberForm): string | null {
  const cases = Object.entries(scales).map(([text, factor]) => `WHEN ${sql.text(text)} THEN ${factor}`)
  return cases.length === 0 ? null : `CASE ${suffix} ${cases.join(' ')} ELSE 1 END`
}

/** A text as a regular expression of RE2 that matches it alone. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
