/**
 * One process owns a lab folder at a time. The lock is an exclusive SQLite transaction on owner.lock, held for the
 * life of the process: the system drops it with the process, however that ends. owner.json only tells who it is.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '#contract/errors.ts'
import { folderProblem } from '#lab/store/problems.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'

const owner = z.object({
  pid: z.number().int(),
  computer: z.string(),
  host: z.enum(['desktop', 'web', 'direct']),
  /** Where another process can join the owner; the web host alone has it. */
  address: z.object({ url: z.string(), secret: z.string() }).nullable()
})

export type Owner = z.infer<typeof owner>

export interface Ownership {
  /** Whether the owner before ended without closing the lab. */
  readonly wasUnclean: boolean
  /** Tells other processes where they can join. */
  announce(address: NonNullable<Owner['address']>): void
  release(): void
}

/**
 * Takes the lab folder for this process.
 * Errors: throws LabError 'lab_busy' naming the owner, or 'lab_unusable' where the folder can't be written.
 */
export async function takeOwnership(folder: string, host: Owner['host']): Promise<Ownership> {
  const Sqlite = await loadSqlite()
  const lock = tryFolder(folder, () => new Sqlite(join(folder, 'owner.lock'), { timeout: 0 }))
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (isBusy(error)) throw busyError(folder)
    throw folderProblem(folder, error)
  }
  const file = join(folder, 'owner.json')
  const wasUnclean = readOwner(folder) !== null
  const self: Owner = { pid: process.pid, computer: hostname(), host, address: null }
  try {
    writeOwner(file, self)
  } catch (error) {
    lock.close()
    throw folderProblem(folder, error)
  }
  return {
    wasUnclean,
    announce: (address) => writeOwner(file, { ...self, address }),
    release: () => {
      rmSync(file, { force: true })
      lock.close()
    }
  }
}

/** Reads who owns the folder, or who did when it was not closed; null where nobody says so. */
export function readOwner(folder: string): Owner | null {
  try {
    return owner.parse(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')))
  } catch {
    return null
  }
}

/** The error for a second owner. */
export function busyError(folder: string): LabError {
  const other = readOwner(folder)
  const names = { desktop: 'the app', web: 'the web host', direct: 'a command' }
  const who = other
    ? `${names[other.host]} (process ${other.pid}${other.computer === hostname() ? '' : ` on ${other.computer}`})`
    : 'another process'
  return new LabError('lab_busy', `The lab in ${folder} is in use by ${who}. Close that first, or use another folder.`)
}

/** The file holds the web host's secret: nobody else may read it, not even while it is being written. */
function writeOwner(file: string, content: Owner): void {
  const temporary = `${file}.tmp`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600, flag: 'wx' })
  renameSync(temporary, file)
}

function tryFolder<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw folderProblem(folder, error)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
}
