/** How the numbers of one column are written, and the SQL that reads them. The grammar itself is in number-parts.ts. */
import {
  apostrophes,
  blankSigns,
  type Decimal,
  type Group,
  minusSigns
} from '#lab/datasets/import/columns/number-parts.ts'
import { asciiDigits } from '#lab/datasets/import/columns/shapes.ts'
import type { Stage } from '#lab/datasets/import/columns/staged.ts'
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

/** Texts that the plainest numbers are written as: digits, a decimal point, a sign. */
export const plainNumber = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)'

/** The SQL from a text (blanks at its ends taken off already) to its number, null where it is none in this form. */
export function numberStages(form: NumberForm): Stage[] {
  if (form === plainForm || JSON.stringify(form) === JSON.stringify(plainForm)) {
    return [(text) => `CASE WHEN regexp_full_match(${text}, '${plainNumber}') THEN TRY_CAST(${text} AS DOUBLE) END`]
  }
  const pattern = sql.text(`^${patternOf(form)}$`)
  const take: Stage = (text) =>
    `CASE WHEN regexp_full_match(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ['before', 'core', 'unit', 'after']) END`
  const minus = form.brackets ? `[${minusSigns}(]` : `[${minusSigns}]`
  const number: Stage = (parts) => {
    const digits = `TRY_CAST(${plainly(`${parts}.core`, form)} AS DOUBLE)`
    const isNegative = `regexp_matches(${parts}.before || ${parts}.after, ${sql.text(minus)})`
    const signed = `CASE WHEN ${isNegative} THEN -${digits} ELSE ${digits} END`
    const factor = scaleSql(`${parts}.unit`, form)
    return factor === null ? signed : `(${signed}) * ${factor}`
  }
  return form.foreign ? [asciiDigits, take, number] : [take, number]
}

/** A regular expression of RE2 for the whole text, in four groups: before the digits, they, the unit, and behind it. */
function patternOf({ decimal, group, prefixes, suffixes, brackets, limits, exponents }: NumberForm): string {
  const sign = `[+${minusSigns}${brackets ? '(' : ''}]*${blank}`
  const limit = limits ? `(?:<=|>=|[<>\u2264\u2265~\u2248])?${blank}` : ''
  const prefix = prefixes.length > 0 ? `(?:${prefixes.map(escaped).join('|')})?${blank}` : ''
  const power = exponents ? `(?:[eE][+${minusSigns}]?[0-9]+)?` : ''
  const close = brackets ? `[)]?${blank}` : ''
  const unit = suffixes.length > 0 ? `(${suffixes.map(escaped).join('|')})?` : '()'
  return `(${sign}${limit}${sign}${prefix}${sign})(${digitsOf(decimal, group)}${power})${blank}${close}${unit}(${blank}${close}[${minusSigns}]?)`
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
  const signs = group === ' ' ? blankSigns : group === "'" ? apostrophes : null
  const none =
    group === ''
      ? core
      : signs === null
        ? `replace(${core}, ${sql.text(group)}, '')`
        : `regexp_replace(${core}, ${sql.text(`[${signs}]`)}, '', 'g')`
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
