/**
 * The keyboard's cursor in a table, and the range that Shift extends. Both go by the keys of rows, so that neither sort
 * nor fold nor scroll loses them.
 */
export class RowCursor<Row extends { readonly key: string }> {
  /** The row a person went to; null until then. */
  key = $state<string | null>(null)
  /** Where a range begins; null where it will begin at the cursor. */
  #anchor = $state<string | null>(null)
  #rows: () => readonly Row[]
  #fallback: () => number

  /** @param fallback index of the row to begin at while there is no cursor, or its row is gone */
  constructor(rows: () => readonly Row[], fallback: () => number) {
    this.#rows = rows
    this.#fallback = fallback
  }

  /** The row under the cursor; -1 in an empty table. */
  readonly index = $derived.by(() => {
    const rows = this.#rows()
    const own = this.key === null ? -1 : rows.findIndex(({ key }) => key === this.key)
    return own >= 0 ? own : Math.min(rows.length - 1, Math.max(0, this.#fallback()))
  })

  get row(): Row | undefined {
    return this.#rows()[this.index]
  }

  goTo(row: Row): void {
    this.key = row.key
    this.#anchor = null
  }

  /** Goes to a row from which the next range begins, wherever the cursor is by then. */
  anchorAt(row: Row): void {
    this.key = row.key
    this.#anchor = row.key
  }

  /** Goes to a row and returns those from where the range began to it. */
  extendTo(index: number): readonly Row[] {
    const rows = this.#rows()
    this.#anchor ??= this.row?.key ?? null
    const anchor = rows.findIndex(({ key }) => key === this.#anchor)
    const from = anchor < 0 ? index : anchor
    this.key = rows[index]?.key ?? this.key
    return rows.slice(Math.min(from, index), Math.max(from, index) + 1)
  }
}
