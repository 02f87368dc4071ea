/** The targets of a prepared part, out of its file: they lie behind the inputs of all rows. */
import { open } from 'node:fs/promises'
import type { MatrixFile } from '#engine/process/protocol.ts'

/** Reads class numbers or scaled numbers, in the order of the rows. */
export async function readTargets({ path, rows }: MatrixFile, inputs: number): Promise<Float32Array> {
  const targets = new Float32Array(rows)
  const file = await open(path, 'r')
  try {
    await file.read(new Uint8Array(targets.buffer), 0, targets.byteLength, rows * inputs * targets.BYTES_PER_ELEMENT)
    return targets
  } finally {
    await file.close()
  }
}
