/**
 * First records with line feeds inside their quoted cells, in files whose lines end in CR LF: so spreadsheets write them.
 * DuckDB takes the first line feed for the line end of the whole file, and then finds no rows or mixed ends; without its
 * strict mode it would cut longer rows in silence. So it is given a copy whose first record is a header on one line.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Format } from '#lab/datasets/import/csv-records.ts'

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32]

/** Tells where the line feeds are that mislead, in bytes from the start of the file; none where nothing misleads. */
export function misleadingBreaks(head: Uint8Array, format: Format, skippedLines: number): ReadonlySet<number> {
  const [delimiter, quote, escape] = [format.delimiter, format.quote, format.escape].map((sign) => sign.charCodeAt(0))
  const places = new Set<number>()
  let quoted = false
  let isAtStart = true
  for (let at = startOfRecords(head, skippedLines); at < head.length; at++) {
    const byte = head[at] ?? 0
    if (quoted) {
      if (byte === escape && escape !== quote) at++
      else if (byte === quote) quoted = false
      else if (byte === lineFeed && head[at - 1] !== carriageReturn) places.add(at)
      continue
    }
    if (byte === carriageReturn && head[at + 1] === lineFeed) return places
    if (byte === lineFeed || byte === carriageReturn) break
    // A doubled quote closes and opens again.
    quoted = byte === quote && (isAtStart || head[at - 1] === quote)
    isAtStart = byte === delimiter || (isAtStart && (byte === space || byte === tab))
  }
  return new Set()
}

/** Where the first record begins, in bytes: after the byte order mark and the lines to skip. */
export function startOfRecords(head: Uint8Array, skippedLines: number): number {
  let start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  for (let line = 0; line < skippedLines; line++) start = head.indexOf(lineFeed, start) + 1
  return start
}

/** Copies a file with spaces in these places. */
export async function copyWithSpaces(from: string, to: string, places: ReadonlySet<number>, signal?: AbortSignal) {
  let start = 0
  const blank = new Transform({
    transform(piece: Buffer, _encoding, done) {
      for (const place of places) if (place >= start && place < start + piece.length) piece[place - start] = space
      start += piece.length
      done(null, piece)
    }
  })
  await pipeline(createReadStream(from, { highWaterMark: 256 * 1024 }), blank, createWriteStream(to), { signal })
}

/** Copies a file with a line put in at a place. */
export async function copyWithLine(from: string, to: string, place: number, line: string, signal?: AbortSignal) {
  const output = createWriteStream(to)
  if (place > 0) await pipeline(createReadStream(from, { end: place - 1 }), output, { signal, end: false })
  output.write(line)
  await pipeline(createReadStream(from, { start: place }), output, { signal })
}
