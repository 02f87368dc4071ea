/**
 * Describes a stored table: its rows, and of every column the type, figures and histogram.
 * Everything is a function of the Parquet file; the remarks of its import are in the file as well.
 */
import type { Column, Dataset } from '#contract/datasets.ts'
import { formatValue } from '#lab/datasets/format-value.ts'
import { detectImage, isPixel } from '#lab/datasets/image.ts'
import { columnTypeOf } from '#lab/datasets/profile/column-type.ts'
import { type Figures, measureColumns, readColumns } from '#lab/datasets/profile/figures.ts'
import { countBins, countLevels } from '#lab/datasets/profile/histograms.ts'
import { type ClockFacts, clockFacts, varyingParts } from '#lab/datasets/profile/times.ts'
import { rowOrder } from '#lab/datasets/profile/row-order.ts'
import { findStandIns, standInDoubts, standInNote } from '#lab/datasets/profile/stand-ins.ts'
import { transposedDoubts } from '#lab/datasets/profile/transposed.ts'
import { readRemarks } from '#lab/datasets/remarks.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { isTimeName } from '#lab/datasets/time-column.ts'

export type Description = Pick<Dataset, 'rows' | 'columns' | 'image' | 'warnings' | 'doubts' | 'reading'>

/** Describes the table in a Parquet file of the lab. */
export async function describeTable(
  session: Session,
  file: string,
  onFraction: (fraction: number) => void
): Promise<Description> {
  const { warnings, doubts, notes, reading } = await readRemarks(session, file)
  const noteOf = new Map(notes.map(({ column, note }) => [column, note]))
  const stored = await readColumns(session, file)
  const rows = Number((await session.row(`SELECT count(*) FROM ${sql.storedRows(file)}`))[0])
  const figures = await measureColumns(session, file, rows, stored, (fraction) => onFraction(0.8 * fraction))
  const examples = await readExamples(
    session,
    file,
    stored.map(({ name }) => name)
  )
  const clocks = new Map<string, ClockFacts>()
  for (const [index, { name, type }] of figures.entries()) {
    const found = type === 'text' ? await clockFacts(session, file, name, examples[index] ?? []) : null
    if (found) clocks.set(name, found)
  }
  const typed = figures.map((column) => ({
    ...column,
    meaning: clocks.has(column.name) ? 'time' : columnTypeOf(column)
  }))
  const numbers = typed.filter(
    (column) => column.type === 'number' && column.meaning === 'numeric' && column.values > 0
  )
  const image = detectImage(figures.map(({ name }) => name))
  const standIns = image
    ? []
    : await findStandIns(
        session,
        file,
        numbers.filter((column) => column.type === 'number')
      )
  const levels = typed.filter((column) => column.type === 'text' && column.meaning === 'categorical')
  const histograms = new Map([
    ...(await countBins(
      session,
      file,
      rows,
      numbers.filter((column) => column.type === 'number')
    )),
    ...(await countLevels(
      session,
      file,
      rows,
      levels.filter((column) => column.type === 'text')
    ))
  ])
  onFraction(0.95)
  const turned = image ? [] : await transposedDoubts(session, file, rows, figures)
  const orders = new Map<string, Column['order']>()
  const varies = new Map<string, Column['varies']>()
  for (const { name, type, distinct } of typed) {
    if (distinct < 2 || !(type === 'date' || (type === 'number' && isTimeName(name)))) continue
    orders.set(name, await rowOrder(session, file, rows, name))
    if (type === 'date') varies.set(name, await varyingParts(session, file, name))
  }
  const columns = typed.map((column, index): Column => {
    const { name, meaning, values, distinct } = column
    const clock = clocks.get(name)
    return {
      name,
      type: meaning,
      missing: rows - values,
      distinct,
      integer: column.type === 'number' && column.isWhole,
      summary: column.type === 'number' && meaning === 'numeric' && values > 0 ? summaryOf(column) : null,
      histogram: histograms.get(name) ?? null,
      examples: examples[index] ?? [],
      ...(orders.has(name) && { order: orders.get(name) ?? null }),
      ...(varies.has(name) && { varies: varies.get(name) }),
      ...(clock && { clock: clock.clock }),
      note: joinNotes(noteOf.get(name), noteOn(column, meaning), clock?.note, standInNote(standIns, name))
    }
  })
  onFraction(1)
  return {
    rows,
    columns,
    image,
    warnings: [...warnings, ...warningsOn(columns, image !== null)],
    doubts: [...doubts, ...turned, ...standInDoubts(standIns, reading)],
    reading
  }
}

function summaryOf({ minimum, maximum, mean, median, deviation }: Extract<Figures, { type: 'number' }>) {
  return { minimum, maximum, mean, median, deviation }
}

function joinNotes(...notes: (string | null | undefined)[]): string | null {
  return notes.filter((note) => note).join(' ') || null
}

function noteOn(column: Figures, meaning: Column['type']): string | null {
  if (column.values === 0) return 'It has no values.'
  if (column.distinct === 1) return 'All its values are the same.'
  if (meaning === 'identifier') return 'It names rows rather than telling something about them.'
  if (column.type === 'date') return `From ${column.first} to ${column.last}.`
  return null
}

/** One sentence for all columns without information; pixels of an image are left out, borders never change. */
function warningsOn(columns: readonly Column[], isImage: boolean): string[] {
  const idle = columns
    .filter(({ name, distinct }) => distinct <= 1 && !(isImage && isPixel(name)))
    .map(({ name }) => name)
  if (idle.length === 0) return []
  const listed = idle
    .slice(0, 5)
    .map((name) => `"${name}"`)
    .join(', ')
  const more = idle.length > 5 ? ` and ${idle.length - 5} more` : ''
  return [`Without information, because no two of their values differ: ${listed}${more}.`]
}

/** Columns whose first rows are read by one statement. */
const columnsAtOnce = 512

/** Reads up to five different values of each column from its first rows. */
async function readExamples(session: Session, file: string, names: readonly string[]): Promise<string[][]> {
  const rows = Math.max(10, Math.min(200, Math.floor(20_000 / names.length)))
  const examples: string[][] = []
  for (const pass of cutIntoPieces(names, columnsAtOnce)) {
    const first = await session.rows(
      `SELECT ${pass.map(sql.name).join(', ')} FROM read_parquet(${sql.path(file)}, hive_partitioning = false) LIMIT ${rows}`
    )
    for (const index of pass.keys()) {
      const values = new Set<string>()
      for (const row of first) {
        const value = formatValue(row[index] ?? null)
        if (value !== null) values.add(value)
        if (values.size === 5) break
      }
      examples.push([...values])
    }
  }
  return examples
}
