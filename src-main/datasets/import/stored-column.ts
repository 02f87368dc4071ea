/** A column on its way into the store: how its values are read from the source, and what is told of that. */
import type { ColumnDoubt, ColumnReading } from '#lab/datasets/import/columns/column-reading.ts'
import type { Stage, Staged } from '#lab/datasets/import/columns/staged.ts'

export interface StoredColumn extends Staged {
  readonly name: string
  readonly reading: ColumnReading
  /** What a person should know of how it was read, in sentences. */
  readonly notes: readonly string[]
  readonly doubts: readonly ColumnDoubt[]
  /** Notes that are told above the columns as well. */
  readonly warnings?: readonly string[]
  /** SQL over `v`, the value, and `x`, the last stage, of whether a row holds an infinite number, where one does. */
  readonly infinite?: string
  /** Values that are not of the column's kind, and so missing; `where` is SQL over `v` and `x` of one of them. */
  readonly odd?: { readonly count: number; readonly values: number; readonly where: string }
}

/** A column stored as its value is, or as the stages make it. */
export function storeAs(
  name: string,
  value: string,
  reading: ColumnReading,
  stages: readonly Stage[] = [],
  notes: readonly string[] = [],
  doubts: readonly ColumnDoubt[] = []
): StoredColumn {
  return { name, value, reading, stages, notes, doubts }
}
