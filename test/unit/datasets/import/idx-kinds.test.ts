/** IDX files of all types of value, of other sets than MNIST, and under any name. */
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { importTable } from '#lab/datasets/import/import-table.ts'
import { openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

type Write = (to: Buffer, value: number, at: number) => void
const types = {
  u8: [0x08, 1, (to, value, at) => to.writeUInt8(value, at)],
  i8: [0x09, 1, (to, value, at) => to.writeInt8(value, at)],
  i16: [0x0b, 2, (to, value, at) => to.writeInt16BE(value, at)],
  i32: [0x0c, 4, (to, value, at) => to.writeInt32BE(value, at)],
  f32: [0x0d, 4, (to, value, at) => to.writeFloatBE(value, at)],
  f64: [0x0e, 8, (to, value, at) => to.writeDoubleBE(value, at)]
} satisfies Record<string, readonly [number, number, Write]>

function idx(type: keyof typeof types, sizes: readonly number[], values: readonly number[]): Buffer {
  const [code, bytes, write] = types[type]
  const offset = 4 + 4 * sizes.length
  const file = Buffer.alloc(offset + bytes * values.length)
  file.writeUInt8(code, 2)
  file.writeUInt8(sizes.length, 3)
  sizes.forEach((size, at) => file.writeUInt32BE(size, 4 + 4 * at))
  values.forEach((value, at) => write(file, value, offset + bytes * at))
  return file
}

const pixels = [1, 2, 3, 4, 5, 6, 7, 8]
const images = idx('u8', [2, 2, 2], pixels)
const labels = idx('u8', [2], [7, 3])

/** Imports the files named, or all, out of a folder that holds all. */
async function read(files: Record<string, Buffer>, chosen = Object.keys(files)) {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const given = chosen.map((name) => ({ path: join(folder, name), name: basename(name) }))
  const { file, columns, warnings, image } = await importTable(duckDb, given, {}, { folder })
  const rows = await duckDb.use(undefined, (session) => session.rows(`SELECT * FROM read_parquet('${file}')`))
  return { names: columns.map(({ name }) => name), rows, warnings, image }
}

describe('values', () => {
  test.each([
    ['i8', [-128, 127, 0, -1]],
    ['i16', [-300, 32767, 0, 1]],
    ['i32', [70_000, -2_000_000_000, 0, 1]],
    ['f32', [0.1, -2.5, 1e-7, 3]],
    ['f64', [0.123456789012, -1e-9, 0, 1]]
  ] as const)('of %s', async (type, values) => {
    const { rows, names } = await read({
      'train-images-idx3-float': idx(type, [2, 1, 2], values),
      'train-labels-idx1-ubyte': labels
    })
    expect(names).toEqual(['label', 'pixel0', 'pixel1'])
    expect(rows).toEqual([
      [7, values[0], values[1]],
      [3, values[2], values[3]]
    ])
  })

  test('that are no numbers are missing', async () => {
    const { rows } = await read({
      'train-images-idx3-float': idx('f32', [2, 1, 2], [1.5, NaN, 2, 3]),
      'train-labels-idx1-ubyte': labels
    })
    expect(rows[0]).toEqual([7, 1.5, null])
  })
})

describe('other sets than MNIST', () => {
  test('QMNIST: of eight numbers a label the first is the class, and that is told', async () => {
    const wide = idx('i32', [2, 8], [5, 0, 2167, 20, 53, 0, 0, 0, 9, 4, 311, 7, 57, 1, 0, 0])
    const files = { 'qmnist-train-images-idx3-ubyte': images, 'qmnist-train-labels-idx2-int': wide }
    const { rows, names, warnings } = await read(files, ['qmnist-train-images-idx3-ubyte'])
    expect(names[0]).toBe('label')
    expect(rows.map(([label]) => label)).toEqual([5, 9])
    expect(warnings.join(' ')).toMatch(/8 values a label, as QMNIST has: the first is the class/)
  })

  test('EMNIST: images lie on their side as in the file, and that is told', async () => {
    const { rows, warnings } = await read({
      'emnist-letters-test-images-idx3-ubyte.gz': gzipSync(images),
      'emnist-letters-test-labels-idx1-ubyte.gz': gzipSync(labels)
    })
    expect(rows[0]).toEqual([7, 1, 2, 3, 4])
    expect(warnings.join(' ')).toMatch(/rows and columns swapped/)
  })

  test('sets beside each other do not mix', async () => {
    const files = {
      'train-images-idx3-ubyte': idx('u8', [2, 2, 2], [9, 9, 9, 9, 9, 9, 9, 9]),
      'train-labels-idx1-ubyte': labels,
      'kmnist-train-images-idx3-ubyte': images,
      'kmnist-train-labels-idx1-ubyte': idx('u8', [2], [1, 2])
    }
    expect((await read(files, ['kmnist-train-images-idx3-ubyte'])).rows).toEqual([
      [1, 1, 2, 3, 4],
      [2, 5, 6, 7, 8]
    ])
  })

  test('images of several channels have a column for each value', async () => {
    const { names } = await read({
      'train-images-idx4-ubyte': idx('u8', [2, 2, 2, 1], pixels),
      'train-labels-idx1-ubyte': labels
    })
    expect(names).toHaveLength(5)
  })
})

describe('any name', () => {
  test('two files are images and labels by their dimensions', async () => {
    const { rows } = await read({ 'y (1).gz': gzipSync(labels), 'x (1).gz': gzipSync(images) })
    expect(rows).toEqual([
      [7, 1, 2, 3, 4],
      [3, 5, 6, 7, 8]
    ])
  })

  test('copies that a browser numbered are found as well', async () => {
    const files = { 'train-images-idx3-ubyte (1)': images, 'train-labels-idx1-ubyte (1)': labels }
    expect((await read(files, ['train-images-idx3-ubyte (1)'])).rows).toHaveLength(2)
  })

  test('a matrix by itself is a table', async () => {
    const { rows, names } = await read({ 'features.idx': idx('f64', [2, 3], [1, 2, 3, 4, 5, 6.5]) })
    expect(names).toEqual(['x0', 'x1', 'x2'])
    expect(rows).toEqual([
      [1, 2, 3],
      [4, 5, 6.5]
    ])
  })
})

describe('what is no pair is named for what it is', () => {
  test.each([
    ['images alone', { 'x.idx': images }, /x\.idx is an IDX file of images, and needs the labels/],
    ['labels alone', { 'y.idx': labels }, /y\.idx is an IDX file of labels, and needs the images/],
    [
      'a pair of one half',
      { 'train-images-idx3-ubyte': images },
      /needs its labels, such as train-labels-idx1-ubyte\. Choose both/
    ],
    [
      'other counts',
      { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': idx('u8', [3], [1, 2, 3]) },
      /holds 2 images, but train-labels-idx1-ubyte 3 labels/
    ],
    [
      'a file cut off',
      { 'train-images-idx3-ubyte': images.subarray(0, 20), 'train-labels-idx1-ubyte': labels },
      /says it holds 2 x 2 x 2 values, 24 bytes with its header, but has 20/
    ],
    [
      'no image',
      { 'train-images-idx3-ubyte': idx('u8', [0, 2, 2], []), 'train-labels-idx1-ubyte': idx('u8', [0], []) },
      /holds no image/
    ]
  ])('%s', async (_, files, message) => {
    await expect(read(files)).rejects.toThrow(message)
  })
})
