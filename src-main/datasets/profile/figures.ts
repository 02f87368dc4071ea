/** Figures of every column of a stored table, reckoned by DuckDB, a batch of columns at a time. */
import { columnTypes } from '#lab/datasets/column-values.ts'
import { createBatches } from '#lab/datasets/profile/batches.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'

export type StoredType = 'number' | 'date' | 'text'

export interface StoredColumnType {
  readonly name: string
  readonly type: StoredType
}

/** What one column showed. Missing values are in none of the figures. */
export type Figures = NumberFigures | DateFigures | TextFigures

interface Counts {
  readonly name: string
  readonly values: number
  readonly distinct: number
}

export interface NumberFigures extends Counts {
  readonly type: 'number'
  readonly isWhole: boolean
  readonly minimum: number
  readonly maximum: number
  readonly mean: number
  readonly median: number
  readonly deviation: number
}

export interface DateFigures extends Counts {
  readonly type: 'date'
  readonly first: string
  readonly last: string
}

export interface TextFigures extends Counts {
  readonly type: 'text'
  readonly meanLength: number
  readonly longest: number
  readonly withSpaces: number
}

/** Reads names and types of a stored table, in its order. */
export async function readColumns(session: Session, file: string): Promise<StoredColumnType[]> {
  const types = await columnTypes(session, file)
  return [...types].map(([name, type]) => ({ name, type: storedType(type) }))
}

function storedType(type: string): StoredType {
  if (type === 'VARCHAR') return 'text'
  return type === 'DATE' || type.startsWith('TIMESTAMP') ? 'date' : 'number'
}

/** Measures all columns; the figures come in their order. */
export async function measureColumns(
  session: Session,
  file: string,
  rows: number,
  columns: readonly StoredColumnType[],
  onFraction: (fraction: number) => void
): Promise<Figures[]> {
  const figures: Figures[] = []
  for (const batch of createBatches(columns, rows)) {
    const asked = batch.flatMap(({ name, type }) => aggregates[type](sql.name(name)))
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${sql.storedRows(file)}`)
    let at = 0
    for (const { name, type } of batch) {
      const count = aggregates[type]('').length
      figures.push(toFigures(name, type, answers.slice(at, at + count)))
      at += count
    }
    onFraction(figures.length / columns.length)
  }
  return figures
}

const aggregates: Record<StoredType, (column: string) => string[]> = {
  number: (x) => [
    `count(${x})`,
    `count(DISTINCT ${x})`,
    `bool_and(${x} = trunc(${x}))`,
    `CAST(min(${x}) AS DOUBLE)`,
    `CAST(max(${x}) AS DOUBLE)`,
    `avg(${x})`,
    `median(${x})`,
    `stddev_samp(${x})`
  ],
  date: (x) => [`count(${x})`, `count(DISTINCT ${x})`, `CAST(min(${x}) AS VARCHAR)`, `CAST(max(${x}) AS VARCHAR)`],
  text: (x) => [
    `count(${x})`,
    `count(DISTINCT ${x})`,
    `avg(length(${x}))`,
    `max(length(${x}))`,
    `count(CASE WHEN contains(${x}, ' ') THEN 1 END)`
  ]
}

function toFigures(name: string, type: StoredType, [values, distinct, ...others]: readonly Value[]): Figures {
  const counts = { name, values: Number(values), distinct: Number(distinct) }
  if (type === 'date') return { ...counts, type, first: String(others[0] ?? ''), last: String(others[1] ?? '') }
  if (type === 'text') {
    const [meanLength, longest, withSpaces] = others.map(Number)
    return { ...counts, type, meanLength: meanLength ?? 0, longest: longest ?? 0, withSpaces: withSpaces ?? 0 }
  }
  const [isWhole, ...numbers] = others
  const [minimum = 0, maximum = 0, mean = 0, median = 0, deviation = 0] = numbers.map(Number)
  return { ...counts, type, isWhole: isWhole === true, minimum, maximum, mean, median, deviation }
}
