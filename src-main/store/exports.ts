/** Queries of the exports that were made; each keeps its proof, and goes with its run. */
import type { Database } from 'better-sqlite3'
import type { Exported, ExportFormat, ExportRecord } from '#contract/exports.ts'

export interface ExportQueries {
  add(runId: number, record: Omit<ExportRecord, 'id'>): void
  /** Newest first. */
  ofRun(runId: number): ExportRecord[]
}

interface ExportRow {
  readonly id: number
  readonly format: ExportFormat
  readonly weights: 'best' | 'last'
  readonly epoch: number
  readonly files: string
  readonly proof: string
  readonly at: number
}

/** Prepares the queries of exports. */
export function exportQueries(db: Database): ExportQueries {
  const add = db.prepare(
    'INSERT INTO exports (run_id, format, weights, epoch, files, proof, at) VALUES (?, ?, ?, ?, ?, ?, ?)'
  )
  const ofRun = db.prepare<[number], ExportRow>(
    'SELECT id, format, weights, epoch, files, proof, at FROM exports WHERE run_id = ? ORDER BY id DESC'
  )
  return {
    add(runId, { format, weights, epoch, files, proof, at }) {
      add.run(runId, format, weights, epoch, JSON.stringify(files), JSON.stringify(proof), at)
    },
    ofRun: (runId) =>
      ofRun.all(runId).map((row) => ({
        ...row,
        files: JSON.parse(row.files) as ExportRecord['files'],
        proof: JSON.parse(row.proof) as Exported['proof']
      }))
  }
}
