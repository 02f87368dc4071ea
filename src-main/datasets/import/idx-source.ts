/**
 * IDX images and labels as a source: one row an image, its label, its part where there are both, and its pixels.
 * The bytes are rewritten as a temporary CSV, which DuckDB reads in its own threads; handing it the values one by one
 * would hold up the process for seconds.
 */
import { open } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { type IdxHeader, type IdxPart, readIdxHeader } from '#lab/datasets/import/idx.ts'
import { mostColumns, type TableSource, tooManyColumns } from '#lab/datasets/import/table-source.ts'
import { step, type Work } from '#lab/datasets/import/work.ts'
import * as sql from '#lab/datasets/sql.ts'

export interface IdxPair {
  readonly part: IdxPart
  readonly images: ImportFile
  readonly labels: ImportFile
}

/** Images rewritten at once: some hundred thousand pixels, about a millisecond. */
const pieceRows = 256

/**
 * Reads pairs of images and labels; `stretch` is this step's part of the whole import.
 * Errors: `bad_file` where sizes don't agree within a file, a pair, or between the parts.
 */
export async function openIdx(
  work: Work,
  pairs: readonly IdxPair[],
  stretch: readonly [number, number]
): Promise<TableSource> {
  const [first] = pairs
  if (!first) throw new Error('No pair of IDX files was given.')
  const headers: { pair: IdxPair; images: IdxHeader; labels: IdxHeader }[] = []
  for (const pair of pairs) headers.push({ pair, ...(await readPair(pair)) })
  const [, height = 0, width = 0] = headers[0]?.images.sizes ?? []
  const odd = headers.find(({ images }) => images.sizes[1] !== height || images.sizes[2] !== width)
  if (odd) {
    const size = odd.images.sizes.slice(1).join(' x ')
    const { name } = odd.pair.images
    throw badFile(name, `${name} holds images of ${size} pixels, but ${first.images.name} of ${height} x ${width}.`)
  }
  const pixels = Array.from({ length: height * width }, (_, index) => `pixel${index}`)
  if (pixels.length + 2 > mostColumns)
    throw badFile(first.images.name, tooManyColumns(first.images.name, pixels.length + 2))
  const hasParts = pairs.length > 1
  const columns = [
    { name: 'label', expression: 'label', type: 'UTINYINT' },
    ...(hasParts ? [{ name: 'part', expression: 'part', type: 'VARCHAR' }] : []),
    ...pixels.map((name) => ({ name, expression: name, type: 'UTINYINT' }))
  ]
  const total = headers.reduce((sum, { images }) => sum + (images.sizes[0] ?? 0), 0)
  const onFraction = step(work, 'reading', 'Reading the images', stretch)
  const path = join(work.folder, 'images.csv')
  async function* lines() {
    let done = 0
    for (const { pair, images, labels } of headers) {
      for await (const { text, rows } of readLines(pair, images, labels, hasParts)) {
        yield text
        done += rows
        onFraction(done / total)
      }
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path), { signal: work.signal })
  const types = columns.map(({ name, type }) => `'${name}': '${type}'`).join(', ')
  return {
    relation: `read_csv(${sql.path(path)}, auto_detect = false, header = false, delim = ',', columns = {${types}})`,
    columns,
    decimal: null,
    semicolons: false,
    missing: { texts: [], named: [] },
    options: [],
    warnings: [],
    doubts: [],
    facts: ['IDX'],
    reading: { parts: pairs.map(({ part }) => part) }
  }
}

async function readPair({ images, labels }: IdxPair): Promise<{ images: IdxHeader; labels: IdxHeader }> {
  const imageHeader = await readIdxHeader(images.path, images.name, 3)
  const labelHeader = await readIdxHeader(labels.path, labels.name, 1)
  const [imageCount = 0] = imageHeader.sizes
  const [labelCount = 0] = labelHeader.sizes
  if (imageCount !== labelCount) {
    const message = `${images.name} holds ${imageCount} images, but ${labels.name} ${labelCount} labels. They don't belong together.`
    throw badFile(images.name, message)
  }
  if (imageCount === 0) throw badFile(images.name, `${images.name} holds no image.`)
  return { images: imageHeader, labels: labelHeader }
}

/** Every byte as text, followed by the sign between cells. */
const cells = Array.from({ length: 256 }, (_, byte) => Buffer.from(`${byte},`))

/** Reads images and labels as lines of CSV, some rows at a time. */
async function* readLines(
  pair: IdxPair,
  images: IdxHeader,
  labels: IdxHeader,
  hasParts: boolean
): AsyncGenerator<{ text: Buffer; rows: number }, void, void> {
  const [count = 0, height = 0, width = 0] = images.sizes
  const size = height * width
  const imageFile = await open(pair.images.path)
  const labelFile = await open(pair.labels.path)
  try {
    for (let start = 0; start < count; start += pieceRows) {
      const rows = Math.min(pieceRows, count - start)
      const pixels = Buffer.alloc(rows * size)
      const names = Buffer.alloc(rows)
      await imageFile.read(pixels, 0, pixels.length, images.offset + start * size)
      await labelFile.read(names, 0, rows, labels.offset + start)
      yield { text: toLines(pixels, names, hasParts ? `${pair.part},` : ''), rows }
    }
  } finally {
    await imageFile.close()
    await labelFile.close()
  }
}

function toLines(pixels: Buffer, labels: Buffer, part: string): Buffer {
  const size = pixels.length / labels.length
  // A cell takes four bytes at most.
  const text = Buffer.allocUnsafe(4 * (pixels.length + labels.length) + part.length * labels.length)
  let at = 0
  const put = (byte: number) => {
    const cell = cells[byte]
    if (!cell) return
    for (const character of cell) text[at++] = character
  }
  labels.forEach((label, row) => {
    put(label)
    at += text.write(part, at)
    for (let pixel = row * size; pixel < (row + 1) * size; pixel++) put(pixels[pixel] ?? 0)
    // The comma after the last pixel becomes the end of the line.
    text[at - 1] = 10
  })
  return text.subarray(0, at)
}
