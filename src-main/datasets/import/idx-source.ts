/**
 * IDX files as a source: one row an image, its label, its part where there are both, and its pixels; or one row of a
 * matrix. The values are rewritten as a temporary CSV, which DuckDB reads in its own threads; handing it the values one
 * by one would hold up the process for seconds.
 */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { type IdxHeader, type IdxPart, readIdxHeader } from '#lab/datasets/import/idx.ts'
import { idxLines, rowWidth } from '#lab/datasets/import/idx-lines.ts'
import { mostColumns, type TableSource, tooManyColumns } from '#lab/datasets/import/table-source.ts'
import { step, type Work } from '#lab/datasets/import/work.ts'
import * as sql from '#lab/datasets/sql.ts'
import { formatCount } from '#words/numbers.ts'

export interface IdxPair {
  readonly part: IdxPart
  readonly images: ImportFile
  readonly labels: ImportFile
}

interface Halves {
  readonly part: IdxPart
  readonly images: { readonly file: ImportFile; readonly header: IdxHeader }
  readonly labels: { readonly file: ImportFile; readonly header: IdxHeader } | null
}

/**
 * Reads pairs of images and labels; `stretch` is this step's part of the whole import.
 * Errors: `bad_file` where sizes don't agree within a file, a pair, or between the parts.
 */
export async function openIdx(
  work: Work,
  pairs: readonly IdxPair[],
  stretch: readonly [number, number]
): Promise<TableSource> {
  const halves: Halves[] = []
  for (const pair of pairs) halves.push(await readPair(pair))
  const [first] = halves
  if (!first) throw new Error('No pair of IDX files was given.')
  const sizeOf = ({ images }: Halves) => images.header.sizes.slice(1).join(' x ')
  const odd = halves.find((pair) => sizeOf(pair) !== sizeOf(first))
  if (odd) {
    const { name } = odd.images.file
    throw badFile(
      name,
      `${name} holds images of ${sizeOf(odd)} pixels, but ${first.images.file.name} of ${sizeOf(first)}.`
    )
  }
  return { ...(await openRows(work, halves, 'pixel', stretch)), warnings: warningsOf(halves) }
}

/** Reads one file of two dimensions as the rows of a matrix. Errors: `bad_file` for labels and images by themselves. */
export async function openMatrix(
  work: Work,
  file: ImportFile,
  stretch: readonly [number, number]
): Promise<TableSource> {
  const header = await readIdxHeader(file.path, file.name)
  if (header.sizes.length !== 2) {
    const [what, other] = header.sizes.length === 1 ? ['labels', 'images'] : ['images', 'labels']
    const message =
      `${file.name} is an IDX file of ${what}, and needs the ${other} that belong to them. Choose both files together, ` +
      'or name them as MNIST does: train-images-idx3-ubyte and train-labels-idx1-ubyte.'
    throw badFile(file.name, message)
  }
  return openRows(work, [{ part: 'train', images: { file, header }, labels: null }], 'x', stretch)
}

async function openRows(
  work: Work,
  halves: readonly Halves[],
  stem: string,
  stretch: readonly [number, number]
): Promise<TableSource> {
  const [first] = halves
  if (!first) throw new Error('No IDX file was given.')
  const { file, header } = first.images
  const width = rowWidth(header)
  if (width + 2 > mostColumns) throw badFile(file.name, tooManyColumns(file.name, width + 2))
  const hasParts = halves.length > 1
  const columns = [
    ...(first.labels ? [{ name: 'label', type: first.labels.header.type.sql }] : []),
    ...(hasParts ? [{ name: 'part', type: 'VARCHAR' }] : []),
    ...Array.from({ length: width }, (_, index) => ({ name: `${stem}${index}`, type: header.type.sql }))
  ].map((column) => ({ ...column, expression: column.name }))
  const total = halves.reduce((sum, { images }) => sum + (images.header.sizes[0] ?? 0), 0)
  const onFraction = step(work, 'reading', 'Reading the images', stretch)
  const path = join(work.folder, 'images.csv')
  async function* lines() {
    let done = 0
    for (const { part, images, labels } of halves) {
      const read = ({ file: { path: from }, header: of }: Halves['images']) => ({ path: from, header: of })
      const rows = { values: read(images), labels: labels && read(labels), part: hasParts ? part : null }
      for await (const piece of idxLines(rows)) {
        yield piece.text
        done += piece.rows
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
    reading: { parts: halves.map(({ part }) => part) }
  }
}

async function readPair({ part, images, labels }: IdxPair): Promise<Halves> {
  const image = { file: images, header: await readIdxHeader(images.path, images.name) }
  const label = { file: labels, header: await readIdxHeader(labels.path, labels.name) }
  if (image.header.sizes.length < 3) throw wrongFile(image, 'images have three or four')
  if (label.header.sizes.length > 2) throw wrongFile(label, 'labels have one or two')
  const [imageCount = 0] = image.header.sizes
  const [labelCount = 0] = label.header.sizes
  if (imageCount !== labelCount) {
    const message = `${images.name} holds ${imageCount} images, but ${labels.name} ${labelCount} labels. They don't belong together.`
    throw badFile(images.name, message)
  }
  if (imageCount === 0 || rowWidth(image.header) === 0) throw badFile(images.name, `${images.name} holds no image.`)
  if (rowWidth(label.header) === 0) throw badFile(labels.name, `${labels.name} holds no label.`)
  return { part, images: image, labels: label }
}

function wrongFile({ file, header }: Halves['images'], expected: string): Error {
  return badFile(
    file.name,
    `${file.name} has ${header.sizes.length} dimensions where ${expected}. Check that it is the right file.`
  )
}

function warningsOf(halves: readonly Halves[]): string[] {
  const wide = halves.find(({ labels }) => labels && rowWidth(labels.header) > 1)?.labels
  // Cohen et al. 2017, EMNIST: the images are stored column by column.
  const emnist = halves.find(({ images }) => /emnist/i.test(images.file.name))
  return [
    ...(wide
      ? [
          `${wide.file.name} has ${formatCount(rowWidth(wide.header))} values a label, as QMNIST has: the first is the class, the others (writer, form and codes) are left out.`
        ]
      : []),
    ...(emnist
      ? ['Files of EMNIST hold their images with rows and columns swapped; they are kept and shown as they are there.']
      : [])
  ]
}
