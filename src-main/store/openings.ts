/** Queries of the openings of sealed test parts; they are added and counted, never changed. */
import type { Database } from 'better-sqlite3'
import type { OpenedExpectation } from '#contract/runs.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'

export interface NewOpening {
  readonly experimentId: number
  readonly runId: number
  readonly test: PartMetrics
  /** What was expected before, and whether it came true; null where nothing could be expected. */
  readonly expectation: OpenedExpectation | null
  readonly at: number
}

export interface StoredOpening extends Pick<NewOpening, 'test' | 'expectation' | 'at'> {
  /** Null once the run was deleted. */
  readonly runId: number | null
  /** How many openings the experiment had when this one was made, this one included. */
  readonly count: number
}

export interface OpeningQueries {
  add(opening: NewOpening): StoredOpening
  /** The newest opening for a run. */
  ofRun(runId: number): StoredOpening | null
  /** In the order they were made. */
  ofExperiment(experimentId: number): StoredOpening[]
}

interface OpeningRow {
  readonly run_id: number | null
  readonly metrics: string
  readonly expectation: string | null
  readonly at: number
  readonly count: number
}

const select = `
  SELECT run_id, metrics, expectation, at,
    (SELECT count(*) FROM openings e WHERE e.experiment_id = o.experiment_id AND e.id <= o.id) AS count
  FROM openings o`

/** Prepares the queries of openings. */
export function openingQueries(db: Database): OpeningQueries {
  const add = db.prepare(
    'INSERT INTO openings (experiment_id, run_id, metrics, expectation, at) VALUES (?, ?, ?, ?, ?)'
  )
  const newestOf = db.prepare<[number], OpeningRow>(`${select} WHERE run_id = ? ORDER BY id DESC LIMIT 1`)
  const allOf = db.prepare<[number], OpeningRow>(`${select} WHERE experiment_id = ? ORDER BY id`)
  const newest = (runId: number) => {
    const row = newestOf.get(runId)
    return row ? toOpening(row) : null
  }
  return {
    add({ experimentId, runId, test, expectation, at }) {
      add.run(experimentId, runId, JSON.stringify(test), expectation && JSON.stringify(expectation), at)
      return newest(runId) as StoredOpening
    },
    ofRun: newest,
    ofExperiment: (experimentId) => allOf.all(experimentId).map(toOpening)
  }
}

function toOpening(row: OpeningRow): StoredOpening {
  return {
    runId: row.run_id,
    test: JSON.parse(row.metrics) as PartMetrics,
    expectation: row.expectation === null ? null : (JSON.parse(row.expectation) as OpenedExpectation),
    at: row.at,
    count: row.count
  }
}
