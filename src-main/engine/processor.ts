/** The kind of processor: on the same kind a unit comes to the same bits, and goes on from a checkpoint. */
import { cpus } from 'node:os'
import { suitableTile } from '#lab/engine/wide-vectors.ts'

let known: string | null = null

/** Such as `x64, Intel Xeon, tiles of 8`; asked for once, as the system takes a while to say. */
export function processorKind(): string {
  known ??= `${process.arch}, ${cpus()[0]?.model.trim() ?? 'unknown'}, tiles of ${suitableTile()}`.slice(0, 200)
  return known
}
