/** What one import works with: its connection, its folder for what is temporary, and whom it tells how far it is. */
import type { ImportProgress, ReadOptions } from '#contract/datasets.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

export type Progress = Omit<Extract<ImportProgress, { type: 'progress' }>, 'type'>

export interface Work {
  readonly session: Session
  /** A folder of its own in the lab, deleted when the import ends. */
  readonly folder: string
  readonly options: ReadOptions
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: Progress) => void
}

/** Makes a listener for one step, whose 0 to 1 is a stretch of the whole import's. */
export function step(
  work: Work,
  stage: Progress['stage'],
  message: string,
  [from, to]: readonly [number, number]
): (fraction: number) => void {
  return (fraction) => work.onProgress({ stage, message, fraction: from + (to - from) * Math.min(fraction, 1) })
}
