/** Values of IDX files as lines of CSV, which DuckDB reads in its own threads. */
import { open } from 'node:fs/promises'
import { numberText } from '#lab/datasets/import/foreign/rows.ts'
import type { IdxHeader } from '#lab/datasets/import/idx.ts'

/** Rows of one or two files side by side: the first value of each label, what stands between, and the values. */
export interface IdxRows {
  readonly values: { readonly path: string; readonly header: IdxHeader }
  readonly labels: { readonly path: string; readonly header: IdxHeader } | null
  /** A cell between label and values; none where it is null. */
  readonly part: string | null
}

/** Rows rewritten at once: some hundred thousand values, about a millisecond. */
const pieceRows = 256

/** Reads rows as lines of CSV, some at a time. */
export async function* idxLines({
  values,
  labels,
  part
}: IdxRows): AsyncGenerator<{ text: Buffer; rows: number }, void, void> {
  const [count = 0] = values.header.sizes
  const valueFile = await open(values.path)
  const labelFile = labels && (await open(labels.path).catch(closing(valueFile)))
  const between = part === null ? '' : `${part},`
  const isBytes = values.header.type.sql === 'UTINYINT'
  try {
    for (let start = 0; start < count; start += pieceRows) {
      const rows = Math.min(pieceRows, count - start)
      const read = await readRows(valueFile, values.header, start, rows)
      const names =
        labels && labelFile ? firstOfEach(await readRows(labelFile, labels.header, start, rows), labels.header) : []
      const before = Array.from({ length: rows }, (_, row) => (labels ? `${names[row]},${between}` : between))
      yield { text: isBytes ? bytesToLines(read, before) : toLines(read, values.header, before), rows }
    }
  } finally {
    await valueFile.close()
    await labelFile?.close()
  }
}

type File = Awaited<ReturnType<typeof open>>

const closing = (file: File) => async (error: unknown) => {
  await file.close()
  throw error
}

/** Values of a row. */
export function rowWidth({ sizes }: IdxHeader): number {
  return sizes.slice(1).reduce((product, size) => product * size, 1)
}

async function readRows(file: File, header: IdxHeader, start: number, rows: number): Promise<Buffer> {
  const bytes = rowWidth(header) * header.type.bytes
  const read = Buffer.alloc(rows * bytes)
  await file.read(read, 0, read.length, header.offset + start * bytes)
  return read
}

function firstOfEach(read: Buffer, header: IdxHeader): string[] {
  const bytes = rowWidth(header) * header.type.bytes
  return Array.from({ length: read.length / bytes }, (_, row) => numberText(header.type.read(read, row * bytes)))
}

/** Every byte as text, followed by the sign between cells. */
const cells = Array.from({ length: 256 }, (_, byte) => Buffer.from(`${byte},`))

function bytesToLines(read: Buffer, before: readonly string[]): Buffer {
  const size = read.length / before.length
  // A cell takes four bytes at most.
  const text = Buffer.allocUnsafe(4 * read.length + before.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  before.forEach((start, row) => {
    at += text.write(start, at)
    for (let place = row * size; place < (row + 1) * size; place++) {
      for (const character of cells[read[place] ?? 0] ?? []) text[at++] = character
    }
    // The comma after the last value becomes the end of the line.
    text[at - 1] = 10
  })
  return text.subarray(0, at)
}

function toLines(read: Buffer, header: IdxHeader, before: readonly string[]): Buffer {
  const { bytes, read: valueAt } = header.type
  const width = rowWidth(header)
  const lines = before.map((start, row) => {
    const values = Array.from({ length: width }, (_, place) => numberText(valueAt(read, (row * width + place) * bytes)))
    return `${start}${values.join(',')}\n`
  })
  return Buffer.from(lines.join(''))
}
