/**
 * Opens lab.sqlite to read it alone. SQLite reads a database with a write-ahead log only where it can make files beside it,
 * which a read-only folder and a full disk refuse; the file is then read into memory.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type SqliteType from 'better-sqlite3'
import type { Database } from 'better-sqlite3'

/** Errors: those of SQLite and of the file system. */
export function openToRead(Sqlite: typeof SqliteType, file: string): Database {
  let db: Database | null = null
  try {
    db = new Sqlite(file, { readonly: true })
    // The first statement is what needs the files beside it.
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (error) {
    db?.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!/^SQLITE_(READONLY|CANTOPEN|FULL|IOERR|PERM)/.test(code)) throw error
    return new Sqlite(withoutLog(Sqlite, file), { readonly: true })
  }
}

/** The bytes of the database as one file that has no log. */
function withoutLog(Sqlite: typeof SqliteType, file: string): Buffer {
  const log = `${file}-wal`
  const hasLog = existsSync(log) && statSync(log).size > 0
  const bytes = hasLog ? withLogApplied(Sqlite, file, log) : readFileSync(file)
  // Versions of the file format for writing and for reading: 2 asks for a write-ahead log, 1 for none.
  bytes.fill(1, 18, 20)
  return bytes
}

/** A process that ended in the midst of its work has left its last transactions in the log. */
function withLogApplied(Sqlite: typeof SqliteType, file: string, log: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-'))
  try {
    const copy = join(folder, 'lab.sqlite')
    copyFileSync(file, copy)
    copyFileSync(log, `${copy}-wal`)
    const db = new Sqlite(copy)
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    return readFileSync(copy)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
