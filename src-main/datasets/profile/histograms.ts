/** Histograms of numeric columns and levels of categorical ones, counted by DuckDB in batches. */
import type { DuckDBMapValue } from '@duckdb/node-api'
import type { Column } from '#contract/datasets.ts'
import { createBatches } from '#lab/datasets/profile/batches.ts'
import type { NumberFigures, TextFigures } from '#lab/datasets/profile/figures.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'

type Histogram = NonNullable<Column['histogram']>

const bins = 24
/** Whole numbers within this range get a bin each. */
const widestWholeRange = 40
/** Levels listed; the rest are counted together. */
const listedLevels = 30
/** Columns with more levels are counted one by one, the most frequent only. */
const manyLevels = 1000

/** Edges of the bins of a numeric column: equal ones, or one for each whole number in a small range. */
export function binEdges({ isWhole, minimum, maximum }: NumberFigures): number[] {
  const isSingle = minimum === maximum
  const isSmall = isWhole && maximum - minimum <= widestWholeRange
  const from = isSingle || isSmall ? minimum - 0.5 : minimum
  const to = isSingle || isSmall ? maximum + 0.5 : maximum
  const count = isSmall ? maximum - minimum + 1 : isSingle ? 1 : bins
  const width = (to - from) / count
  return Array.from({ length: count + 1 }, (_, index) => (index === count ? to : from + index * width))
}

/** Counts the bins of numeric columns that have values; the results come by name. */
export async function countBins(
  session: Session,
  file: string,
  rows: number,
  columns: readonly NumberFigures[]
): Promise<Map<string, Histogram>> {
  const histograms = new Map<string, Histogram>()
  for (const batch of createBatches(columns, rows)) {
    const edges = batch.map(binEdges)
    const asked = batch.map(({ name }, index) => {
      const own = edges[index] ?? []
      const from = own[0] ?? 0
      const width = ((own.at(-1) ?? 0) - from) / (own.length - 1)
      const bin = `floor((CAST(${sql.name(name)} AS DOUBLE) - (${from})) / ${width})`
      // greatest() and least() pass over a missing value instead of giving one.
      const bounded = `CAST(greatest(0, least(${bin}, ${own.length - 2})) AS UTINYINT)`
      return `histogram(CASE WHEN ${sql.name(name)} IS NOT NULL THEN ${bounded} END)`
    })
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${sql.storedRows(file)}`)
    batch.forEach(({ name }, index) => {
      const own = edges[index] ?? []
      const counts = new Array<number>(own.length - 1).fill(0)
      for (const [bin, count] of entriesOf(answers[index])) counts[Number(bin)] = count
      histograms.set(name, { kind: 'numeric', edges: own, counts })
    })
  }
  return histograms
}

/** Counts the levels of categorical columns, most frequent first; the results come by name. */
export async function countLevels(
  session: Session,
  file: string,
  rows: number,
  columns: readonly TextFigures[]
): Promise<Map<string, Histogram>> {
  const histograms = new Map<string, Histogram>()
  const few = columns.filter(({ distinct }) => distinct <= manyLevels)
  for (const batch of createBatches(few, rows)) {
    const asked = batch.map(({ name }) => `histogram(${sql.name(name)})`)
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${sql.storedRows(file)}`)
    batch.forEach((column, index) => histograms.set(column.name, toLevels(column, entriesOf(answers[index]))))
  }
  for (const column of columns.filter(({ distinct }) => distinct > manyLevels)) {
    const x = sql.name(column.name)
    const top = await session.rows(
      `SELECT ${x}, count(*) FROM ${sql.storedRows(file)} WHERE ${x} IS NOT NULL ` +
        `GROUP BY ${x} ORDER BY count(*) DESC, ${x} LIMIT ${listedLevels}`
    )
    histograms.set(
      column.name,
      toLevels(
        column,
        top.map(([level, count]) => [String(level), Number(count)])
      )
    )
  }
  return histograms
}

function toLevels({ values }: TextFigures, counted: readonly (readonly [string, number])[]): Histogram {
  const sorted = counted.toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, listedLevels)
  const levels = sorted.map(([value, count]) => ({ value, count }))
  const listed = levels.reduce((sum, { count }) => sum + count, 0)
  return { kind: 'levels', levels, others: values - listed }
}

/** The entries of a map, of which DuckDB gives none where no row has a value. */
function entriesOf(value: Value | undefined): [string, number][] {
  const entries = (value as DuckDBMapValue | null | undefined)?.entries ?? []
  return entries.map(({ key, value: count }) => [String(key), Number(count)])
}
