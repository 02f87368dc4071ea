/** Queries of data sets: what is known of each; the rows themselves are in datasets/<hash>.parquet. */
import type { Database } from 'better-sqlite3'
import type { Dataset, DatasetSummary } from '#contract/datasets.ts'

export interface DatasetQueries {
  /** Newest first. */
  list(): DatasetSummary[]
  get(id: string): Dataset | null
  findByHash(hash: string): Dataset | null
  add(dataset: Dataset): void
  rename(id: string, name: string): void
  remove(id: string): void
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

const summaryColumns = 'id, name, hash, source, rows, column_count, image, warnings, doubts, size_bytes, imported_at'

/** Prepares the queries of data sets. */
export function datasetQueries(db: Database): DatasetQueries {
  const list = db.prepare<[], SummaryRow>(
    `SELECT ${summaryColumns} FROM datasets ORDER BY imported_at DESC, rowid DESC`
  )
  type Row = SummaryRow & { readonly columns: string }
  const get = db.prepare<[string], Row>(`SELECT ${summaryColumns}, columns FROM datasets WHERE id = ?`)
  const byHash = db.prepare<[string], Row>(`SELECT ${summaryColumns}, columns FROM datasets WHERE hash = ?`)
  const add = db.prepare(
    `INSERT INTO datasets (${summaryColumns}, columns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
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
        JSON.stringify(dataset.columns)
      )
    },
    rename: (id, name) => void rename.run(name, id),
    remove: (id) => void remove.run(id)
  }
}

function toDataset(row: (SummaryRow & { readonly columns: string }) | undefined): Dataset | null {
  return row ? { ...sharedFields(row), columns: JSON.parse(row.columns) as Dataset['columns'] } : null
}

function sharedFields(row: SummaryRow): Omit<Dataset, 'columns'> {
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
