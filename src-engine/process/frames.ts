/**
 * Merges the epoch records of all runs into frames: one message for many epochs of many runs.
 * It keeps no clock; the coordinator decides when a frame leaves.
 */
import type { RunFrame } from '#engine/process/protocol.ts'

export interface FrameMerger {
  /** Adds records; those of one run must come in the order of their epochs. */
  add(records: RunFrame): void
  /** Empties the merger: one entry per run, runs in the order in which their first record came. */
  take(): RunFrame[]
}

/** Creates an empty merger. */
export function createFrameMerger(): FrameMerger {
  let waiting = new Map<number, RunFrame[]>()
  return {
    add(records) {
      const before = waiting.get(records.runId)
      if (before) before.push(records)
      else waiting.set(records.runId, [records])
    },
    take() {
      const runs = [...waiting.values()].map(join)
      waiting = new Map()
      return runs
    }
  }
}

/**
 * Joins consecutive records of one run.
 * Shapes: each part (columns, its epochs) column-major; the result (columns, all epochs) column-major, a new array.
 */
function join(parts: readonly RunFrame[]): RunFrame {
  const first = parts[0] as RunFrame
  if (parts.length === 1) return first
  const epochs = parts.reduce((sum, part) => sum + part.epochs, 0)
  const columns = first.values.length / first.epochs
  const values = new Float32Array(columns * epochs)
  let row = 0
  for (const part of parts) {
    for (let column = 0; column < columns; column++) {
      values.set(part.values.subarray(column * part.epochs, (column + 1) * part.epochs), column * epochs + row)
    }
    row += part.epochs
  }
  return { runId: first.runId, firstEpoch: first.firstEpoch, epochs, values }
}
