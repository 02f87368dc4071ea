/** Rows of the training part as the network sees them, read from the prepared table: evenly spread where there are many. */
import { open } from 'node:fs/promises'
import type { MatrixFile } from '#engine/process/protocol.ts'

export interface TrainingRows {
  /** Places of the rows in the part. */
  readonly places: Uint32Array
  /** (rows, inputs) row-major. */
  readonly inputs: Float32Array
  readonly targets: Float32Array
  /** Rows of the whole part. */
  readonly ofRows: number
}

const mostRows = 20_000
const mostNumbers = 1_000_000
const floatBytes = Float32Array.BYTES_PER_ELEMENT

/** Reads at most 20,000 rows and a million numbers of a part. */
export async function readTrainingRows({ path, rows }: MatrixFile, width: number): Promise<TrainingRows> {
  const places = evenly(rows, Math.max(1, Math.min(mostRows, Math.floor(mostNumbers / width))))
  const inputs = new Float32Array(places.length * width)
  const allTargets = new Float32Array(rows)
  const file = await open(path, 'r')
  try {
    if (places.length === rows) await file.read(bytesOf(inputs), 0, inputs.byteLength, 0)
    else {
      for (const [index, place] of places.entries()) {
        const row = inputs.subarray(index * width, (index + 1) * width)
        await file.read(bytesOf(row), 0, row.byteLength, place * width * floatBytes)
      }
    }
    await file.read(bytesOf(allTargets), 0, allTargets.byteLength, rows * width * floatBytes)
  } finally {
    await file.close()
  }
  return { places, inputs, targets: Float32Array.from(places, (place) => allTargets[place] ?? 0), ofRows: rows }
}

/** Reads the inputs of one row of a part. */
export async function readRow({ path }: MatrixFile, width: number, place: number): Promise<Float32Array> {
  const row = new Float32Array(width)
  const file = await open(path, 'r')
  try {
    await file.read(bytesOf(row), 0, row.byteLength, place * width * floatBytes)
    return row
  } finally {
    await file.close()
  }
}

/** Places evenly spread over `count`, all of them where they are at most `most`. */
export function evenly(count: number, most: number): Uint32Array {
  const taken = Math.min(count, most)
  return Uint32Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken))
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
