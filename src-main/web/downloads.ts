/**
 * Files that the lab writes for a browser: each in a folder of its own below `downloads/` in the lab folder, found by
 * id. Owns that folder: it is emptied at the first file and removed at the end; the oldest files make room for new ones.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Download } from '#lab/hosts/services.ts'

export interface Downloads {
  /** Makes a place for a file of this name; whoever asked for it writes it. */
  readonly reserve: (name: string) => Promise<Download>
  readonly find: (downloadId: string) => { readonly path: string; readonly name: string } | null
  readonly close: () => Promise<void>
}

/** Files kept at once. */
const mostKept = 8

/** Makes the downloads of a lab; nothing touches the disk before the first file is asked for. */
export function createDownloads(labFolder: string): Downloads {
  const folder = join(labFolder, 'downloads')
  const kept = new Map<string, { readonly path: string; readonly name: string }>()
  let ready: Promise<unknown> | null = null

  return {
    async reserve(name) {
      // What a killed host left is nobody's any more: downloads are known by ids in memory only.
      ready ??= rm(folder, { recursive: true, force: true })
      await ready
      const plainName = basename(name.replaceAll('\\', '/')).replace(/[^\p{L}\p{N} ._()-]/gu, '_') || 'file'
      const downloadId = randomUUID()
      const own = join(folder, downloadId)
      await mkdir(own, { recursive: true, mode: 0o700 })
      const path = join(own, plainName)
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept + 1))) {
        kept.delete(oldest)
        await rm(join(folder, oldest), { recursive: true, force: true })
      }
      kept.set(downloadId, { path, name: plainName })
      return { downloadId, path }
    },

    find: (downloadId) => kept.get(downloadId) ?? null,

    async close() {
      kept.clear()
      if (ready) await rm(folder, { recursive: true, force: true })
    }
  }
}
