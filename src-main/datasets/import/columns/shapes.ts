/**
 * Shapes: texts with every digit written as 9, so that a column of a million values has a few dozen of them. How a column
 * is written is told from the shapes of all its rows; what is read from it then is SQL over the texts.
 */
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

export interface Shape {
  /** Digits are 9, but for a 0 that leads all digits: it is ⓪. */
  readonly text: string
  readonly count: number
  /** The text of some row with this shape. */
  readonly example: string
}

/** What the shapes of a column are told from: all of them, or the most frequent where there are very many. */
export interface Shapes {
  readonly shapes: readonly Shape[]
  /** Rows whose shapes are not listed. */
  readonly others: number
}

/** Stands in shapes for a 0 that leads all digits, which tells codes and decimals from thousands. */
export const leadingZero = '\u24ea'

/** A column that has more shapes is no column of numbers or dates. */
const mostShapes = 3000
/** Longer texts are sentences. */
const longestShape = 48

/** Digits of other scripts (Arabic, Persian, Devanagari, Bengali, full width) and their signs, as ASCII. */
const foreignDigits = ['٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹', '०१२३४५६७८९', '০১২৩৪৫৬৭৮৯', '０１２３４５６７８９']
const foreignSigns = '٫٬．，'
const asciiSigns = '.,.,'

/** Every sign that parts or surrounds as a blank does; SQL's trim() knows the plain one alone. */
const blanks = ' \t\r\n\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000\ufeff\u200b'

/** SQL of a text without blanks at its ends. */
export function trimmed(expression: string): string {
  return `trim(${expression}, ${sql.text(blanks)})`
}

/** SQL of a text whose digits and signs of other scripts are ASCII. */
export function asciiDigits(expression: string): string {
  const from = foreignDigits.join('') + foreignSigns
  const to = '0123456789'.repeat(foreignDigits.length) + asciiSigns
  return `translate(${expression}, ${sql.text(from)}, ${sql.text(to)})`
}

/** Whether a text has digits of another script. */
export function hasForeignDigits(text: string): boolean {
  return /[٠-٩۰-۹०-९০-৯０-９]/.test(text)
}

/** The shape of a text; what shapeSql() gives for it. */
export function shapeOf(text: string): string {
  return text.replace(/^([^0-9]*)0/, `$1${leadingZero}`).replaceAll(/[0-9]/g, '9')
}

function shapeSql(text: string): string {
  const ascii = `regexp_replace(${asciiDigits(text)}, '^([^0-9]*)0', '\\1${leadingZero}')`
  return `CASE WHEN length(${text}) > ${longestShape} THEN '…' ELSE translate(${ascii}, '012345678', '999999999') END`
}

/** Reads the shapes of a column of texts over all rows, most frequent first; missing values have none. */
export async function readShapes(session: Session, relation: string, value: string): Promise<Shapes> {
  const texts = `SELECT ${value} AS v FROM ${relation}`
  const rows = await session.rows(
    `SELECT ${shapeSql('v')} AS shape, count(*) AS n, min(v), sum(count(*)) OVER () AS total FROM (${texts}) ` +
      `WHERE v IS NOT NULL GROUP BY shape ORDER BY n DESC, shape LIMIT ${mostShapes}`
  )
  const shapes = rows.map(([text, count, example]) => ({
    text: String(text),
    count: Number(count),
    example: String(example)
  }))
  const listed = shapes.reduce((sum, { count }) => sum + count, 0)
  return { shapes, others: Number(rows[0]?.[3] ?? 0) - listed }
}
