/**
 * The lab's SQLite store: opens it, brings it up to date, and hands out one module of queries a subject.
 * All calls are synchronous and short; whoever writes several rows that belong together does it in transaction().
 */
import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { LabError } from '#contract/errors.ts'
import { type AdoptionQueries, adoptionQueries } from '#lab/store/adoption.ts'
import { type CheckpointQueries, checkpointQueries } from '#lab/store/checkpoints.ts'
import { type ChoiceQueries, choiceQueries } from '#lab/store/choices.ts'
import { type DatasetQueries, datasetQueries } from '#lab/store/datasets.ts'
import { type ExportQueries, exportQueries } from '#lab/store/exports.ts'
import { type ExperimentQueries, experimentQueries } from '#lab/store/experiments.ts'
import { type FoldQueries, foldQueries } from '#lab/store/folds.ts'
import { type MetricQueries, metricQueries } from '#lab/store/metrics.ts'
import { checkMigrated, migrate } from '#lab/store/migrate.ts'
import { type OpeningQueries, openingQueries } from '#lab/store/openings.ts'
import { type PredictionTimeQueries, predictionTimeQueries } from '#lab/store/prediction-times.ts'
import { folderProblem } from '#lab/store/problems.ts'
import { type RunDetailQueries, runDetailQueries } from '#lab/store/run-details.ts'
import { type ReferenceModelQueries, referenceModelQueries } from '#lab/store/reference-models.ts'
import { type RowFigureQueries, rowFigureQueries } from '#lab/store/row-figures.ts'
import { type RunQueries, runQueries } from '#lab/store/runs.ts'
import { type SettingQueries, settingQueries } from '#lab/store/settings.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'
import { openToRead } from '#lab/store/read-only.ts'
import { type SnapshotQueries, snapshotQueries } from '#lab/store/snapshots.ts'
import { type SweepQueries, sweepQueries } from '#lab/store/sweeps.ts'
import { type TestConsentQueries, testConsentQueries } from '#lab/store/test-consents.ts'

export interface Store {
  readonly datasets: DatasetQueries
  readonly experiments: ExperimentQueries
  readonly folds: FoldQueries
  readonly runs: RunQueries
  readonly sweeps: SweepQueries
  readonly details: RunDetailQueries
  readonly rowFigures: RowFigureQueries
  readonly referenceModels: ReferenceModelQueries
  readonly metrics: MetricQueries
  readonly checkpoints: CheckpointQueries
  readonly snapshots: SnapshotQueries
  readonly choices: ChoiceQueries
  readonly openings: OpeningQueries
  readonly testConsents: TestConsentQueries
  readonly exports: ExportQueries
  readonly settings: SettingQueries
  readonly adoptions: AdoptionQueries
  readonly predictionTimes: PredictionTimeQueries
  /** Runs `work` as one transaction: all of it is stored, or nothing. */
  transaction<Result>(work: () => Result): Result
  /** Gives some of the pages that nothing uses any more back to the disk; whether there are more. A few milliseconds. */
  shrink(): boolean
  /** Writes the whole file anew, without the pages that nothing uses; may take a second for each 100 MB. */
  rebuild(): void
  close(): void
}

export interface StoreOptions {
  /** The lab folder; it exists. */
  readonly folder: string
  readonly migrationsFolder: string
  /** For a process that reads beside the owner. */
  readonly readOnly: boolean
  /** Whether to look through the whole file for damage, however large it is. */
  readonly suspicious: boolean
}

/** Below this size looking through the whole file for damage takes no time that anybody notices. */
const quickToCheckBytes = 16 * 1024 * 1024

/**
 * Opens the store of a lab folder, creating it in a new folder.
 * Errors: throws LabError 'lab_unusable', and leaves the file as it is, where it is damaged, from a newer version,
 * not writable, or not there to be read.
 */
export async function openStore({ folder, migrationsFolder, readOnly, suspicious }: StoreOptions): Promise<Store> {
  const Sqlite = await loadSqlite()
  const file = join(folder, 'lab.sqlite')
  if (readOnly && !existsSync(file))
    throw new LabError('lab_unusable', `There is no lab in ${folder}.`, { file: folder })
  const isQuick = !existsSync(file) || statSync(file).size < quickToCheckBytes
  let db: Database | null = null
  try {
    if (!readOnly) makePrivate(file)
    db = readOnly ? openToRead(Sqlite, file) : new Sqlite(file)
    if (isQuick || suspicious) checkIntegrity(db)
    if (readOnly) checkMigrated(db, migrationsFolder)
    else prepareForWriting(db, migrationsFolder)
    return storeOf(db)
  } catch (error) {
    db?.close()
    throw folderProblem(folder, error)
  }
}

/** A new file for its owner alone; SQLite gives those beside it the same rights. */
function makePrivate(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
}

/** SQLite does not call a file damaged until it reads the damaged page. */
function checkIntegrity(db: Database): void {
  const result = db.pragma('quick_check(1)', { simple: true })
  if (result !== 'ok') throw Object.assign(new Error(String(result)), { code: 'SQLITE_CORRUPT' })
}

function prepareForWriting(db: Database, migrationsFolder: string): void {
  // In a new file, so that pages which are let go of can be given back to the disk; an old one is left as it is.
  if (db.pragma('page_count', { simple: true }) === 0) db.pragma('auto_vacuum = INCREMENTAL')
  migrate(db, migrationsFolder)
  db.pragma('journal_mode = WAL')
  // A power cut may take the last transactions, the death of the process may not: else each frame of a run would cost a
  // flush to disk.
  db.pragma('synchronous = NORMAL')
  db.pragma('foreign_keys = ON')
}

/** Pages let go of at once: 2 MB. */
const pagesAtOnce = 512

function shrink(db: Database): boolean {
  const free = () => Number(db.pragma('freelist_count', { simple: true }))
  if (db.readonly || free() === 0 || Number(db.pragma('auto_vacuum', { simple: true })) !== 2) return false
  db.pragma(`incremental_vacuum(${pagesAtOnce})`)
  return free() > 0
}

function storeOf(db: Database): Store {
  return {
    datasets: datasetQueries(db),
    experiments: experimentQueries(db),
    folds: foldQueries(db),
    runs: runQueries(db),
    sweeps: sweepQueries(db),
    details: runDetailQueries(db),
    rowFigures: rowFigureQueries(db),
    referenceModels: referenceModelQueries(db),
    metrics: metricQueries(db),
    checkpoints: checkpointQueries(db),
    snapshots: snapshotQueries(db),
    choices: choiceQueries(db),
    openings: openingQueries(db),
    testConsents: testConsentQueries(db),
    exports: exportQueries(db),
    settings: settingQueries(db),
    adoptions: adoptionQueries(db),
    predictionTimes: predictionTimeQueries(db),
    transaction: (work) => db.transaction(work)(),
    shrink: () => shrink(db),
    rebuild() {
      db.pragma('auto_vacuum = INCREMENTAL')
      db.exec('VACUUM')
    },
    close: () => db.close()
  }
}
