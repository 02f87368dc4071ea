/** Loads SQLite, but only under a Node that it runs on: an older one would end in a crash without a word. */
import type Database from 'better-sqlite3'
import { LabError } from '#contract/errors.ts'

const neededMajor = 22

/**
 * Refuses a Node that is too old, such as `20.20.0`.
 * Errors: throws LabError 'lab_unusable' with the version found and the one needed.
 */
export function checkNodeVersion(version: string): void {
  if (Number.parseInt(version, 10) >= neededMajor) return
  throw new LabError(
    'lab_unusable',
    `The lab's store needs Node ${neededMajor} or newer; this is Node ${version}. Start it with npm, which brings its own.`
  )
}

/** Loads better-sqlite3. Errors: LabError 'lab_unusable' under a Node that is too old. */
export async function loadSqlite(): Promise<typeof Database> {
  checkNodeVersion(process.versions.node)
  return (await import('better-sqlite3')).default
}
