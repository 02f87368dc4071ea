/**
 * Files that the lab made for a person to take: kept in `downloads/` in the lab folder until they are fetched or the lab
 * ends. The same way on every host: the page follows a link to `downloadPath`, and its host hands the file over.
 */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'

export interface Download {
  readonly id: string
  /** Where the file is to be written. */
  readonly path: string
}

export interface OpenDownload {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

export interface Downloads {
  /** Makes room for a file of this name. */
  place(name: string): Promise<Download>
  /** Opens a placed file that has been written; null for an id that nobody knows. It is gone once it has been read. */
  open(id: string): Promise<OpenDownload | null>
  /** The same as a response of a scheme or a server; 404 for an id that nobody knows. */
  respond(id: string | null): Promise<Response>
  /** Deletes a file that came to nothing. */
  discard(id: string): Promise<void>
  /** Deletes all files. */
  close(): Promise<void>
}

/** Makes the downloads of a lab; nothing touches the disk before the first one. */
export function createDownloads(labFolder: string): Downloads {
  const folder = join(labFolder, 'downloads')
  const placed = new Map<string, { readonly path: string; readonly name: string }>()
  let ready: Promise<unknown> | null = null

  // What a killed lab left is nobody's any more: downloads are known by ids in memory only.
  const prepare = async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }

  async function discard(id: string): Promise<void> {
    const download = placed.get(id)
    placed.delete(id)
    if (download) await rm(download.path, { force: true }).catch(() => undefined)
  }

  async function open(id: string): Promise<OpenDownload | null> {
    const download = placed.get(id)
    const size = download && (await stat(download.path).catch(() => null))?.size
    if (!download || size === undefined) return null
    const body = createReadStream(download.path)
    body.once('close', () => void discard(id))
    const plain = download.name.replace(/[^\w.,() -]/g, '_')
    return {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(download.name)}`,
        'cache-control': 'no-store'
      },
      body
    }
  }

  return {
    async place(name) {
      await (ready ??= prepare())
      const id = randomUUID()
      const path = join(folder, id)
      placed.set(id, { path, name })
      return { id, path }
    },
    open,
    async respond(id) {
      const download = await open(id ?? '')
      if (!download) return new Response(null, { status: 404 })
      return new Response(Readable.toWeb(download.body) as ReadableStream, { headers: download.headers })
    },
    discard,
    async close() {
      placed.clear()
      if (ready) await rm(folder, { recursive: true, force: true })
    }
  }
}
