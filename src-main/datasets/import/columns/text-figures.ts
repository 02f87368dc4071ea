/** What one pass over all rows says of columns of texts: plain numbers, words, or something to look at more closely. */
import { plainNumber } from '#lab/datasets/import/columns/number-form.ts'
import { trimmed } from '#lab/datasets/import/columns/shapes.ts'
import type { SourceColumn } from '#lab/datasets/import/table-source.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import * as sql from '#lab/datasets/sql.ts'

export interface TextColumn {
  readonly name: string
  /** SQL of the text without blanks around it, null where it stands for a missing value. */
  readonly value: string
  /** Rows with a value, with a number written plainly, and with a digit. */
  readonly values: number
  readonly numbers: number
  readonly withDigit: number
  /** Of the plain numbers. */
  readonly isWhole: boolean
  readonly hasPoint: boolean
  readonly largest: number
  readonly hasLeadingZero: boolean
  /** Whether every number has one to three digits, a point and three more: those may be thousands. */
  readonly mayBeThousands: boolean
}

/** Columns looked at in one pass: DuckDB keeps several vectors of 32 kB for each of them and every thread. */
const columnsPerPass = 512

/** SQL of a text, null where it is one of the marks or empty. */
export function valueSql(expression: string, marks: readonly string[]): string {
  const text = trimmed(expression)
  if (marks.length === 0) return `nullif(${text}, '')`
  // A list, not IN: that would compare with each text in turn, and keep a vector for each of them and every column.
  return `CASE WHEN list_contains([${['', ...marks].map(sql.text).join(', ')}], ${text}) THEN NULL ELSE ${text} END`
}

/** Whether all its values are plain numbers that can be nothing else. */
export function isPlain(column: TextColumn): boolean {
  const { values, numbers, isWhole, largest, hasLeadingZero, mayBeThousands } = column
  const isCode = isWhole && (hasLeadingZero || largest > Number.MAX_SAFE_INTEGER)
  return values > 0 && numbers === values && !isCode && !mayBeThousands && largest < beyondReckoning
}

/** Larger numbers count as infinite: their squares would leave the range of a double. */
export const beyondReckoning = 1e100

/** Looks at columns over all rows; `marksOf` gives the texts that stand for a missing value in one of them. */
export async function lookAtTexts(
  session: Session,
  relation: string,
  columns: readonly SourceColumn[],
  marksOf: (column: SourceColumn) => readonly string[],
  onFraction: (fraction: number) => void
): Promise<TextColumn[]> {
  const found: TextColumn[] = []
  for (const pass of cutIntoPieces(columns, columnsPerPass)) {
    const share = pass.length / columns.length
    const before = found.length / columns.length
    const values = pass.map((column) => valueSql(column.expression, marksOf(column)))
    const row = await session.row(figuresOf(values, relation), (fraction) => onFraction(before + share * fraction))
    pass.forEach(({ name }, index) => {
      const figures = row.slice(figureCount * index, figureCount * (index + 1))
      found.push({ name, value: values[index] ?? '', ...toFigures(figures) })
    })
  }
  return found
}

const figureCount = 8

/** SQL that gives the figures of every value, in the order toFigures() reads them. */
function figuresOf(values: readonly string[], relation: string): string {
  const texts = values.map((value, index) => `${value} AS t${index}`)
  const numbers = values.map(
    (_, index) => `CASE WHEN regexp_full_match(t${index}, '${plainNumber}') THEN t${index} END AS n${index}`
  )
  const figures = values.map((_, index) => {
    const [t, n] = [`t${index}`, `n${index}`]
    const number = `TRY_CAST(${n} AS DOUBLE)`
    return (
      `count(${t}), count(${n}), count(CASE WHEN ${n} IS NULL AND regexp_matches(${t}, '\\p{Nd}') THEN 1 END), ` +
      `coalesce(bool_and(${number} = trunc(${number})), false), coalesce(bool_or(contains(${n}, '.')), false), max(abs(${number})), ` +
      // GLOB, not a range: DuckDB needs minutes to plan a thousand ranges.
      `coalesce(bool_or(ltrim(${n}, '+-') GLOB '0[0-9]*'), false), ` +
      `coalesce(bool_and(regexp_full_match(${n}, '[+-]?[1-9][0-9]?[0-9]?[.][0-9][0-9][0-9]')), false)`
    )
  })
  const inner = `SELECT ${texts.join(', ')} FROM ${relation}`
  return `SELECT ${figures.join(', ')} FROM (SELECT *, ${numbers.join(', ')} FROM (${inner}))`
}

function toFigures([
  count,
  plain,
  otherDigits,
  isWhole,
  hasPoint,
  largest,
  leadingZero,
  threePlaces
]: readonly Value[]) {
  return {
    values: Number(count),
    numbers: Number(plain),
    withDigit: Number(plain) + Number(otherDigits),
    isWhole: isWhole === true,
    hasPoint: hasPoint === true,
    largest: typeof largest === 'number' ? largest : 0,
    hasLeadingZero: leadingZero === true,
    mayBeThousands: threePlaces === true
  }
}
