/**
 * Files that a browser sends: streamed to `uploads/` in the lab folder, found by id, gone when released.
 * Owns that folder: it is emptied at the first upload and removed at the end.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Upload } from '#lab/hosts/services.ts'

export type UploadResult =
  | { readonly kind: 'stored'; readonly uploadId: string }
  | { readonly kind: 'refused'; readonly status: 413 | 500 | 507; readonly message: string }

export interface Uploads {
  /** Streams a file to the end; what is refused or breaks off leaves nothing behind, and the rest is left unread. */
  readonly receive: (body: Readable, name: string) => Promise<UploadResult>
  readonly find: (uploadId: string) => Upload | null
  readonly release: (uploadId: string) => void
  readonly close: () => Promise<void>
}

/** Makes the uploads of a lab; nothing touches the disk before the first file comes. */
export function createUploads(labFolder: string, maxBytes: number): Uploads {
  const folder = join(labFolder, 'uploads')
  const stored = new Map<string, Upload>()
  let ready: Promise<void> | null = null

  // What a killed host left is nobody's any more: uploads are known by ids in memory only.
  const prepare = async () => {
    try {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true, mode: 0o700 })
    } catch (error) {
      // The next file tries anew: the disk may have room by then.
      ready = null
      throw error
    }
  }

  return {
    async receive(body, name) {
      ready ??= prepare()
      const uploadId = randomUUID()
      const plainName = basename(name.replaceAll('\\', '/')) || 'table'
      const path = join(folder, `${uploadId}-${plainName.replace(/[^\w.-]/g, '_').slice(-80)}`)
      try {
        await ready
        await pipeline(atMost(maxBytes, body), createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      } catch (error) {
        await rm(path, { force: true })
        return refusalOf(error, plainName, maxBytes)
      }
      stored.set(uploadId, { path, name: plainName })
      return { kind: 'stored', uploadId }
    },

    find: (uploadId) => stored.get(uploadId) ?? null,

    release(uploadId) {
      const upload = stored.get(uploadId)
      if (!upload) return
      stored.delete(uploadId)
      // A file that can't be removed now goes with the folder at the end.
      void rm(upload.path, { force: true }).catch(() => undefined)
    },

    async close() {
      stored.clear()
      if (ready) await rm(folder, { recursive: true, force: true })
    }
  }
}

class TooLarge extends Error {}

/** Passes a stream on while it stays in bounds; leaves the stream itself open, so that its sender can be answered. */
async function* atMost(maxBytes: number, body: Readable) {
  let bytes = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new TooLarge()
    yield chunk
  }
}

function refusalOf(error: unknown, name: string, maxBytes: number): UploadResult {
  if (error instanceof TooLarge) {
    const limit = `${(maxBytes / 2 ** 30).toPrecision(3)} GB`
    const message = `${name} is larger than ${limit}, the most a browser may send; import it with: lab import FILE.`
    return { kind: 'refused', status: 413, message }
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    const message = `The disk of the lab folder is full, so ${name} could not be taken; free some space and try again.`
    return { kind: 'refused', status: 507, message }
  }
  const reason = error instanceof Error ? error.message : String(error)
  return { kind: 'refused', status: 500, message: `${name} could not be taken: ${reason}.` }
}
