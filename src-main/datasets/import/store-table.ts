/** Writes a source as the Parquet file the lab keeps; what was noticed on the way goes into the file itself. */
import { rm } from 'node:fs/promises'
import type { Doubt, TableReading } from '#contract/reading.ts'
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import { toldReading } from '#lab/datasets/import/columns/rules.ts'
import { stagedRelation } from '#lab/datasets/import/columns/staged.ts'
import { joinLikeDoubts } from '#lab/datasets/import/like-doubts.ts'
import { columnFacts } from '#lab/datasets/import/reading-facts.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { TableSource } from '#lab/datasets/import/table-source.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import * as sql from '#lab/datasets/sql.ts'
import { writeRemarks } from '#lab/datasets/remarks.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

/** Values in one row group: its buffers stay near 64 MB, however wide the table is. */
const groupValues = 8_000_000

/** A doubt on a column as the data set tells it. */
function doubtOn(column: string, { why, options, ...others }: ColumnDoubt): Doubt {
  return {
    column,
    why: `Column "${column}": ${why}`,
    ...others,
    options: options && { columns: [{ column, ...options }] }
  }
}

/**
 * Writes the table and returns how many rows it has; their order is that of the source. Overwrites `file`; a wide table
 * is written in slices of columns beside it, which are then joined.
 */
export async function storeTable(
  session: Session,
  source: TableSource,
  columns: readonly StoredColumn[],
  file: string,
  reading: Pick<TableReading, 'options' | 'bytes'>,
  onFraction: (fraction: number) => void
): Promise<number> {
  const groupRows = Math.min(122_880, Math.max(2048, Math.floor(groupValues / columns.length)))
  const remarks = {
    warnings: [
      ...source.warnings,
      ...columns.flatMap(({ name, warnings = [] }) => warnings.map((text) => `Column "${name}": ${text}`))
    ],
    doubts: [
      ...source.doubts.map((told): Doubt => ({ column: null, ...told })),
      ...joinLikeDoubts(
        columns.flatMap(({ name, doubts }) => doubts.map((doubt) => ({ doubt: doubtOn(name, doubt), why: doubt.why })))
      )
    ],
    notes: columns.flatMap(({ name, notes }) => (notes.length === 0 ? [] : [{ column: name, note: notes.join(' ') }])),
    reading: {
      ...reading,
      facts: [...source.facts, ...columnFacts(columns, reading.options)],
      columns: columns.flatMap(toldReading)
    }
  }
  const kept = `COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}, KV_METADATA ${writeRemarks(remarks)}`
  if (columns.length <= mostAtOnce) {
    const [rows] = await session.row(copyOf(selectColumns(source, columns), file, kept), onFraction)
    return Number(rows)
  }
  const slices = cutIntoPieces(columns, sliceColumns)
  const paths: string[] = []
  for (const [index, slice] of slices.entries()) {
    const path = `${file}.${index}`
    const done = (fraction: number) => onFraction((sliceShare * (index + fraction)) / slices.length)
    await session.row(copyOf(selectColumns(source, slice), path, `ROW_GROUP_SIZE ${groupRows}`), done)
    paths.push(path)
  }
  const [rows] = await session.wideRow(copyOf(joinSlices(slices, paths), file, kept), (fraction) =>
    onFraction(sliceShare + (1 - sliceShare) * fraction)
  )
  await Promise.all(paths.map((path) => rm(path)))
  return Number(rows)
}

/**
 * Columns stored in one statement, and in one of several: DuckDB plans a statement in more than linear time (4,200 columns of expressions in
 * 20 s) and holds 2,048 values of every column in each stage and thread.
 */
const mostAtOnce = 2048
const sliceColumns = 512
/** Share of the time that the slices of a wide table take before they are joined. */
const sliceShare = 0.8

function selectColumns(source: TableSource, columns: readonly StoredColumn[]): string {
  const selected = columns.map(({ name }, index) => `x${index} AS ${sql.name(name)}`)
  return `SELECT ${selected.join(', ')} FROM ${stagedRelation(source.relation, columns)}`
}

/** Slices side by side, each column by its name: DuckDB takes far longer to spell out a star. */
function joinSlices(slices: readonly (readonly StoredColumn[])[], paths: readonly string[]): string {
  const names = slices.flatMap((slice, index) => slice.map(({ name }) => `s${index}.${sql.name(name)}`))
  const tables = paths.map((path, index) => `read_parquet(${sql.path(path)}, hive_partitioning = false) AS s${index}`)
  return `SELECT ${names.join(', ')} FROM ${tables.join(' POSITIONAL JOIN ')}`
}

/** SQL that writes what a query gives as Parquet. */
function copyOf(query: string, file: string, options: string): string {
  return `COPY (${query}) TO ${sql.text(file)} (FORMAT parquet, ${options})`
}
