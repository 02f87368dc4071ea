/**
 * Merges the epoch records of all runs into frames: one message for many epochs of many runs.
 * It keeps no clock; the coordinator decides when a frame leaves.
 */
import { joinColumns, type RunColumns } from '#engine/training/epoch-columns.ts'

export interface FrameMerger {
  /** Adds records; those of one run must come in the order of their epochs. */
  add(records: RunColumns): void
  /** Empties the merger: one entry per run, runs in the order in which their first record came. */
  take(): RunColumns[]
}

/** Creates an empty merger. */
export function createFrameMerger(): FrameMerger {
  let waiting = new Map<number, RunColumns[]>()
  return {
    add(records) {
      const before = waiting.get(records.runId)
      if (before) before.push(records)
      else waiting.set(records.runId, [records])
    },
    take() {
      const runs = [...waiting].map(([runId, parts]) => ({ runId, ...joinColumns(parts) }))
      waiting = new Map()
      return runs
    }
  }
}
