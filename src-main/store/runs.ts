/** Queries of runs: what each trains, how far it came and how it ended. */
import type { Database } from 'better-sqlite3'
import type { Topology } from '#engine/network/topology.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { Divergence, StopReason } from '#engine/training/outcome.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { LabError } from '#contract/errors.ts'
import type { RunData, RunStatus } from '#contract/runs.ts'
import { type RunRow, type StoredEnsemble, toRun, toTrialRun, type TrialRow } from '#lab/store/run-rows.ts'

/** What is fixed when a run is created. */
export interface NewRun {
  readonly experimentId: number
  readonly parentId: number | null
  readonly topology: Topology
  readonly plan: TrainingPlan
  readonly seed: number
  readonly parameters: number
  readonly note: string
  readonly tags?: readonly string[]
  readonly createdAt: number
  /** Where the weights come from, if not from training here. */
  readonly source?: 'onnx' | 'ensemble' | undefined
  /** The networks of an ensemble, and the temperature of their average. */
  readonly ensemble?: StoredEnsemble | undefined
  /** The rows it trains on; left out: the training part. */
  readonly data?: RunData | undefined
  /** Where a sweep planned it: the sweep, and the number of the point among the sweep's. */
  readonly sweep?: { readonly id: number; readonly point: number } | undefined
  /** How many bytes of snapshots it may keep; none where left out. */
  readonly snapshotBytes?: number | undefined
  /** The epoch of the parent whose weights it begins with; they are kept as its own snapshot of epoch 0. */
  readonly fromEpoch?: number | undefined
}

/** How far a run has come; figures are those of the best epoch. */
export interface RunProgress {
  readonly epochs: number
  readonly bestEpoch: number | null
  readonly train: PartMetrics | null
  readonly validation: PartMetrics | null
  readonly seconds: number
  readonly samplesPerSecond: number | null
}

export interface StoredRun extends NewRun, RunProgress {
  readonly id: number
  readonly data: RunData
  readonly status: RunStatus
  readonly reason: StopReason | null
  readonly message: string | null
  readonly tags: readonly string[]
  readonly starred: boolean
  /** Where it blew up, for a diverged run. */
  readonly divergence: Divergence | null
  readonly testOpened: boolean
  /** The kind that trained it; left out where nobody knows. */
  readonly processor?: string | undefined
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** What comparing topologies reads of a run: the least, for a long history is read whole each time. */
export type TrialRun = Pick<
  StoredRun,
  | 'id'
  | 'status'
  | 'reason'
  | 'topology'
  | 'plan'
  | 'data'
  | 'seed'
  | 'bestEpoch'
  | 'train'
  | 'validation'
  | 'fromEpoch'
  | 'source'
  | 'processor'
>

/** A change of status; what is left out stays. */
export interface StatusChange {
  readonly status: RunStatus
  readonly message: string | null
  readonly reason?: StopReason
  readonly startedAt?: number
  /** Null where the run goes on again. */
  readonly endedAt?: number | null
}

/** What a person marks a run with; what is left out stays. */
export interface RunMarks {
  readonly starred?: boolean | undefined
  readonly tags?: readonly string[] | undefined
}

/** A part of a list that goes from the newest to the oldest. */
export interface RunPage {
  /** Only runs older than this one. */
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

export interface RunQueries {
  /** Newest first; of one experiment or of all. */
  list(experimentId: number | null, page?: RunPage): StoredRun[]
  /** The same list in pieces, each read when it is asked for: a few milliseconds of work. */
  pieces(experimentId: number | null, page?: RunPage): Generator<StoredRun[], void>
  /** What comparing topologies reads of the runs of an experiment, newest first, in pieces as above. */
  trials(experimentId: number): Generator<TrialRun[], void>
  get(id: number): StoredRun | null
  /** Errors: LabError 'not_found' where there is none. */
  find(id: number): StoredRun
  /** The final models of an experiment, newest first. */
  finalsOf(experimentId: number): StoredRun[]
  /** Ids of the runs in one of these statuses, oldest first. */
  idsIn(statuses: readonly RunStatus[]): number[]
  idsOf(experimentId: number): number[]
  /** Topology and speed of the newest finished runs, at most a few hundred. */
  speeds(): { readonly topology: Topology; readonly samplesPerSecond: number }[]
  add(run: NewRun): number
  saveProgress(id: number, progress: RunProgress): void
  saveStatus(id: number, change: StatusChange): void
  saveDivergence(id: number, divergence: Divergence): void
  saveProcessor(id: number, kind: string): void
  /** Gives a run another plan: one by which it trains on. */
  savePlan(id: number, plan: TrainingPlan): void
  annotate(id: number, note: string): void
  mark(id: number, marks: RunMarks): void
  /** Runs that wait for their turn, those that a sweep in progress still holds back included. */
  countWaiting(): number
  /** Keeps the order in which runs wait. */
  saveOrder(ids: readonly number[]): void
  /**
   * Marks those of these runs that are interrupted to go on when the lab is opened again; the next change of status
   * takes that back. The runs of a sweep are the sweep's to take up.
   */
  letGoOn(ids: readonly number[]): void
  /** Runs marked to go on: those that had begun first, then in the order in which they waited. */
  idsToGoOn(): number[]
  remove(id: number): void
}

/** Runs read in one go. */
const pieceSize = 200

const select = 'SELECT r.*, EXISTS (SELECT 1 FROM openings o WHERE o.run_id = r.id) AS test_opened FROM runs r'

/** Prepares the queries of runs. */
export function runQueries(db: Database): RunQueries {
  return { ...readingQueries(db), ...queueQueries(db), ...writingQueries(db) }
}

type ReadingQueries = Pick<
  RunQueries,
  'list' | 'pieces' | 'trials' | 'get' | 'find' | 'finalsOf' | 'idsIn' | 'idsOf' | 'speeds'
>
type QueueQueries = Pick<RunQueries, 'countWaiting' | 'saveOrder' | 'letGoOn' | 'idsToGoOn'>

function readingQueries(db: Database): ReadingQueries {
  const listAll = db.prepare<[number, number], RunRow>(`${select} WHERE r.id < ? ORDER BY r.id DESC LIMIT ?`)
  const listOf = db.prepare<[number, number, number], RunRow>(
    `${select} WHERE r.experiment_id = ? AND r.id < ? ORDER BY r.id DESC LIMIT ?`
  )
  // Rows as arrays: made of the same columns ten thousand times, objects take twice as long.
  const trials = db
    .prepare<[number, number, number], TrialRow>(
      `SELECT id, status, reason, topology, plan, data, seed, best_epoch, train, validation, from_epoch, source,
         processor FROM runs
       WHERE experiment_id = ? AND id < ? ORDER BY id DESC LIMIT ?`
    )
    .raw()
  const get = db.prepare<[number], RunRow>(`${select} WHERE r.id = ?`)
  const finalsOf = db.prepare<[number], RunRow>(
    `${select} WHERE r.experiment_id = ? AND r.data ->> 'kind' = 'final' ORDER BY r.id DESC`
  )
  const idsIn = db
    .prepare<[string], number>('SELECT id FROM runs WHERE status IN (SELECT value FROM json_each(?)) ORDER BY id')
    .pluck()
  const idsOf = db.prepare<[number], number>('SELECT id FROM runs WHERE experiment_id = ? ORDER BY id').pluck()
  const speeds = db.prepare<[], { topology: string; samples_per_second: number }>(
    `SELECT topology, samples_per_second FROM runs WHERE status = 'done' AND samples_per_second > 0
     ORDER BY id DESC LIMIT 300`
  )

  function list(experimentId: number | null, { before = Number.MAX_SAFE_INTEGER, limit = -1 }: RunPage = {}) {
    const rows = experimentId === null ? listAll.all(before, limit) : listOf.all(experimentId, before, limit)
    return rows.map(toRun)
  }

  return {
    list,
    *pieces(experimentId, { before, limit = Infinity } = {}) {
      for (let left = limit, last = before; left > 0;) {
        const size = Math.min(left, pieceSize)
        const piece = list(experimentId, { before: last, limit: size })
        yield piece
        if (piece.length < size) return
        left -= size
        last = piece.at(-1)?.id
      }
    },
    *trials(experimentId) {
      for (let last = Number.MAX_SAFE_INTEGER; ;) {
        const piece = trials.all(experimentId, last, pieceSize).map(toTrialRun)
        yield piece
        const oldest = piece.at(-1)
        if (!oldest || piece.length < pieceSize) return
        last = oldest.id
      }
    },
    get(id) {
      const row = get.get(id)
      return row ? toRun(row) : null
    },
    find(id) {
      const row = get.get(id)
      if (!row) throw new LabError('not_found', `There is no run ${id}.`)
      return toRun(row)
    },
    finalsOf: (experimentId) => finalsOf.all(experimentId).map(toRun),
    idsIn: (statuses) => idsIn.all(JSON.stringify(statuses)),
    idsOf: (experimentId) => idsOf.all(experimentId),
    speeds: () =>
      speeds.all().map((row) => ({
        topology: JSON.parse(row.topology) as Topology,
        samplesPerSecond: row.samples_per_second
      }))
  }
}

function writingQueries(db: Database): Omit<RunQueries, keyof (ReadingQueries & QueueQueries)> {
  const add = db.prepare(
    `INSERT INTO runs (experiment_id, parent_id, status, topology, plan, seed, parameters, note, tags, created_at,
       sweep_id, sweep_point, snapshot_bytes, from_epoch, data, source, ensemble)
     VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const saveProgress = db.prepare(
    `UPDATE runs SET epochs = ?, best_epoch = ?, train = ?, validation = ?, seconds = ?, samples_per_second = ?
     WHERE id = ?`
  )
  const saveStatus = db.prepare(
    `UPDATE runs SET status = @status, message = @message, reason = coalesce(@reason, reason),
       goes_on = 0, started_at = coalesce(started_at, @startedAt), ended_at = CASE WHEN @setEnd THEN @endedAt ELSE ended_at END
     WHERE id = @id`
  )
  const saveDivergence = db.prepare('UPDATE runs SET divergence = ? WHERE id = ?')
  const saveProcessor = db.prepare('UPDATE runs SET processor = ? WHERE id = ?')
  const savePlan = db.prepare('UPDATE runs SET plan = ? WHERE id = ?')
  const annotate = db.prepare('UPDATE runs SET note = ? WHERE id = ?')
  const mark = db.prepare('UPDATE runs SET starred = coalesce(?, starred), tags = coalesce(?, tags) WHERE id = ?')
  const remove = db.prepare('DELETE FROM runs WHERE id = ?')

  return {
    add(run) {
      const { lastInsertRowid } = add.run(
        run.experimentId,
        run.parentId,
        JSON.stringify(run.topology),
        JSON.stringify(run.plan),
        run.seed,
        run.parameters,
        run.note,
        JSON.stringify(run.tags ?? []),
        run.createdAt,
        run.sweep?.id ?? null,
        run.sweep?.point ?? null,
        run.snapshotBytes ?? 0,
        run.fromEpoch ?? null,
        JSON.stringify(run.data ?? { kind: 'whole' }),
        run.source ?? 'training',
        run.ensemble ? JSON.stringify(run.ensemble) : null
      )
      return Number(lastInsertRowid)
    },
    saveProgress(id, progress) {
      saveProgress.run(
        progress.epochs,
        progress.bestEpoch,
        JSON.stringify(progress.train),
        JSON.stringify(progress.validation),
        progress.seconds,
        progress.samplesPerSecond,
        id
      )
    },
    saveStatus(id, { status, message, reason, startedAt, endedAt }) {
      saveStatus.run({
        id,
        status,
        message,
        reason: reason ?? null,
        startedAt: startedAt ?? null,
        setEnd: endedAt === undefined ? 0 : 1,
        endedAt: endedAt ?? null
      })
    },
    saveDivergence: (id, divergence) => void saveDivergence.run(JSON.stringify(divergence), id),
    saveProcessor: (id, kind) => void saveProcessor.run(kind, id),
    savePlan: (id, plan) => void savePlan.run(JSON.stringify(plan), id),
    annotate: (id, note) => void annotate.run(note, id),
    mark: (id, { starred, tags }) =>
      void mark.run(
        starred === undefined ? null : Number(starred),
        tags === undefined ? null : JSON.stringify(tags),
        id
      ),
    remove: (id) => void remove.run(id)
  }
}

/** What waits, in which order, and what goes on when the lab is opened again. */
function queueQueries(db: Database): QueueQueries {
  const countWaiting = db
    .prepare<[], number>(
      `SELECT count(*) FROM runs r LEFT JOIN sweeps s ON s.id = r.sweep_id
       WHERE r.status = 'queued' AND (s.id IS NULL OR s.status = 'running')`
    )
    .pluck()
  const saveOrder = db.prepare(
    'UPDATE runs SET queue_place = place.key FROM json_each(?) place WHERE runs.id = place.value'
  )
  const letGoOn = db.prepare(
    `UPDATE runs SET goes_on = 1
     WHERE status = 'interrupted' AND sweep_id IS NULL AND id IN (SELECT value FROM json_each(?))`
  )
  const idsToGoOn = db
    .prepare<[], number>(
      `SELECT id FROM runs WHERE status = 'interrupted' AND goes_on = 1
       ORDER BY started_at IS NULL, queue_place IS NULL, queue_place, id`
    )
    .pluck()

  return {
    countWaiting: () => countWaiting.get() ?? 0,
    saveOrder: (ids) => void saveOrder.run(JSON.stringify(ids)),
    letGoOn: (ids) => void letGoOn.run(JSON.stringify(ids)),
    idsToGoOn: () => idsToGoOn.all()
  }
}
