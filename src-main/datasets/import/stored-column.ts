/** A column on its way into the store: what the first pass found in its texts, and how it will be stored. */

export interface StoredColumn {
  readonly name: string
  /** SQL that gives the stored value in the source's relation. */
  readonly expression: string
  /** What a person should know of how it was read. */
  readonly note: string | null
  readonly warning: string | null
  /** SQL of whether a row holds an infinite number, where one does: the table is refused. */
  readonly infinite?: string | null
}

export interface TextColumn {
  readonly name: string
  /** SQL of the text, null where it stands for a missing value. */
  readonly value: string
  /** SQL of its number, null where it is none. */
  readonly number: string
  /** Rows with a value, and with a number. */
  readonly values: number
  readonly numbers: number
  /** Whether every number is whole; the largest without its sign. */
  readonly isWhole: boolean
  readonly largest: number
  readonly hasLeadingZero: boolean
  /** A value that is no number. */
  readonly odd: string | null
}

/** Stores a column by an expression. */
export function storeAs(
  name: string,
  expression: string,
  note: string | null = null,
  warning: string | null = null
): StoredColumn {
  return { name, expression, note, warning }
}

/** Stores a column as the text it is. */
export function keepText(column: TextColumn, note: string | null = null, warning: string | null = null): StoredColumn {
  return storeAs(column.name, column.value, note, warning)
}
