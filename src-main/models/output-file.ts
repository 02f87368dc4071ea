/** Files that are still to be written: into a folder, or as the entries of one zip. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

type Piece = string | Uint8Array

export interface OutputFile {
  /** With `/` between its parts, below whatever it is written to; never absolute, never with `..`. */
  readonly path: string
  readonly content: () => Iterable<Piece> | AsyncIterable<Piece>
  /** Whether it is worth packing; left out, it is. */
  readonly packed?: boolean
}

/** Writes files below a folder, which is made where it is missing; files of the same names are replaced, others stay. */
export async function writeFolder(
  folder: string,
  files: Iterable<OutputFile> | AsyncIterable<OutputFile>,
  signal: AbortSignal
): Promise<void> {
  for await (const { path, content } of files) {
    signal.throwIfAborted()
    const target = join(folder, ...path.split('/'))
    await mkdir(dirname(target), { recursive: true })
    await pipeline(streamOf(content()), createWriteStream(target), { signal })
  }
}

/** Writes one file. */
export async function writeOne(target: string, { content }: OutputFile, signal: AbortSignal): Promise<void> {
  await pipeline(streamOf(content()), createWriteStream(target), { signal })
}

/** Writes files as the entries of one zip. */
export async function writeZip(
  target: string,
  files: Iterable<OutputFile> | AsyncIterable<OutputFile>,
  signal: AbortSignal
): Promise<void> {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(target), { signal })
  try {
    for await (const { path, content, packed = true } of files) {
      signal.throwIfAborted()
      const stream = streamOf(content())
      // One after the other, so that contents are made when they are wanted and not kept.
      const ended = new Promise<void>((resolve, reject) => stream.once('close', resolve).once('error', reject))
      zip.addReadStream(stream, path, { compress: packed })
      await Promise.race([ended, written])
    }
    zip.end()
  } catch (error) {
    zip.outputStream.emit('error', error)
    await written.catch(() => undefined)
    throw error
  }
  await written
}

function streamOf(content: Iterable<Piece> | AsyncIterable<Piece>): Readable {
  return Readable.from(bytesOf(content), { objectMode: false })
}

/** A stream of bytes takes no empty pieces and no strings beside bytes. */
async function* bytesOf(content: Iterable<Piece> | AsyncIterable<Piece>): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder()
  for await (const piece of content) {
    const bytes = typeof piece === 'string' ? encoder.encode(piece) : piece
    if (bytes.byteLength > 0) yield bytes
  }
}
