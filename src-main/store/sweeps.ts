/** Queries of sweeps: what each planned, how far it is, and the runs that belong to it. */
import type { Database } from 'better-sqlite3'
import type { RunStatus } from '#contract/runs.ts'
import type { SweepSettings, SweepStatus } from '#contract/sweeps.ts'

/** What is fixed when a sweep is created. */
export interface NewSweep {
  readonly experimentId: number
  readonly settings: SweepSettings
  readonly points: number
  readonly planned: number
  readonly createdAt: number
}

/** How far a sweep is. */
export interface SweepState {
  readonly status: SweepStatus
  /** The present rung of successive halving, from 0. */
  readonly rung: number
  /** Points that take part in the present rung. */
  readonly kept: readonly number[]
  readonly elapsedSeconds: number
  readonly message: string | null
  readonly endedAt: number | null
}

export interface StoredSweep extends NewSweep, SweepState {
  readonly id: number
}

/** What steering and counting need of a run of a sweep. */
export interface SweepTrial {
  readonly runId: number
  readonly point: number
  readonly status: RunStatus
  readonly epochs: number
  readonly seconds: number
  readonly validationLoss: number | null
}

export interface SweepQueries {
  /** Newest first; of one experiment or of all. */
  list(experimentId: number | null): StoredSweep[]
  get(id: number): StoredSweep | null
  idsIn(status: SweepStatus): number[]
  /** Adds a running sweep whose points all take part. */
  add(sweep: NewSweep): number
  save(id: number, state: SweepState): void
  /** Its runs in the order they were planned. */
  trials(id: number): SweepTrial[]
  /** Queued runs in the order they were planned, without those in `except`, at most `limit`. */
  queued(id: number, except: readonly number[], limit: number): number[]
  countByStatus(id: number): ReadonlyMap<RunStatus, number>
}

interface SweepRow {
  readonly id: number
  readonly experiment_id: number
  readonly status: SweepStatus
  readonly settings: string
  readonly points: number
  readonly planned: number
  readonly rung: number
  readonly kept: string
  readonly elapsed_seconds: number
  readonly message: string | null
  readonly created_at: number
  readonly ended_at: number | null
}

/** Prepares the queries of sweeps. */
export function sweepQueries(db: Database): SweepQueries {
  const listAll = db.prepare<[], SweepRow>('SELECT * FROM sweeps ORDER BY id DESC')
  const listOf = db.prepare<[number], SweepRow>('SELECT * FROM sweeps WHERE experiment_id = ? ORDER BY id DESC')
  const get = db.prepare<[number], SweepRow>('SELECT * FROM sweeps WHERE id = ?')
  const idsIn = db.prepare<[string], number>('SELECT id FROM sweeps WHERE status = ? ORDER BY id').pluck()
  const add = db.prepare(
    `INSERT INTO sweeps (experiment_id, status, settings, points, planned, kept, created_at)
     VALUES (?, 'running', ?, ?, ?, ?, ?)`
  )
  const save = db.prepare(
    `UPDATE sweeps SET status = ?, rung = ?, kept = ?, elapsed_seconds = ?, message = ?, ended_at = ? WHERE id = ?`
  )
  const trials = db.prepare<[number], SweepTrial>(
    `SELECT id AS runId, sweep_point AS point, status, epochs, seconds,
       json_extract(validation, '$.loss') AS validationLoss
     FROM runs WHERE sweep_id = ? ORDER BY id`
  )
  const queued = db
    .prepare<[number, string, number], number>(
      `SELECT id FROM runs WHERE sweep_id = ? AND status = 'queued' AND id NOT IN (SELECT value FROM json_each(?))
       ORDER BY id LIMIT ?`
    )
    .pluck()
  const counts = db.prepare<[number], { status: RunStatus; count: number }>(
    'SELECT status, count(*) AS count FROM runs WHERE sweep_id = ? GROUP BY status'
  )
  return {
    list: (experimentId) => (experimentId === null ? listAll.all() : listOf.all(experimentId)).map(toSweep),
    get(id) {
      const row = get.get(id)
      return row ? toSweep(row) : null
    },
    idsIn: (status) => idsIn.all(status),
    add({ experimentId, settings, points, planned, createdAt }) {
      const kept = JSON.stringify(Array.from({ length: points }, (_, point) => point))
      const { lastInsertRowid } = add.run(experimentId, JSON.stringify(settings), points, planned, kept, createdAt)
      return Number(lastInsertRowid)
    },
    save(id, { status, rung, kept, elapsedSeconds, message, endedAt }) {
      save.run(status, rung, JSON.stringify(kept), elapsedSeconds, message, endedAt, id)
    },
    trials: (id) => trials.all(id),
    queued: (id, except, limit) => queued.all(id, JSON.stringify(except), limit),
    countByStatus: (id) => new Map(counts.all(id).map(({ status, count }) => [status, count]))
  }
}

function toSweep(row: SweepRow): StoredSweep {
  return {
    id: row.id,
    experimentId: row.experiment_id,
    status: row.status,
    settings: JSON.parse(row.settings) as SweepSettings,
    points: row.points,
    planned: row.planned,
    rung: row.rung,
    kept: JSON.parse(row.kept) as number[],
    elapsedSeconds: row.elapsed_seconds,
    message: row.message,
    createdAt: row.created_at,
    endedAt: row.ended_at
  }
}
