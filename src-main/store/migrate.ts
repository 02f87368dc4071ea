/** Brings a lab's tables to the present form by numbered SQL files, which are never changed once released. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { LabError } from '#contract/errors.ts'

/**
 * Applies the migrations that the lab does not have yet, all in one transaction; of those in the folder only `wanted`,
 * where it is given.
 * Errors: throws LabError 'lab_unusable', before anything is written, for a lab that a newer or another version made.
 */
export function migrate(db: Database, migrationsFolder: string, wanted?: readonly string[]): void {
  const available = listMigrations(migrationsFolder)
  const applied = appliedMigrations(db)
  checkKnown([...applied, ...(wanted ?? [])], available)
  const missing = (wanted ?? available).filter((name) => !applied.includes(name))
  if (missing.length === 0) return
  db.transaction(() => {
    db.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at REAL NOT NULL) STRICT')
    const record = db.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)')
    for (const name of missing) {
      db.exec(readFileSync(join(migrationsFolder, name), 'utf8'))
      record.run(name, Date.now())
    }
  }).exclusive()
}

/** Refuses a lab whose migrations are not exactly those of this version; for readers, who may not write. */
export function checkMigrated(db: Database, migrationsFolder: string): void {
  const available = listMigrations(migrationsFolder)
  const applied = appliedMigrations(db)
  checkKnown(applied, available)
  if (applied.length < available.length) {
    throw new LabError('lab_unusable', 'The lab is from an older version. Open it once with this version to update it.')
  }
}

function listMigrations(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
}

function appliedMigrations(db: Database): string[] {
  const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'").get()
  if (!has) {
    const foreign = db.prepare('SELECT name FROM sqlite_schema LIMIT 1').get()
    if (foreign)
      throw new LabError('lab_unusable', 'Its file lab.sqlite was made by another program; it was left as it is.')
    return []
  }
  return db.prepare<[], string>('SELECT name FROM migrations ORDER BY name').pluck().all()
}

/** Gaps are filled: two branches may each have added a migration before they were merged. */
function checkKnown(applied: readonly string[], available: readonly string[]): void {
  const unknown = applied.find((name) => !available.includes(name))
  if (unknown === undefined) return
  throw new LabError(
    'lab_unusable',
    `The lab was made by a newer version of Topology Lab (it has ${unknown}). Update the app; the lab was left as it is.`
  )
}
