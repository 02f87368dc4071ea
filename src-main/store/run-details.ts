/** Queries of the full figures of runs: one record a run, replaced where the run trained further. */
import type { Database } from 'better-sqlite3'
import type { RunDetails } from '#engine/training/metrics.ts'

export interface RunDetailQueries {
  save(runId: number, details: RunDetails): void
  ofRun(runId: number): RunDetails | null
}

/** Prepares the queries of full figures. */
export function runDetailQueries(db: Database): RunDetailQueries {
  const save = db.prepare('INSERT OR REPLACE INTO run_details (run_id, details) VALUES (?, ?)')
  const ofRun = db.prepare<[number], string>('SELECT details FROM run_details WHERE run_id = ?').pluck()
  return {
    save: (runId, details) => void save.run(runId, JSON.stringify(details)),
    ofRun(runId) {
      const text = ofRun.get(runId)
      return text === undefined ? null : (JSON.parse(text) as RunDetails)
    }
  }
}
