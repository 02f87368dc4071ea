/**
 * One experiment as a SQLite file of its own, with its data set's description, runs, curves, weights and all else that
 * hangs on it, in the very tables of a lab: older files are brought up to date by the lab's own migrations.
 * For threads beside the lab: everything here is synchronous and may take seconds.
 */
import { rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { LabError } from '#contract/errors.ts'
import { migrate } from '#lab/store/migrate.ts'
import { type RelatedTable, relatedTables } from '#lab/store/related-rows.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'

export interface WriteExperimentFile {
  /** The store of the lab; read beside its owner, as it stands at one moment. */
  readonly labFile: string
  readonly experimentId: number
  readonly target: string
  readonly migrationsFolder: string
}

/** Copies an experiment into a new file. Errors: LabError 'not_found' where the lab does not have it. */
export async function writeExperimentFile(options: WriteExperimentFile): Promise<void> {
  const { labFile, experimentId, target, migrationsFolder } = options
  const Sqlite = await loadSqlite()
  const db = new Sqlite(target)
  try {
    db.pragma('journal_mode = OFF')
    db.pragma('synchronous = OFF')
    migrate(db, migrationsFolder)
    db.prepare('ATTACH ? AS lab').run(labFile)
    db.transaction(() => {
      for (const table of relatedTables(db)) copyRows(db, table, experimentId)
      if (db.prepare('SELECT count(*) FROM experiments').pluck().get() === 0) {
        throw new LabError('not_found', `There is no experiment ${experimentId}.`)
      }
    })()
    db.exec('DETACH lab')
    db.exec('VACUUM')
  } finally {
    db.close()
  }
}

function copyRows(db: Database, { name, columns, references }: RelatedTable, experimentId: number): void {
  const isKept = ({ column, table }: RelatedTable['references'][number]) =>
    `source.${column} IN (SELECT ${table === 'datasets' ? 'id' : keyOf(db, table)} FROM main.${table})`
  const wanted =
    name === 'datasets'
      ? 'source.id IN (SELECT dataset_id FROM lab.experiments WHERE id = ?)'
      : name === 'experiments'
        ? 'source.id = ?'
        : references
            .filter(({ required }) => required)
            .map(isKept)
            .join(' AND ')
  const parameters = name === 'datasets' || name === 'experiments' ? [experimentId] : []
  const list = columns.map((column) => `"${column}"`).join(', ')
  db.prepare(`INSERT INTO main.${name} (${list}) SELECT ${list} FROM lab.${name} AS source WHERE ${wanted}`).run(
    ...parameters
  )
  for (const { column, table } of references.filter(({ required }) => !required)) {
    db.prepare(
      `UPDATE main.${name} SET ${column} = NULL WHERE ${column} NOT IN (SELECT ${keyOf(db, table)} FROM main.${table})`
    ).run()
  }
}

function keyOf(db: Database, table: string): string {
  return (
    db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk = 1').pluck().get(table) ?? 'rowid'
  )
}

/**
 * Looks through a file that came from elsewhere and brings its tables up to date, in place.
 * Errors: LabError 'bad_file' where it is damaged, has anything in it but the tables of a lab, more or less than one
 * experiment, or references that lead nowhere; 'bad_file' too where a newer version wrote it.
 */
export async function updateExperimentFile(file: string, migrationsFolder: string): Promise<void> {
  const Sqlite = await loadSqlite()
  const db = new Sqlite(file)
  try {
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged()
    checkSchema(db, await schemaOfVersion(db, migrationsFolder))
    migrate(db, migrationsFolder)
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) throw damaged()
    if (db.prepare('SELECT count(*) FROM experiments').pluck().get() !== 1) throw damaged()
  } catch (error) {
    throw toFileProblem(error)
  } finally {
    db.close()
    for (const ending of ['-journal', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
  }
}

/** The tables as this program makes them, at the version that the file says it has. */
async function schemaOfVersion(db: Database, migrationsFolder: string): Promise<string[]> {
  const Sqlite = await loadSqlite()
  const names = db.prepare<[], string>('SELECT name FROM migrations ORDER BY name').pluck().all()
  const fresh = new Sqlite(':memory:')
  try {
    migrate(fresh, migrationsFolder, names)
    return schemaOf(fresh)
  } finally {
    fresh.close()
  }
}

/** A file with triggers, views or other tables than ours is none that a lab wrote; nothing of it may run. */
function checkSchema(db: Database, expected: readonly string[]): void {
  const found = schemaOf(db)
  if (found.length !== expected.length || found.some((line, index) => line !== expected[index])) throw damaged()
}

function schemaOf(db: Database): string[] {
  return db
    .prepare<[], string>(
      "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
    )
    .pluck()
    .all()
}

/** The sentence for a file whose contents no lab wrote. */
export function damaged(): LabError {
  return new LabError('bad_file', 'The bundle is damaged or was changed: what is in it is no experiment of a lab.')
}

/** Says what SQLite and JSON say of a file's contents in that sentence; other problems stay as they are. */
export function toFileProblem(error: unknown): unknown {
  if (error instanceof LabError) {
    return error.code === 'lab_unusable' ? new LabError('bad_file', newerSentence, {}, { cause: error }) : error
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof SyntaxError) return damaged()
  return code.startsWith('SQLITE_') && code !== 'SQLITE_FULL' ? damaged() : error
}

export const newerSentence = 'The bundle was written by a newer version of Topology Lab. Update the app and try again.'
