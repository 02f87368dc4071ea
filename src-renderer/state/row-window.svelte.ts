/**
 * The rows of a long table that are in its page: those in sight and a few beyond. Knows heights in pixels and no
 * element; who scrolls tells it where to, and asks it where to.
 */
import { RowPlaces } from '#renderer/pure/row-places.ts'

/** Pixels of a row and of the head that stays above them. */
export const rowHeight = 32
const headHeight = 30

/** Rows beyond each edge, so that a quick scroll finds them made. */
const spareRows = 6

export class RowWindow<Row extends { readonly key: string }> {
  scrollTop = $state(0)
  /** Pixels of the frame, its head included. */
  height = $state(300)
  #rows: () => readonly Row[]
  #places = new RowPlaces()

  constructor(rows: () => readonly Row[]) {
    this.#rows = rows
  }

  /** Index of the first row that is made. */
  readonly first = $derived.by(() =>
    Math.max(0, Math.min(this.#rows().length, Math.floor(this.scrollTop / rowHeight) - spareRows))
  )

  /** Index after the last row that is made. */
  readonly last = $derived.by(() =>
    Math.min(this.#rows().length, Math.ceil((this.scrollTop + this.height) / rowHeight) + spareRows)
  )

  /** The rows that are made, each with the place whose elements it takes over. */
  readonly made = $derived.by(() => {
    const rows = this.#rows().slice(this.first, this.last)
    const places = this.#places.assign(rows.map(({ key }) => key))
    return rows.map((row, index) => ({ row, place: places[index] }))
  })

  /** Pixels of the rows before and after those that are made. */
  get above(): number {
    return this.first * rowHeight
  }

  get below(): number {
    return (this.#rows().length - this.last) * rowHeight
  }

  /** Rows that a page key goes on by: one of those in sight stays. */
  get page(): number {
    return Math.max(1, Math.floor((this.height - headHeight) / rowHeight) - 1)
  }

  /** Where to scroll so that a row is whole in sight; null where it is. */
  scrollFor(index: number): number | null {
    const top = index * rowHeight
    if (index < 0) return null
    if (top < this.scrollTop) return top
    const bottom = top + rowHeight + headHeight - this.height
    return bottom > this.scrollTop ? bottom : null
  }
}
