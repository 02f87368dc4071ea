/**
 * Decides how every column of texts is read, over all rows: numbers, dates or texts; how the numbers are written; and
 * what else would fit. One pass finds the columns of plain numbers and of words; of the others the shapes are read.
 */
import type { ColumnOptions } from '#contract/reading.ts'
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import { askCountedTime } from '#lab/datasets/import/columns/counted-time.ts'
import { type DateForm, dateFormsOf } from '#lab/datasets/import/columns/date-forms.ts'
import { decideNumber, type FileEvidence, type NumberVerdict } from '#lab/datasets/import/columns/decide-number.ts'
import {
  evidenceOf,
  type NumberEvidence,
  plainEvidence,
  shownDecimal
} from '#lab/datasets/import/columns/number-evidence.ts'
import type { Decimal } from '#lab/datasets/import/columns/number-parts.ts'
import { numberStages, plainForm } from '#lab/datasets/import/columns/number-form.ts'
import { type ColumnRule, plainName, type TableRules } from '#lab/datasets/import/columns/rules.ts'
import { readShapes, type Shape, type Shapes, trimmed } from '#lab/datasets/import/columns/shapes.ts'
import { type Stage, type Staged, stagedRelation } from '#lab/datasets/import/columns/staged.ts'
import { beyondReckoning, isPlain, lookAtTexts, type TextColumn } from '#lab/datasets/import/columns/text-figures.ts'
import { storeAs, type StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { SourceColumn, TableSource } from '#lab/datasets/import/table-source.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import { formatCount } from '#words/numbers.ts'

/** A column of some numbers and many marks such as "-" is one of numbers; with fewer than one value in ten it is one of words. */
const fewestNumbers = 10
/** Values looked at in one pass. */
const itemsAtOnce = 128

/** Aggregates to ask of the whole table, and what their answers decide. */
export interface Look {
  readonly items: readonly Staged[]
  /** SQL over the names of the items. */
  readonly ask: (names: readonly string[]) => readonly string[]
  readonly decide: (answers: readonly Value[]) => StoredColumn
}

/** Tells how each column of texts is stored. */
export async function decideColumns(
  session: Session,
  source: TableSource,
  columns: readonly SourceColumn[],
  rules: TableRules | null,
  onFraction: (fraction: number) => void
): Promise<StoredColumn[]> {
  const { relation } = source
  const wantedOf = matchOptions(source)
  const ruleOf = ({ name }: { readonly name: string }) => rules?.columns.get(plainName(name)) ?? null
  const isText = (column: { readonly name: string }) => wantedOf(column.name)?.as ?? ruleOf(column)?.as === 'text'
  const marksOf = ({ name }: SourceColumn) => [...source.missing.texts, ...(wantedOf(name)?.missing ?? [])]
  // Most columns are plain numbers; looking for missing values only in the others halves the time.
  const bare = await lookAtTexts(session, relation, columns, () => [], onFraction)
  const settled = new Map(
    bare.filter((column) => isPlain(column) && !isText(column)).map((column) => [column.name, column])
  )
  const others = columns.filter(({ name }) => !settled.has(name))
  const looked = await lookAtTexts(session, relation, others, marksOf, () => undefined)
  const drafts = new Map<string, Draft>()
  for (const column of looked) {
    const wanted = wantedOf(column.name)
    if (isPlain(column) && !isText(column)) settled.set(column.name, column)
    else
      drafts.set(column.name, await draft(session, relation, column, { wanted, rule: ruleOf(column) }, source.decimal))
  }
  const file = fileEvidence(source, [...settled.values()], [...drafts.values()])
  const looks = columns.map(({ name }): Look => {
    const plain = settled.get(name)
    const numberMarks = numbersIn([...source.missing.named, ...(wantedOf(name)?.missing ?? [])])
    if (plain) return plainNumbers(plain, numberMarks, rules === null)
    const open = drafts.get(name)
    if (!open) throw new Error(`The column ${name} was not looked at.`)
    return decide(open, file, numberMarks)
  })
  const stored = await answer(session, relation, looks)
  return toldOfNamed(session, source, stored)
}

/** A column that is neither all plain numbers nor all words. */
interface Draft {
  readonly column: TextColumn
  readonly wanted: ColumnOptions | null
  readonly rule: ColumnRule | null
  readonly shapes: Shapes | null
  readonly evidence: NumberEvidence | null
}

async function draft(
  session: Session,
  relation: string,
  column: TextColumn,
  said: Pick<Draft, 'wanted' | 'rule'>,
  decimal: Decimal | null
): Promise<Draft> {
  const { wanted } = said
  const as = kindOf(said)
  const isWords = fewestNumbers * column.withDigit <= column.values && !as
  if (column.values === 0 || isWords || as === 'text') return { column, ...said, shapes: null, evidence: null }
  const shapes = await readShapes(session, relation, column.value)
  return { column, ...said, shapes, evidence: evidenceOf(shapes, wanted?.decimal ?? decimal) }
}

/** What a column is to be read as: what the person said, else what the fitted table's is. */
function kindOf({ wanted, rule }: Pick<Draft, 'wanted' | 'rule'>): ColumnOptions['as'] {
  return wanted?.as ?? rule?.as
}

function fileEvidence(
  { semicolons }: TableSource,
  settled: readonly TextColumn[],
  drafts: readonly Draft[]
): FileEvidence {
  const shown = { '.': 0, ',': 0 }
  const evidence = [
    ...settled.map(({ values, hasPoint }) => plainEvidence(values, hasPoint)),
    ...drafts.flatMap((open) => open.evidence ?? [])
  ]
  for (const column of evidence) {
    const sign = shownDecimal(column)
    if (sign) shown[sign]++
  }
  return { shown, semicolons }
}

function plainNumbers(column: TextColumn, marks: readonly number[], isOwn: boolean): Look {
  const { name, value, isWhole } = column
  const stages = [...numberStages(plainForm), ...withoutMarks(marks), ...(isWhole ? [asInteger] : [])]
  const stored = storeAs(name, value, { as: 'number', form: plainForm }, stages)
  // What a fitted table's numbers are was told of that table.
  const time = isOwn ? askCountedTime(column) : null
  if (!time) return settledLook(stored)
  return {
    items: [{ value, stages: [] }],
    ask: ([text = 'NULL']) => [time.sql(text)],
    decide: ([answer = null]) => ({ ...stored, doubts: time.doubts(answer) })
  }
}

/** A look that has nothing to ask. */
export function settledLook(column: StoredColumn): Look {
  return { items: [], ask: () => [], decide: () => column }
}

const asInteger: Stage = (number) => `CAST(${number} AS BIGINT)`
const asDay: Stage = (time) => `CAST(${time} AS DATE)`
const bounded: Stage = (number) => `CASE WHEN abs(${number}) < ${beyondReckoning} THEN ${number} END`

function decide(open: Draft, file: FileEvidence, marks: readonly number[]): Look {
  const { column, rule, shapes, evidence } = open
  const as = kindOf(open)
  const asText = storeAs(column.name, column.value, { as: 'text' })
  const keep = (verdict: NumberVerdict) =>
    settledLook(verdict.kind === 'codes' ? { ...asText, notes: verdict.notes, doubts: verdict.doubts } : asText)
  if (!shapes) return keep({ kind: 'none' })
  const forms =
    as === undefined || as === 'date' ? dateFormsOf(as === 'date' ? likeliestDate(shapes) : shapes.shapes) : []
  if (forms.length > 0) return dates(open, forms)
  if (!evidence) return keep({ kind: 'none' })
  const verdict = decideNumber(evidence, file, as === 'number', rule)
  if (verdict.kind !== 'number') return keep(verdict)
  return numbers(open, verdict, evidence, marks)
}

/** The most frequent shape that dates have. */
function likeliestDate({ shapes }: Shapes): Shape[] {
  return shapes.filter((shape) => dateFormsOf([shape]).length > 0).slice(0, 1)
}

function numbers(
  open: Draft,
  { form, notes, doubts, odd }: Extract<NumberVerdict, { kind: 'number' }>,
  evidence: NumberEvidence,
  marks: readonly number[]
): Look {
  const { column } = open
  const given: Staged = { value: column.value, stages: numberStages(form) }
  const kept: Staged = { ...given, stages: [...given.stages, ...withoutMarks(marks)] }
  const isMeasured = form.prefixes.length + form.suffixes.length === 0 || kindOf(open) === 'number'
  return {
    items: [given, kept, ...(isMeasured ? [] : [{ value: column.value, stages: [] }])],
    ask: ([all, number, text]) => [
      `count(${all})`,
      `coalesce(bool_and(${number} = trunc(${number})), false)`,
      `coalesce(max(abs(${number})), 0)`,
      `count(CASE WHEN abs(${all}) >= ${beyondReckoning} THEN 1 END)`,
      ...(text === undefined ? [] : [`count(DISTINCT ${text})`])
    ],
    decide: ([count, isWhole, largest, beyond, distinct]) => {
      if (!isMeasured && fewLevels(Number(distinct), column.values)) {
        return levels(column, Number(distinct), evidence.shapes[0]?.example ?? '')
      }
      const endless = Number(beyond) + evidence.infinite.reduce((sum, shape) => sum + shape.count, 0)
      // A number whose exponent leads out of all bounds can't be cast.
      const lost = evidence.numbers - Number(count)
      if (lost > 0 && !form.exponents) return storeAs(column.name, column.value, { as: 'text' }, [], [manyUnits])
      const isEndless = endless + lost > 0
      const told = isEndless ? [...doubts, infinities(evidence, endless + lost)] : doubts
      const isInteger = isWhole === true && Number(largest) <= Number.MAX_SAFE_INTEGER
      const last = isInteger ? [asInteger] : Number(beyond) > 0 ? [bounded] : []
      const read = storeAs(column.name, column.value, { as: 'number', form }, [...kept.stages, ...last], notes, told)
      const example = evidence.odd[0]?.example
      return {
        ...read,
        ...(isEndless && { infinite: endlessText }),
        ...(odd > 0 && { odd: { count: odd, values: column.values, where: oddText(example) } })
      }
    }
  }
}

/** SQL of whether a text `v` is an infinite number, or one beyond reckoning, which was not read as `x`. */
const endlessText = `x IS NULL AND regexp_full_match(lower(v), '[+\\-\u2212]?(inf|infinity|\u221e|1\\.#inf|[0-9.,]+e[+]?[0-9]{3,})')`

/** SQL of whether a text is one of those that are no numbers: as the most frequent of them, where it is known. */
function oddText(example: string | undefined): string {
  return example === undefined ? 'v IS NOT NULL AND x IS NULL' : `v = ${sql.text(example)}`
}

/** A handful of values with a unit, each of them many times, are levels rather than measurements: 13", 15" and 17". */
function fewLevels(distinct: number, values: number): boolean {
  return distinct <= 5 && values >= 5 * distinct
}

function levels(column: TextColumn, distinct: number, example: string): StoredColumn {
  const why = `it has ${distinct} different values, such as "${example}", and is read as text; numbers would fit too.`
  const doubt: ColumnDoubt = { why, taken: 'text', other: 'numbers', count: distinct, options: { as: 'number' } }
  return storeAs(column.name, column.value, { as: 'text' }, [], [], [doubt])
}

const manyUnits = 'Its numbers have different units, so they are kept as text.'

function infinities({ infinite, shapes }: NumberEvidence, count: number): ColumnDoubt {
  const example = infinite[0]?.example ?? shapes.find(({ parts }) => parts.exponent !== 'none')?.example ?? ''
  return {
    why: `${formatCount(count)} of its values ${count === 1 ? 'is infinite or' : 'are infinite or'} beyond 1e100, such as "${example}": no network can be trained on them, so they are missing.`,
    taken: 'missing',
    other: 'text',
    count,
    options: { as: 'text' }
  }
}

/** A column is one of dates where one form reads all of its values. */
function dates({ column, wanted, rule, shapes }: Draft, forms: readonly DateForm[]): Look {
  return {
    items: forms.map(({ stages }) => ({ value: column.value, stages })),
    ask: (times) =>
      times.flatMap((time) => [`count(${time})`, `coalesce(bool_and(${time} = date_trunc('day', ${time})), false)`]),
    decide: (answers) => {
      const read = forms.map((form, index) => ({
        form,
        count: Number(answers[2 * index]),
        isDay: answers[2 * index + 1] === true
      }))
      const most = Math.max(...read.map(({ count }) => count))
      const fitting = read.filter(({ count }) => count === most && count > 0)
      const order = wanted?.dates ?? rule?.dates
      const first = fitting.find(({ form }) => form.order === order) ?? fitting[0]
      const isEnough = most === column.values || kindOf({ wanted, rule }) === 'date'
      if (!first || !isEnough) return storeAs(column.name, column.value, { as: 'text' })
      const { label, note } = first.form
      const isSettled = first.form.order === order
      const stages = first.isDay ? [...first.form.stages, asDay] : first.form.stages
      const second = fitting.find(({ form }) => form !== first.form)
      const example = shapes?.shapes[0]?.example ?? ''
      const other: ColumnDoubt[] =
        second && !isSettled
          ? [
              {
                why: `its ${formatCount(column.values)} dates, such as "${example}", are read as ${label}; ${second.form.label} would fit too.`,
                taken: label,
                other: second.form.label,
                count: column.values,
                options: { as: 'date', dates: second.form.order }
              }
            ]
          : []
      const notes = [
        ...(second && !isSettled ? [`Read as ${label}; ${second.form.label} would fit too.`] : []),
        ...(note === null ? [] : [note])
      ]
      const reading = { as: 'date', label, order: first.form.order } as const
      const stored = storeAs(column.name, column.value, reading, stages, notes, other)
      const odd = column.values - most
      if (odd === 0) return stored
      return { ...stored, odd: { count: odd, values: column.values, where: 'v IS NOT NULL AND x IS NULL' } }
    }
  }
}

function withoutMarks(marks: readonly number[]): Stage[] {
  if (marks.length === 0) return []
  return [(number) => `CASE WHEN ${number} IN (${marks.join(', ')}) THEN NULL ELSE ${number} END`]
}

/** The numbers among texts that mean a missing value: those are so in all their spellings. */
export function numbersIn(texts: readonly string[]): number[] {
  return texts.flatMap((text) => {
    const value = text.trim() === '' ? NaN : Number(text.trim().replace(',', '.').replace('\u2212', '-'))
    return Number.isFinite(value) ? [value] : []
  })
}

/** Tells of every column how many of its values are missing because the person named them so. */
async function toldOfNamed(
  session: Session,
  source: TableSource,
  stored: readonly StoredColumn[]
): Promise<StoredColumn[]> {
  const wantedOf = matchOptions(source)
  const namedOf = (name: string) => [...source.missing.named, ...(wantedOf(name)?.missing ?? [])]
  const expressions = new Map(source.columns.map(({ name, expression }) => [name, expression]))
  const affected = stored.filter(({ name }) => namedOf(name).length > 0)
  if (affected.length === 0) return [...stored]
  const counts = new Map<string, number>()
  for (const pass of cutIntoPieces(affected, itemsAtOnce)) {
    const items = pass.flatMap(({ name, reading }) => {
      const value = trimmed(expressions.get(name) ?? 'NULL')
      const text = { value, stages: [] }
      return [text, reading.as === 'number' ? { value, stages: numberStages(reading.form) } : text]
    })
    const asked = pass.map(({ name, reading }, index) => {
      const named = namedOf(name)
      const marks = reading.as === 'number' ? numbersIn(named) : []
      const isText = `list_contains([${named.map(sql.text).join(', ')}], x${2 * index})`
      const isNumber = marks.length > 0 ? ` OR x${2 * index + 1} IN (${marks.join(', ')})` : ''
      return `count(CASE WHEN ${isText}${isNumber} THEN 1 END)`
    })
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${stagedRelation(source.relation, items)}`)
    pass.forEach(({ name }, index) => counts.set(name, Number(answers[index])))
  }
  return stored.map((column) => {
    const count = counts.get(column.name) ?? 0
    if (count === 0) return column
    const named = namedOf(column.name).map((text) => `"${text}"`)
    const note = `${formatCount(count)} of its values ${count === 1 ? 'is' : 'are'} ${named.join(' or ')}, named as missing.`
    return { ...column, notes: [...column.notes, note] }
  })
}

/** What is said of a column: by its name, else without regard to case, blanks and the way accents are written. */
function matchOptions({ options }: TableSource): (name: string) => ColumnOptions | null {
  const exact = new Map(options.map((entry) => [entry.column, entry]))
  const alike = new Map(options.map((entry) => [plainName(entry.column), entry]))
  return (name) => exact.get(name) ?? alike.get(plainName(name)) ?? null
}

/** Asks all that is to be asked, in few passes, and lets each column decide with its answers. */
export async function answer(session: Session, relation: string, looks: readonly Look[]): Promise<StoredColumn[]> {
  const stored: StoredColumn[] = []
  let pass: Look[] = []
  let items = 0
  async function ask(): Promise<void> {
    const names = pass.flatMap((look) => look.items).map((_, index) => `x${index}`)
    let at = 0
    const asked = pass.map((look) => look.ask(names.slice(at, (at += look.items.length))))
    const questions = asked.flat()
    const from = stagedRelation(
      relation,
      pass.flatMap((look) => look.items)
    )
    const answers = questions.length === 0 ? [] : await session.row(`SELECT ${questions.join(', ')} FROM ${from}`)
    let answered = 0
    pass.forEach((look, index) => {
      const own = answers.slice(answered, (answered += asked[index]?.length ?? 0))
      stored.push(look.decide(own))
    })
    pass = []
    items = 0
  }
  for (const look of looks) {
    if (items + look.items.length > itemsAtOnce) await ask()
    pass.push(look)
    items += look.items.length
  }
  await ask()
  return stored
}
