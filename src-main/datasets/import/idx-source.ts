/** IDX images and labels as a source: one row an image, its pixels, its label and, where both are there, its part. */
import { open } from 'node:fs/promises'
import { DuckDBDataChunk, UTINYINT, VARCHAR } from '@duckdb/node-api'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { type IdxHeader, type IdxPart, readIdxHeader } from '#lab/datasets/import/idx.ts'
import { mostColumns, type TableSource, tooManyColumns } from '#lab/datasets/import/table-source.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { Session } from '#lab/datasets/tables.ts'

export interface IdxPair {
  readonly part: IdxPart
  readonly images: ImportFile
  readonly labels: ImportFile
}

/** Rows appended at once: a few hundred thousand pixels, some milliseconds. */
const pieceRows = 512

/**
 * Reads pairs of images and labels into a temporary table of the session.
 * Errors: `bad_file` where sizes don't agree within a file, a pair, or between the parts.
 */
export async function openIdx(
  session: Session,
  pairs: readonly IdxPair[],
  onFraction: (fraction: number) => void
): Promise<TableSource> {
  const [first] = pairs
  if (!first) throw new Error('No pair of IDX files was given.')
  const headers = []
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
  await session.rows(`CREATE TEMP TABLE idx (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`)
  const total = headers.reduce((sum, { images }) => sum + (images.sizes[0] ?? 0), 0)
  let done = 0
  for (const { pair, images, labels } of headers) {
    await append(session, pair, images, labels, hasParts, (rows) => {
      done += rows
      onFraction(done / total)
    })
  }
  return {
    relation: 'idx',
    columns,
    decimal: '.',
    missing: [],
    warnings: [],
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

async function append(
  session: Session,
  pair: IdxPair,
  images: IdxHeader,
  labels: IdxHeader,
  hasParts: boolean,
  onRows: (rows: number) => void
): Promise<void> {
  const pause = createPause()
  const [count = 0, height = 0, width = 0] = images.sizes
  const size = height * width
  const leading = hasParts ? 2 : 1
  const types = [UTINYINT, ...(hasParts ? [VARCHAR] : []), ...Array.from({ length: size }, () => UTINYINT)]
  const imageFile = await open(pair.images.path)
  const labelFile = await open(pair.labels.path)
  const appender = await session.appender('idx')
  try {
    for (let start = 0; start < count; start += pieceRows) {
      session.checkCancelled()
      const rows = Math.min(pieceRows, count - start)
      const pixels = Buffer.alloc(rows * size)
      const names = Buffer.alloc(rows)
      await imageFile.read(pixels, 0, pixels.length, images.offset + start * size)
      await labelFile.read(names, 0, rows, labels.offset + start)
      const chunk = DuckDBDataChunk.create(types, rows)
      chunk.setColumnValues(0, [...names])
      if (hasParts) chunk.setColumnValues(1, new Array<string>(rows).fill(pair.part))
      for (let pixel = 0; pixel < size; pixel++) {
        const vector = chunk.getColumnVector(leading + pixel)
        for (let row = 0; row < rows; row++) vector.setItem(row, pixels[row * size + pixel] ?? 0)
        vector.flush()
        await pause()
      }
      appender.appendDataChunk(chunk)
      // Left to itself the appender writes all rows at once in the end, for two seconds.
      appender.flushSync()
      await pause()
      onRows(rows)
    }
  } finally {
    appender.closeSync()
    await imageFile.close()
    await labelFile.close()
  }
}
