/**
 * The tables that a worker has fetched: files named by their hashes in a folder that the workers of one user share. Bounded;
 * what was not used for longest goes first. Nobody else on the machine can read them.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { ObjectStore } from '@nats-io/obj'
import { LabError } from '#contract/errors.ts'
import { makeFolder } from '#lab/hosts/make-folder.ts'
import type { SharedTable } from '#lab/workers/unit.ts'

/** What the cache may take of the disk. */
const mostCachedBytes = 16 * 2 ** 30

export interface TableCache {
  readonly folder: string
  fileOf(sha256: string): string
  /** Fetches what is missing of a table. Errors: LabError 'not_found' where the server has it no more, 'engine' where it comes damaged. */
  need(table: SharedTable): Promise<void>
  forget(sha256: readonly string[]): Promise<void>
}

/** The cache where nobody names a folder. */
export const usualCacheFolder = (): string => join(tmpdir(), `topology-lab-tables-${userInfo().uid}`)

/** Opens the cache. Errors: LabError 'bad_settings' for a folder that belongs to somebody else. */
export async function openTableCache(folder: string, tables: ObjectStore): Promise<TableCache> {
  await makeFolder(folder, 0o700)
  const found = await lstat(folder)
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new LabError('bad_settings', `${folder} belongs to somebody else; name another folder with --cache.`)
  }
  const checked = new Map<string, Promise<void>>()
  const fileOf = (sha256: string) => join(folder, `${sha256}.f32`)

  async function fetchOne(sha256: string, bytes: number): Promise<void> {
    const path = fileOf(sha256)
    if (await isWhole(path, sha256)) return void utimes(path, new Date(), new Date()).catch(() => undefined)
    const object = await tables.get(sha256)
    if (object?.info.size !== bytes)
      throw new LabError('not_found', `The table ${sha256.slice(0, 12)} is not on the server.`)
    await makeRoom(folder, bytes)
    const temporary = `${path}.${randomUUID()}.tmp`
    const hash = createHash('sha256')
    const hashed = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        hash.update(chunk)
        done(null, chunk)
      }
    })
    try {
      await pipeline(
        Readable.fromWeb(object.data as ReadableStream),
        hashed,
        createWriteStream(temporary, { mode: 0o600 })
      )
      const problem = await object.error
      if (problem || hash.digest('hex') !== sha256) {
        throw new LabError('engine', `The table ${sha256.slice(0, 12)} came damaged.`)
      }
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  return {
    folder,
    fileOf,
    async need({ inputs, train, validation }) {
      for (const { sha256, rows, isWeighted } of validation ? [train, validation] : [train]) {
        const bytes = rows * (inputs + (isWeighted ? 2 : 1)) * Float32Array.BYTES_PER_ELEMENT
        const known = checked.get(sha256) ?? fetchOne(sha256, bytes)
        checked.set(sha256, known)
        // What failed is tried again by the next unit.
        known.catch(() => checked.delete(sha256))
        await known
      }
    },
    async forget(hashes) {
      for (const sha256 of hashes) {
        checked.delete(sha256)
        await rm(fileOf(sha256), { force: true }).catch(() => undefined)
      }
    }
  }
}

async function isWhole(path: string, sha256: string): Promise<boolean> {
  if (!(await stat(path).catch(() => null))) return false
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex') === sha256
}

/** Deletes what was not used for longest until so many bytes more have room, and what a killed worker has half written. */
async function makeRoom(folder: string, bytes: number): Promise<void> {
  const names = await readdir(folder)
  const found = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), at: await stat(join(folder, name)).catch(() => null) }))
  )
  const files = found.flatMap(({ path, at }) => (at ? [{ path, size: at.size, usedAt: at.mtimeMs }] : []))
  const hourAgo = Date.now() - 3600_000
  let taken = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size, usedAt } of files.sort((a, b) => a.usedAt - b.usedAt)) {
    const isStray = path.endsWith('.tmp') && usedAt < hourAgo
    if (!isStray && taken + bytes <= mostCachedBytes) continue
    await rm(path, { force: true })
    taken -= size
  }
}
