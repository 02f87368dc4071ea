/** Queries of data sets: what is known of each; the rows themselves are in datasets/<hash>.parquet. */
import type { Database } from 'better-sqlite3'
import type { Dataset, DatasetSummary } from '#contract/datasets.ts'
import type { TableReading } from '#contract/reading.ts'

export interface DatasetQueries {
  /** Newest first. */
  list(): DatasetSummary[]
  get(id: string): Dataset | null
  findByHash(hash: string): Dataset | null
  add(dataset: Dataset): void
  rename(id: string, name: string): void
  remove(id: string): void
  /** How the newest data set of the same files was read; null where there is none. */
  readingOf(bytes: readonly string[]): TableReading | null
  /** Where its files lay; null where that is not known. */
  origin(id: string): string[] | null
  setOrigin(id: string, paths: readonly string[]): void
}

interface SummaryRow {
  readonly id: string
  readonly name: string
  readonly hash: string
  readonly source: string
  readonly rows: number
  readonly column_count: number
  readonly image: string
  readonly warnings: string
  readonly doubts: string
  readonly size_bytes: number
  readonly imported_at: number
}

interface Row extends SummaryRow {
  readonly columns: string
  readonly reading: string | null
}

const summaryColumns = 'id, name, hash, source, rows, column_count, image, warnings, doubts, size_bytes, imported_at'

/** Prepares the queries of data sets. */
export function datasetQueries(db: Database): DatasetQueries {
  const list = db.prepare<[], SummaryRow>(
    `SELECT ${summaryColumns} FROM datasets ORDER BY imported_at DESC, rowid DESC`
  )
  const get = db.prepare<[string], Row>(`SELECT ${summaryColumns}, columns, reading FROM datasets WHERE id = ?`)
  const byHash = db.prepare<[string], Row>(`SELECT ${summaryColumns}, columns, reading FROM datasets WHERE hash = ?`)
  const add = db.prepare(
    `INSERT INTO datasets (${summaryColumns}, columns, reading) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const readings = db
    .prepare<[string], string>(
      `SELECT reading FROM datasets WHERE reading ->> '$.bytes' = ? ORDER BY imported_at DESC, rowid DESC LIMIT 1`
    )
    .pluck()
  const origin = db.prepare<[string], string>('SELECT paths FROM dataset_origins WHERE dataset_id = ?').pluck()
  const setOrigin = db.prepare('INSERT OR REPLACE INTO dataset_origins (dataset_id, paths) VALUES (?, ?)')
  const forget = db.prepare('DELETE FROM dataset_origins WHERE dataset_id = ?')
  const rename = db.prepare('UPDATE datasets SET name = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM datasets WHERE id = ?')
  return {
    list: () => list.all().map((row) => ({ ...sharedFields(row), columnCount: row.column_count })),
    get: (id) => toDataset(get.get(id)),
    findByHash: (hash) => toDataset(byHash.get(hash)),
    add(dataset) {
      add.run(
        dataset.id,
        dataset.name,
        dataset.hash,
        dataset.source,
        dataset.rows,
        dataset.columns.length,
        JSON.stringify(dataset.image),
        JSON.stringify(dataset.warnings),
        JSON.stringify(dataset.doubts),
        dataset.sizeBytes,
        dataset.importedAt,
        JSON.stringify(dataset.columns),
        dataset.reading ? JSON.stringify(dataset.reading) : null
      )
    },
    rename: (id, name) => void rename.run(name, id),
    remove(id) {
      remove.run(id)
      forget.run(id)
    },
    readingOf(bytes) {
      const found = readings.get(JSON.stringify(bytes))
      return found === undefined ? null : (JSON.parse(found) as TableReading)
    },
    origin(id) {
      const found = origin.get(id)
      return found === undefined ? null : (JSON.parse(found) as string[])
    },
    setOrigin: (id, paths) => void setOrigin.run(id, JSON.stringify(paths))
  }
}

function toDataset(row: Row | undefined): Dataset | null {
  if (!row) return null
  return {
    ...sharedFields(row),
    columns: JSON.parse(row.columns) as Dataset['columns'],
    reading: row.reading === null ? null : (JSON.parse(row.reading) as TableReading)
  }
}

function sharedFields(row: SummaryRow): Omit<Dataset, 'columns' | 'reading'> {
  return {
    id: row.id,
    name: row.name,
    hash: row.hash,
    source: row.source,
    rows: row.rows,
    image: JSON.parse(row.image) as Dataset['image'],
    warnings: JSON.parse(row.warnings) as string[],
    doubts: JSON.parse(row.doubts) as Dataset['doubts'],
    sizeBytes: row.size_bytes,
    importedAt: row.imported_at
  }
}
