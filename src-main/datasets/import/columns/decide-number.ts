/** Decides from the evidence of all rows whether a column is one of numbers, how they are written, and what is in doubt. */
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import { countOf, type NumberEvidence, type NumberShape } from '#lab/datasets/import/columns/number-evidence.ts'
import type { ColumnRule } from '#lab/datasets/import/columns/rules.ts'
import { leadingZero } from '#lab/datasets/import/columns/shapes.ts'
import type { NumberForm } from '#lab/datasets/import/columns/number-form.ts'
import {
  type Decimal,
  fits,
  minusSigns,
  parseNumber,
  type Reading,
  readings
} from '#lab/datasets/import/columns/number-parts.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'

/** What other columns and the file as a whole say of the decimal sign. */
export interface FileEvidence {
  /** Columns that show a sign beyond doubt. */
  readonly shown: Readonly<Record<Decimal, number>>
  /** Semicolons part the cells: so programs write where the comma is the decimal sign. */
  readonly semicolons: boolean
}

export type NumberVerdict =
  | {
      readonly kind: 'number'
      readonly form: NumberForm
      readonly notes: readonly string[]
      readonly doubts: readonly ColumnDoubt[]
      /** Values that are no numbers, and read as missing. */
      readonly odd: number
    }
  /** Looks like numbers, and is none: kept as it is written. */
  | { readonly kind: 'codes'; readonly notes: readonly string[]; readonly doubts: readonly ColumnDoubt[] }
  | { readonly kind: 'none' }

/** A few odd texts among very many numbers are read as missing, and told. */
const fewOdd = 0.01
const manyValues = 100

/**
 * Decides on a column. It is one of numbers where the person or the fitted table says so (`isWanted`); `rule` tells how
 * that table's numbers are written.
 */
export function decideNumber(
  evidence: NumberEvidence,
  file: FileEvidence,
  isWanted: boolean,
  rule: ColumnRule | null
): NumberVerdict {
  const { numbers, values, shapes } = evidence
  const both = isWanted ? null : bothSigns(evidence)
  if (both) return both
  if (!isWanted && 2 * numbers <= values) return { kind: 'none' }
  if (!isWanted) {
    const codes = asCodes(evidence)
    if (codes) return codes
  }
  const bounds = countOf(shapes.filter(({ parts }) => parts.limit !== ''))
  // Classes such as "<=50K" and ">50K" are no measurements.
  if (!isWanted && 2 * bounds > numbers) return { kind: 'none' }
  const around = affixesOf(shapes)
  if (!around) return isWanted ? { kind: 'none' } : differentUnits(shapes)
  const { reading, doubt } = chooseReading(evidence, file, rule)
  const odd = countOf(evidence.odd) + (values - numbers - countOf(evidence.odd) - countOf(evidence.infinite))
  const form: NumberForm = {
    ...reading,
    prefixes: around.prefixes,
    suffixes: around.suffixes,
    scales: around.scales,
    brackets: shapes.some(({ parts }) => parts.brackets),
    limits: shapes.some(({ parts }) => parts.limit !== ''),
    exponents: shapes.some(({ parts }) => parts.exponent !== 'none'),
    foreign: evidence.foreign
  }
  const isFew = values >= manyValues && odd <= fewOdd * values
  if (odd > 0 && !isWanted && !isFew) return mostlyNumbers(evidence, odd)
  const notes = [...around.notes, ...notesOn(evidence)]
  const doubts = [...(doubt ? [doubt] : []), ...around.doubts, ...doubtsOn(evidence)]
  return { kind: 'number', form, notes, doubts, odd }
}

/** Numbers with a point and others with a comma as decimal sign: two hands have filled the column. */
function bothSigns({ shapes, odd, values, marks }: NumberEvidence): NumberVerdict | null {
  const others = odd.filter(({ text }) => {
    const core = parseNumber(text)?.core
    return core !== undefined && readings.some((reading) => fits(core, reading))
  })
  const count = countOf(others)
  const isAll = others.length === odd.length && countOf(shapes) + count + countOf(marks) >= values
  if (!isAll || (values >= manyValues && count <= fewOdd * values) || count === 0) return null
  const [one, other] = [shapes[0]?.example, others[0]?.example]
  const why = `its numbers are written in two ways, as "${one}" and as "${other}", so it is read as text. Write them with one decimal sign.`
  return {
    kind: 'codes',
    notes: [`Its numbers are written in two ways ("${one}", "${other}"), so they are kept as text.`],
    doubts: [{ taken: 'text', other: `numbers as "${one}"; others are missing`, why, count, options: { as: 'number' } }]
  }
}

const zeroFirst = new RegExp(`^${leadingZero}[0-9]`)
const negative = new RegExp(`^[${minusSigns}(]`)

/** Whole numbers that only look like numbers: leading zeros, exponents without a sign, more digits than are kept. */
function asCodes({ shapes, numbers, values, odd }: NumberEvidence): NumberVerdict | null {
  if (numbers < values - countOf(odd) || 2 * numbers <= values) return null
  const isBare = ({ parts }: NumberShape) => parts.prefix === '' && parts.suffix === '' && parts.limit === ''
  if (!shapes.every(isBare)) return null
  // Codes have no fraction, no exponent with a sign, and are never negative.
  const isNumber = ({ parts, text }: NumberShape) =>
    /[.,]/.test(parts.core) || parts.exponent === 'signed' || negative.test(text)
  if (shapes.some(isNumber)) return null
  const exponents = shapes.filter(({ parts }) => parts.exponent === 'plain')
  if (exponents.length > 0) {
    const example = exponents[0]?.example ?? ''
    const count = countOf(exponents)
    return {
      kind: 'codes',
      notes: [`Values such as "${example}" look like codes, not like powers of ten, so they are kept as text.`],
      doubts: [
        {
          taken: 'codes, kept as text',
          other: 'numbers with an exponent',
          why: `${formatNumbered(count, 'value')} such as "${example}" ${count === 1 ? 'is' : 'are'} read as codes; ${count === 1 ? 'it' : 'they'} could be powers of ten as well.`,
          count,
          options: { as: 'number' }
        }
      ]
    }
  }
  const zeros = shapes.filter(({ parts }) => zeroFirst.test(parts.core))
  if (zeros.length > 0) {
    return { kind: 'codes', notes: ['Its numbers have leading zeros, so they are kept as codes.'], doubts: [] }
  }
  if (shapes.some(({ parts }) => /^[0-9]{16,}$/.test(parts.core))) {
    return {
      kind: 'codes',
      notes: ['Its numbers have too many digits to reckon with, so they are kept as codes.'],
      doubts: []
    }
  }
  return null
}

interface Affixes {
  readonly prefixes: readonly string[]
  readonly suffixes: readonly string[]
  readonly scales: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly doubts: readonly ColumnDoubt[]
}

const magnitudes: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  Mio: 1e6,
  B: 1e9,
  bn: 1e9,
  Bn: 1e9,
  Mrd: 1e9
}
const flag = /^(?:[a-z]{1,2}|[*\u2020\u2021^]{1,3}|[([][\p{L}0-9]{1,2}[)\]])$/u

/** What may stand around the digits of all values; null where values have different units. */
function affixesOf(shapes: readonly NumberShape[]): Affixes | null {
  const found = shapes.map(({ example, count, parts }) => ({ ...(parseNumber(example) ?? parts), count, example }))
  const prefixes = distinct(found.map(({ prefix }) => prefix))
  if (new Set(prefixes.map(plainUnit)).size > 1) return null
  const suffixed = found.filter(({ suffix }) => suffix !== '')
  const suffixes = distinct(suffixed.map(({ suffix }) => suffix))
  const [prefix] = prefixes
  const none = { prefixes, suffixes, scales: {}, notes: prefix === undefined ? [] : [unitNote(prefix)], doubts: [] }
  if (suffixes.length === 0) return none
  const bare = countOf(found) - countOf(suffixed)
  const scales = Object.fromEntries(suffixes.flatMap((text) => (magnitudes[text] ? [[text, magnitudes[text]]] : [])))
  const isScaled = Object.keys(scales).length === suffixes.length && (suffixes.length > 1 || bare > 0)
  if (isScaled) {
    const why = `${listed(suffixes)} behind a number ${suffixes.length === 1 ? 'multiplies' : 'multiply'} it, as in "${suffixed[0]?.example}".`
    return { ...none, scales, doubts: [orText(why, 'multiplied numbers', countOf(suffixed))] }
  }
  const isFlagged =
    bare > 0 && suffixed.every(({ suffix, isParted }) => flag.test(suffix) && (isParted || !/[a-z]/.test(suffix)))
  if (isFlagged) {
    const count = countOf(suffixed)
    const why = `${formatNumbered(count, 'value')} ${count === 1 ? 'has' : 'have'} a flag behind the number, such as "${suffixed[0]?.example}"; the number is read without it.`
    return { ...none, doubts: [orText(why, 'numbers without their flags', count)] }
  }
  if (new Set(suffixes.map(plainUnit)).size > 1) return null
  return { ...none, notes: [...none.notes, unitNote(suffixes[0] ?? '')] }
}

/** Units are the same in large and small letters, with and without a plural s; single letters are not (m and M). */
function plainUnit(unit: string): string {
  return unit.length < 2
    ? unit
    : unit
        .toLowerCase()
        .replace(/\.$/, '')
        .replace(/(?<=[a-z]{3})s$/, '')
}

function unitNote(unit: string): string {
  return unit === '%'
    ? 'Its numbers are percents, read as they are written: 12% is 12.'
    : `Its numbers are read without their unit, ${unit}.`
}

function differentUnits(shapes: readonly NumberShape[]): NumberVerdict {
  const units = distinct(shapes.flatMap(({ parts }) => [parts.prefix, parts.suffix]))
  const note = `Its numbers have different units (${listed(units.slice(0, 4))}${units.length > 4 ? ', ...' : ''}), so they are kept as text.`
  const isUnits = units.length <= 12
  return isUnits ? { kind: 'codes', notes: [note], doubts: [] } : { kind: 'none' }
}

function chooseReading(
  { best, shapes, numbers }: NumberEvidence,
  file: FileEvidence,
  rule: ColumnRule | null
): { reading: Reading; doubt: ColumnDoubt | null } {
  // Written as the fitted table is: nothing is in doubt.
  const fitted = best.filter(({ decimal }) => decimal === rule?.decimal)
  const same = fitted.find(({ group }) => group === rule?.group) ?? fitted.find(({ group }) => group === '')
  if (same) return { reading: same, doubt: null }
  const of = (decimal: Decimal) => best.find((reading) => reading.decimal === decimal)
  const [point, comma] = [of('.'), of(',')]
  const first = best[0] ?? { decimal: '.', group: '' }
  // Neither sign in any value: nothing to choose.
  if (!point || !comma || !shapes.some(({ parts }) => /[.,]/.test(parts.core))) return { reading: first, doubt: null }
  const { example } = shapes.find(({ parts }) => /[.,]/.test(parts.core)) ?? shapes[0] ?? { example: '' }
  const sign: Decimal = example.includes(',') ? ',' : '.'
  const isMixed = shapes.some(({ parts }) => /^[0-9]{4,}$/.test(parts.core))
  const { shown } = file
  const byFile = shown[','] === shown['.'] ? null : shown[','] > shown['.'] ? ',' : '.'
  // Thousands that are not parted stand beside what would be parted ones.
  const byMix = isMixed ? sign : null
  const decimal = byFile ?? byMix ?? (file.semicolons ? ',' : '.')
  const reading = decimal === '.' ? point : comma
  const isSettled = byFile !== null && (shown[','] === 0 || shown['.'] === 0)
  return { reading, doubt: isSettled ? null : signDoubt(reading, sign, example, numbers) }
}

function signDoubt({ decimal }: Reading, sign: Decimal, example: string, count: number): ColumnDoubt {
  const name = sign === ',' ? 'comma' : 'point'
  const asDecimal = `decimals: "${example}" is ${example.replace(',', '.')}`
  const asGroup = `thousands: "${example}" is ${example.replaceAll(sign, '')}`
  const isDecimal = decimal === sign
  const other: Decimal = decimal === ',' ? '.' : ','
  return {
    taken: isDecimal ? asDecimal : asGroup,
    other: isDecimal ? asGroup : asDecimal,
    why: `in values such as "${example}" the ${name} may part thousands or decimals, and no value tells which. They are read as ${isDecimal ? 'decimals' : 'thousands'}; the other would fit too.`,
    count,
    options: { decimal: other }
  }
}

function mostlyNumbers({ odd, values }: NumberEvidence, count: number): NumberVerdict {
  const example = odd[0]?.example ?? ''
  const note =
    `${formatCount(count)} of its ${formatCount(values)} values ${count === 1 ? 'is no number' : 'are no numbers'}, ` +
    `such as "${example.slice(0, 40)}", so it is read as text.`
  return {
    kind: 'codes',
    notes: [note],
    doubts: [
      {
        taken: 'text',
        other: `numbers, with ${formatNumbered(count, 'value')} missing`,
        why: `${formatNumbered(count, 'value')} of ${formatCount(values)} ${count === 1 ? 'is no number' : 'are no numbers'}, such as "${example.slice(0, 40)}", so it is read as text.`,
        count,
        options: { as: 'number' }
      }
    ]
  }
}

function notesOn({ shapes, marks }: NumberEvidence): string[] {
  const notes: string[] = []
  const bracketed = shapes.filter(({ parts }) => parts.brackets)
  if (bracketed.length > 0) notes.push(`Numbers in brackets are read as negative, such as "${bracketed[0]?.example}".`)
  const plainMarks = marks.filter(({ text }) => !isWord(text) && !/^[+-]?nan/i.test(text))
  if (plainMarks.length > 0) {
    const count = countOf(plainMarks)
    notes.push(
      `${formatNumbered(count, 'text')} such as "${plainMarks[0]?.example}" ${count === 1 ? 'is' : 'are'} read as missing.`
    )
  }
  return notes
}

/** What was read in a way that loses something: the column can be kept as text instead. */
function doubtsOn({ shapes, marks }: NumberEvidence): ColumnDoubt[] {
  const doubts: ColumnDoubt[] = []
  const limited = shapes.filter(({ parts }) => parts.limit !== '')
  if (limited.length > 0) {
    const count = countOf(limited)
    const why = `${formatNumbered(count, 'value')} ${count === 1 ? 'is a bound' : 'are bounds'} below or above a limit, such as "${limited[0]?.example}"; read as the limit itself.`
    doubts.push(orText(why, 'the limit itself', count))
  }
  const words = marks.filter(({ text }) => isWord(text))
  if (words.length > 0) {
    const count = countOf(words)
    const why = `${formatNumbered(count, 'text')} such as "${words[0]?.example}" ${count === 1 ? 'is' : 'are'} read as missing, as all other values are numbers.`
    doubts.push(orText(why, 'missing', count))
  }
  return doubts
}

/** A mark that could be a category of its own. */
function isWord(mark: string): boolean {
  return /^[(<]?[a-z]{3,}/i.test(mark) && !/^nan/i.test(mark)
}

function orText(why: string, taken: string, count: number): ColumnDoubt {
  return { why, taken, other: 'text', count, options: { as: 'text' } }
}

function listed(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ')
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ''))]
}
