/** Packs files as one zip, piece by piece, so that neither a large file nor its deflating holds up the lab. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Zip, ZipDeflate } from 'fflate'
import { createPause } from '#lab/datasets/pause.ts'

export interface PackedFile {
  readonly name: string
  readonly path: string
}

/** About a millisecond of deflating. */
const pieceBytes = 64 * 1024

/** Writes a zip of these files. Errors: those of Node's file system. */
export async function packFiles(path: string, files: readonly PackedFile[]): Promise<void> {
  const pause = createPause()
  const out = await open(path, 'w')
  try {
    const ready: Uint8Array[] = []
    const zip = new Zip((error, piece) => {
      if (error) throw error
      ready.push(piece)
    })
    const flush = async () => {
      for (const piece of ready.splice(0)) await out.appendFile(piece)
      await pause()
    }
    for (const file of files) {
      const entry = new ZipDeflate(file.name, { level: 6 })
      zip.add(entry)
      for await (const piece of createReadStream(file.path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
        entry.push(piece)
        await flush()
      }
      entry.push(new Uint8Array(), true)
      await flush()
    }
    zip.end()
    await flush()
  } finally {
    await out.close()
  }
}
