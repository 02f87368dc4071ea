/** The log of a lab: what went unexpectedly wrong, with its stack, in `lab.log` beside the database. */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HostServices } from '#lab/hosts/services.ts'

const maxBytes = 1024 * 1024

/**
 * Makes the log function of a host; warnings and errors are kept, up to about 2 MB in two files.
 * Errors: none; a log that can't be written is no reason to stop the lab.
 */
export function createLogFile(folder: string): HostServices['log'] {
  const file = join(folder, 'lab.log')
  return (level, message) => {
    if (level === 'info') return
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(file, `${file}.old`)
      appendFileSync(file, `${new Date().toISOString()} ${level} ${message}\n`, { mode: 0o600 })
    } catch {
      // Nowhere is left to say it.
    }
  }
}
