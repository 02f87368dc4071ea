/** Finds out how the bytes of a text file are encoded, and rewrites other encodings as UTF-8, which DuckDB reads. */
import { isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadOptions } from '#contract/reading.ts'

/** The labels TextDecoder knows them by; what is called Latin-1 is Windows-1252 nearly always, a superset in print. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** Checks a stream of bytes for valid UTF-8; a character may lie across two pieces. */
export class Utf8Check {
  #rest: Uint8Array = new Uint8Array()
  #valid = true

  push(piece: Uint8Array): void {
    if (!this.#valid) return
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece
    const end = bytes.length - unfinishedBytes(bytes)
    this.#valid = isUtf8(bytes.subarray(0, end))
    this.#rest = bytes.slice(end)
  }

  /** Whether all of it was valid and the last character complete. */
  finish(): boolean {
    return this.#valid && this.#rest.length === 0
  }
}

/** Counts the bytes at the end that begin a character and don't finish it. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? back : 0
  }
  return 0
}

/** What a whole file showed; `head` is its first megabyte. */
export interface Bytes {
  readonly head: Uint8Array
  readonly isUtf8: boolean
  readonly hasNul: boolean
}

/** Tells the encoding of a text, or null where the bytes are no text. What the person chose wins, but for byte order. */
export function detectEncoding(bytes: Bytes, chosen: ReadOptions['encoding']): Encoding | null {
  const { head } = bytes
  const marked =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null
  const utf16 = marked ?? guessUtf16(head)
  if (chosen === 'utf-16') return utf16 ?? 'utf-16le'
  if (chosen) return chosen === 'latin-1' ? 'windows-1252' : 'utf-8'
  if (utf16) return utf16
  if (bytes.hasNul) return null
  if (bytes.isUtf8) return 'utf-8'
  return countControls(head) > head.length / 100 ? null : 'windows-1252'
}

/** Without a mark, plain letters in UTF-16 have a zero in every second byte. */
function guessUtf16(head: Uint8Array): Encoding | null {
  const pairs = Math.floor(Math.min(head.length, 4096) / 2)
  let even = 0
  let odd = 0
  for (let pair = 0; pair < pairs; pair++) {
    if (head[2 * pair] === 0) even++
    if (head[2 * pair + 1] === 0) odd++
  }
  if (odd > 0.6 * pairs && even < 0.1 * pairs) return 'utf-16le'
  if (even > 0.6 * pairs && odd < 0.1 * pairs) return 'utf-16be'
  return null
}

/** Counts control characters other than tab, line ends and form feed. */
function countControls(bytes: Uint8Array): number {
  let controls = 0
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) controls++
  return controls
}

/** Writes a text file anew as UTF-8. */
export async function rewriteAsUtf8(
  from: string,
  to: string,
  encoding: Encoding,
  signal: AbortSignal | undefined
): Promise<void> {
  const decoder = new TextDecoder(encoding)
  const decode = new Transform({
    transform(piece: Buffer, _encoding, done) {
      done(null, decoder.decode(piece, { stream: true }))
    },
    flush(done) {
      done(null, decoder.decode())
    }
  })
  await pipeline(createReadStream(from, { highWaterMark: 256 * 1024 }), decode, createWriteStream(to), { signal })
}
