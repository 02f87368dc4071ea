/**
 * Who trains what in a folder of units. A claim is a file that one worker alone can create; while it trains, the worker
 * touches it. One that was not touched for the length of the lease, by the clock of the disk, is taken over by the creation
 * of the next; so is one at once whose process is gone from this machine. Two that train the same come to the same bits.
 */
import { randomUUID } from 'node:crypto'
import { open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '#lab/workers/folder/layout.ts'

/** Without a sign of life for this long, a worker counts as dead. */
export const leaseMs = 120_000
const touchMs = 20_000

/** A unit that so many workers have left behind is poison: it is what fells them. */
export const mostTurns = 3

export interface Claim {
  /** Which worker in turn this is, from 1. */
  readonly turn: number
  release(): void
}

/** What became of the wish to train a unit: it is ours, somebody else is at it, or it has felled too many. */
export type Claimed = Claim | 'taken' | 'poison'

/** Tries to get a unit. */
export async function claimUnit(folder: string, name: string): Promise<Claimed> {
  for (let turn = 1; turn <= mostTurns; turn++) {
    const path = pathOf.claim(folder, name, turn)
    const created = await create(path)
    if (created) return hold(path, turn)
    if (await stat(pathOf.claim(folder, name, turn + 1)).catch(() => null)) continue
    if (!(await isLeft(folder, path))) return 'taken'
  }
  return 'poison'
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(JSON.stringify({ host: hostname(), pid: process.pid }))
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function hold(path: string, turn: number): Claim {
  const touch = () => {
    const now = new Date()
    // A disk that is away for a moment is touched again in the next round.
    utimes(path, now, now).catch(() => undefined)
  }
  const timer = setInterval(touch, touchMs)
  return { turn, release: () => clearInterval(timer) }
}

/** Whether its worker is gone. */
async function isLeft(folder: string, path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const { host, pid } = ownerIn(text)
  if (host === hostname() && pid !== null) return !isAlive(pid)
  const claimed = await stat(path).catch(() => null)
  return claimed !== null && (await nowOn(folder)) - claimed.mtimeMs > leaseMs
}

function ownerIn(text: string): { host: string | null; pid: number | null } {
  try {
    const { host, pid } = JSON.parse(text) as { host?: unknown; pid?: unknown }
    return { host: typeof host === 'string' ? host : null, pid: Number.isSafeInteger(pid) ? (pid as number) : null }
  } catch {
    // Created, and not written yet.
    return { host: null, pid: null }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The time as the disk sees it, whose clock may be another than this machine's. */
async function nowOn(folder: string): Promise<number> {
  const path = join(folder, 'claims', `clock-${randomUUID()}.tmp`)
  try {
    await writeFile(path, '')
    return (await stat(path)).mtimeMs
  } finally {
    await rm(path, { force: true })
  }
}
