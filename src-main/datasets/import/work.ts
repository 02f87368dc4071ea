/** What one import works with: its connection, its folder for what is temporary, and whom it tells how far it is. */
import type { ImportProgress } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import type { TableRules } from '#lab/datasets/import/columns/rules.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

export type Progress = Omit<Extract<ImportProgress, { type: 'progress' }>, 'type'>

export interface Work {
  readonly session: Session
  /** A folder of its own in the lab, deleted when the import ends. */
  readonly folder: string
  readonly options: ReadOptions
  /** How a file of these bytes was read before; null where nothing is known or wanted of that. */
  readonly optionsBefore: (bytes: readonly string[]) => ReadOptions | null
  /** How the columns of another table were read, which this one is to fit; null for a table of its own. */
  readonly rules: TableRules | null
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
