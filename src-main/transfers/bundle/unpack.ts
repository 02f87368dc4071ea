/**
 * Unpacks a bundle that came from anywhere into a folder of its own: exactly the entries that a bundle has, of exactly
 * the sizes and hashes that its manifest tells, and nothing else.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { LabError } from '#contract/errors.ts'
import {
  bundleVersion,
  experimentName,
  type Manifest,
  manifest,
  manifestName,
  tableName
} from '#lab/transfers/bundle/manifest.ts'
import { newerSentence } from '#lab/store/experiment-file.ts'

const manifestLimit = 1024 * 1024
const names: readonly string[] = [manifestName, experimentName, tableName]

/** Numbers and tables pack to a third or so; what packs far better is not what a lab writes. */
const mostPacked = 200

/**
 * Unpacks `file` into `folder`, which exists and is empty.
 * Errors: LabError 'bad_file' with one sentence for whatever is no whole, untouched bundle; nothing outside `folder` is
 * written then or ever.
 */
export async function unpackBundle(
  file: string,
  shown: string,
  folder: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<Manifest> {
  let zip: ZipFile | null = null
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true })
    const entries = await listEntries(zip, shown)
    const described = parseManifest(await readSmall(zip, entries[manifestName] as Entry, shown), shown)
    const wanted = [experimentName, tableName] as const
    for (const name of wanted) checkSize(entries[name] as Entry, described.files[name].bytes, shown)
    await checkSpace(folder, described)
    for (const name of wanted) {
      const { bytes, sha256 } = described.files[name]
      await unpackEntry(zip, entries[name] as Entry, join(folder, name), { bytes, sha256, shown, signal, onBytes })
    }
    return described
  } catch (error) {
    throw signal.aborted ? new LabError('cancelled', `The import of ${shown} was cancelled.`) : toProblem(error, shown)
  } finally {
    zip?.close()
  }
}

async function listEntries(zip: ZipFile, shown: string): Promise<Record<string, Entry>> {
  const entries: Record<string, Entry> = {}
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry
    if (!names.includes(fileName)) {
      throw notABundle(shown, `it has an entry that does not belong there, "${fileName.slice(0, 80)}"`)
    }
    if (entries[fileName]) throw notABundle(shown, `its entry ${fileName} is there twice`)
    if (entry.isEncrypted()) throw notABundle(shown, 'it is encrypted')
    entries[fileName] = entry
  }
  const missing = names.find((name) => !entries[name])
  if (missing !== undefined) throw notABundle(shown, `its entry ${missing} is missing`)
  return entries
}

async function readSmall(zip: ZipFile, entry: Entry, shown: string): Promise<string> {
  if (entry.uncompressedSize > manifestLimit) throw notABundle(shown, 'its manifest is far too large')
  const pieces: Buffer[] = []
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
  const bytes = Buffer.concat(pieces)
  checkSum(entry, crc32(bytes), shown)
  return bytes.toString('utf8')
}

function parseManifest(text: string, shown: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw notABundle(shown, 'its manifest is no JSON')
  }
  if (typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > bundleVersion) {
    throw new LabError('bad_file', newerSentence, { file: shown })
  }
  const parsed = manifest.safeParse(value)
  if (!parsed.success) throw notABundle(shown, 'its manifest is not that of a bundle')
  return parsed.data
}

function checkSize(entry: Entry, bytes: number, shown: string): void {
  const { fileName, uncompressedSize, compressedSize } = entry
  if (uncompressedSize !== bytes) throw notABundle(shown, `${fileName} is not as large as its manifest says`)
  if (bytes > manifestLimit && bytes > compressedSize * mostPacked) {
    throw notABundle(shown, `${fileName} would grow to ${Math.round(bytes / 1024 / 1024)} MB from next to nothing`)
  }
}

async function checkSpace(folder: string, { files }: Manifest): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const needed = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)
  // What is unpacked is then copied into the lab.
  if (needed * 2 < bavail * bsize) return
  throw new LabError(
    'lab_unusable',
    `The bundle needs ${Math.ceil((needed * 2) / 1024 / 1024)} MB, more than the disk of the lab has free.`
  )
}

interface Unpacking {
  readonly bytes: number
  readonly sha256: string
  readonly shown: string
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

async function unpackEntry(zip: ZipFile, entry: Entry, target: string, unpacking: Unpacking): Promise<void> {
  const { sha256, shown, signal, onBytes } = unpacking
  const hash = createHash('sha256')
  let sum = 0
  const watch = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece)
      sum = crc32(piece, sum)
      onBytes(piece.length)
      done(null, piece)
    }
  })
  await pipeline(await zip.openReadStreamPromise(entry), watch, createWriteStream(target, { flags: 'wx' }), { signal })
  if (hash.digest('hex') !== sha256) throw notABundle(shown, `${entry.fileName} is not what its manifest says`)
  checkSum(entry, sum, shown)
}

/** yauzl leaves the checksums of a zip to whoever reads it. */
function checkSum({ fileName, crc32: told }: Entry, sum: number, shown: string): void {
  if (sum !== told) throw notABundle(shown, `${fileName} does not have the checksum that the zip tells`)
}

function notABundle(shown: string, why: string): LabError {
  return new LabError('bad_file', `${shown} is no whole bundle of a lab: ${why}. Nothing was imported.`, {
    file: shown
  })
}

function toProblem(error: unknown, shown: string): unknown {
  if (error instanceof LabError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT')
    return new LabError('bad_file', `There is no file ${shown}.`, { file: shown }, { cause: error })
  if (code === 'EACCES' || code === 'EISDIR' || code === 'EPERM') {
    return new LabError('bad_file', `${shown} can't be read.`, { file: shown }, { cause: error })
  }
  // The disk's own problems are told by whoever knows the lab's folder.
  if (/^(ENOSPC|EDQUOT|EIO|EROFS)$/.test(code)) return error
  // As yauzl words it: no entry leaves the folder, not even to be refused by name.
  const isOutside =
    error instanceof Error && /^(absolute path|invalid relative path|invalid characters)/.test(error.message)
  return notABundle(shown, isOutside ? 'an entry of it names a place outside of it' : 'it is cut off or damaged')
}
