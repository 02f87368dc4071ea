/** Zip archives, read entry by entry and within bounds, so that nothing unfolds itself without end. */
import { Transform, type Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { badFile } from '#lab/datasets/import/file-errors.ts'

/** Text packs to a twentieth or so; what packs far better is made to fill a disk. */
const mostPacked = 1000
/** What an archive may hold unpacked. */
const mostBytes = 4 * 1024 ** 3
const mostEntries = 10_000

export interface Archive {
  /** Files, without folders and what systems add to archives. */
  readonly names: readonly string[]
  /** Opens a file of it. Errors: `bad_file` where it is damaged, encrypted or unpacks to more than is allowed. */
  readonly open: (name: string) => Promise<Readable>
  readonly close: () => void
}

/** Opens an archive. Errors: `bad_file` where it is damaged. */
export async function openArchive(path: string, file: string): Promise<Archive> {
  const damaged = (error: unknown) =>
    badFile(file, `${file} is damaged: it can't be unpacked. Fetch it again.`, {}, error)
  let zip: ZipFile
  const entries = new Map<string, Entry>()
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false })
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= mostEntries) throw badFile(file, `${file} holds more than ${mostEntries} files.`)
      if (!isExtra(entry.fileName)) entries.set(entry.fileName, entry)
    }
  } catch (error) {
    throw damaged(error)
  }
  return {
    names: [...entries.keys()],
    async open(name) {
      const entry = entries.get(name)
      if (!entry) throw badFile(file, `${file} has no part ${name}.`)
      if (entry.isEncrypted()) throw badFile(file, `${file} is encrypted. Unpack it with its password first.`)
      const { compressedSize, uncompressedSize } = entry
      if (uncompressedSize > mostBytes || uncompressedSize > mostPacked * Math.max(compressedSize, 1024)) {
        throw badFile(file, `${file} unpacks to far more than it holds. It is not read.`)
      }
      try {
        return bounded(await zip.openReadStreamPromise(entry), uncompressedSize)
      } catch (error) {
        throw damaged(error)
      }
    },
    close: () => zip.close()
  }
}

function isExtra(name: string): boolean {
  const last = name.split('/').at(-1) ?? ''
  return (
    name.endsWith('/') || name.startsWith('__MACOSX/') || last.startsWith('.') || last.toLowerCase() === 'thumbs.db'
  )
}

/** Ends with an error where more comes than was told. */
function bounded(stream: Readable, bytes: number): Readable {
  let seen = 0
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      seen += piece.length
      done(seen > bytes ? new Error('It unpacks to more than it tells.') : null, piece)
    }
  })
  stream.on('error', (error) => count.destroy(error))
  return stream.pipe(count)
}
