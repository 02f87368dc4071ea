/** Folders in the system's own place for temporary files. Their names tell whose they are, so that strays can be found. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Computers that share such a place, as containers do, have processes of the same numbers. */
const computer = createHash('sha256').update(hostname()).digest('hex').slice(0, 6)

/** Makes a folder for this process alone; whoever made it removes it. */
export function makeTemporary(): Promise<string> {
  return mkdtemp(join(tmpdir(), `topology-lab-${computer}-${process.pid}-`))
}

/** Removes the folders of processes that are no more. Errors: none; what can't be removed is left. */
export async function cleanTemporary(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, at, pid] = /^topology-lab-([0-9a-f]{6})-(\d+)-\w+$/.exec(name) ?? []
    if (at !== computer || isAlive(Number(pid))) continue
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Of another account: there it is.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
