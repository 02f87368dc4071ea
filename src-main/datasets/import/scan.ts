/** Reads a file once, whole: its hash, its first megabyte and whether it can be text; and unpacks gzip. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { type Bytes, Utf8Check } from '#lab/datasets/import/text/text-encoding.ts'

/** Half a megabyte is hashed and checked in about a millisecond. */
const pieceBytes = 512 * 1024
const headBytes = 1024 * 1024

export interface ScannedFile extends Bytes {
  readonly sizeBytes: number
  readonly sha256: string
}

export interface Reading {
  readonly signal: AbortSignal | undefined
  /** Hears how much is read, 0 to 1. */
  readonly onFraction: (fraction: number) => void
}

/** Reads a file to its end. Errors: those of Node's file system, and an abort. */
export async function scanFile(path: string, { signal, onFraction }: Reading): Promise<ScannedFile> {
  const { size } = await stat(path)
  const hash = createHash('sha256')
  const utf8 = new Utf8Check()
  const head: Buffer[] = []
  let read = 0
  let hasNul = false
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes, signal }) as AsyncIterable<Buffer>) {
    if (read < headBytes) head.push(piece)
    read += piece.length
    hash.update(piece)
    utf8.push(piece)
    hasNul ||= piece.includes(0)
    onFraction(read / Math.max(size, 1))
  }
  return {
    head: Buffer.concat(head).subarray(0, headBytes),
    isUtf8: utf8.finish(),
    hasNul,
    sizeBytes: read,
    sha256: hash.digest('hex')
  }
}

/** Growth that no table of use has: gzip itself reaches about 1,030. */
const mostGrowth = 500
/** Up to here no growth does any harm. */
const harmlessBytes = 64 * 1024 * 1024

/**
 * Unpacks a gzip file.
 * Errors: `bad_file` where it grows beyond what a table of use does, or half of what the disk has free; those of Node's file
 * system and zlib, and an abort.
 */
export async function gunzip(
  { path: from, name }: { readonly path: string; readonly name: string },
  to: string,
  { signal, onFraction }: Reading
): Promise<void> {
  const { size } = await stat(from)
  const { bavail, bsize } = await statfs(dirname(to))
  const room = (bavail * bsize) / 2
  let written = 0
  const bound = new Transform({
    transform(piece: Buffer, _encoding, done) {
      written += piece.length
      if (written > room) {
        done(badFile(name, `${name} unpacks to more than half of what the disk of the lab has free. Make room first.`))
      } else if (written > harmlessBytes && written > mostGrowth * size) {
        done(
          badFile(
            name,
            `${name} unpacks to more than ${mostGrowth} times its size, as no table of use does. Nothing was imported.`
          )
        )
      } else done(null, piece)
    }
  })
  let read = 0
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      read += piece.length
      onFraction(read / Math.max(size, 1))
      done(null, piece)
    }
  })
  await pipeline(createReadStream(from), count, createGunzip({ chunkSize: 128 * 1024 }), bound, createWriteStream(to), {
    signal
  })
}
