/** Queries of how long a topology takes to predict a row, by machine. */
import type { Database } from 'better-sqlite3'

export interface PredictionTimeQueries {
  /** Seconds a row; null where this machine has not measured the topology yet. */
  get(machine: string, topology: string): number | null
  set(machine: string, topology: string, seconds: number): void
}

/** Prepares the queries of prediction times. */
export function predictionTimeQueries(db: Database): PredictionTimeQueries {
  const get = db
    .prepare<[string, string], number>('SELECT seconds FROM prediction_times WHERE machine = ? AND topology = ?')
    .pluck()
  const set = db.prepare('INSERT OR REPLACE INTO prediction_times (machine, topology, seconds) VALUES (?, ?, ?)')
  return {
    get: (machine, topology) => get.get(machine, topology) ?? null,
    set: (machine, topology, seconds) => void set.run(machine, topology, seconds)
  }
}
