/** Queries of the openings of sealed test parts; they are added and counted, never changed. */
import type { Database } from 'better-sqlite3'
import type { PartMetrics } from '#engine/training/metrics.ts'

export interface StoredOpening {
  readonly test: PartMetrics
  readonly at: number
  /** How many openings the experiment had when this one was made, this one included. */
  readonly count: number
}

export interface OpeningQueries {
  add(experimentId: number, runId: number, test: PartMetrics, at: number): StoredOpening
  /** The newest opening for a run. */
  ofRun(runId: number): StoredOpening | null
}

interface OpeningRow {
  readonly metrics: string
  readonly at: number
  readonly count: number
}

/** Prepares the queries of openings. */
export function openingQueries(db: Database): OpeningQueries {
  const add = db.prepare('INSERT INTO openings (experiment_id, run_id, metrics, at) VALUES (?, ?, ?, ?)')
  const ofRun = db.prepare<[number], OpeningRow>(
    `SELECT metrics, at,
       (SELECT count(*) FROM openings e WHERE e.experiment_id = o.experiment_id AND e.id <= o.id) AS count
     FROM openings o WHERE run_id = ? ORDER BY id DESC LIMIT 1`
  )
  const newest = (runId: number) => {
    const row = ofRun.get(runId)
    return row ? { test: JSON.parse(row.metrics) as PartMetrics, at: row.at, count: row.count } : null
  }
  return {
    add(experimentId, runId, test, at) {
      add.run(experimentId, runId, JSON.stringify(test), at)
      return newest(runId) as StoredOpening
    },
    ofRun: newest
  }
}
