/** A column on its way into the store: how its values are read from the source, and what is told of that. */
import type { ColumnDoubt, ColumnReading } from '#lab/datasets/import/columns/column-reading.ts'

export interface StoredColumn {
  readonly name: string
  /** SQL that gives the stored value in the source's relation. */
  readonly expression: string
  readonly reading: ColumnReading
  /** What a person should know of how it was read, in sentences. */
  readonly notes: readonly string[]
  readonly doubts: readonly ColumnDoubt[]
  /** Notes that are told above the columns as well. */
  readonly warnings?: readonly string[]
  /** SQL of whether a row holds an infinite number, where one does. */
  readonly infinite?: string
}

/** A column stored as it is, with a note where something is to be told. */
export function storeAs(
  name: string,
  expression: string,
  reading: ColumnReading,
  notes: readonly string[] = [],
  doubts: readonly ColumnDoubt[] = []
): StoredColumn {
  return { name, expression, reading, notes, doubts }
}
