/** Queries of the leave that persons give agents to open the sealed test part for a run. */
import type { Database } from 'better-sqlite3'

export interface TestConsentQueries {
  has(runId: number): boolean
  give(runId: number, at: number): void
  /** Takes it back or uses it up; whether there was one. */
  take(runId: number): boolean
}

/** Prepares the queries of consents. */
export function testConsentQueries(db: Database): TestConsentQueries {
  const has = db.prepare<[number], number>('SELECT 1 FROM test_consents WHERE run_id = ?').pluck()
  const give = db.prepare('INSERT OR IGNORE INTO test_consents (run_id, at) VALUES (?, ?)')
  const take = db.prepare('DELETE FROM test_consents WHERE run_id = ?')
  return {
    has: (runId) => has.get(runId) !== undefined,
    give: (runId, at) => void give.run(runId, at),
    take: (runId) => take.run(runId).changes > 0
  }
}
