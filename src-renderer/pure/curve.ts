/**
 * The curves of one run: columns of epoch records that grow as pieces arrive, in any order and overlapping.
 * Plain data; curves.svelte.ts owns them and tells the screen when they have changed.
 */
import { columnOf, endOf } from '#engine/training/epoch-columns.ts'
import type { CurvePiece } from '#contract/runs.ts'

export class Curve {
  /** Epochs known, counted from the first without a hole. */
  epochs = 0
  /** Grows with every piece: what was made of the curve before is of another version. */
  version = 0
  #columns = new Map<string, Float32Array>()

  /** Writes a piece over what is there; the same epochs twice say the same. */
  merge(piece: CurvePiece): void {
    if (piece.epochs === 0) return
    const first = piece.firstEpoch - 1
    const end = endOf(piece) - 1
    // A piece beyond the end would leave a hole that no later piece fills: the stream sends the records in order.
    if (first > this.epochs) return
    piece.columns.forEach((name, column) => {
      const values = this.#reserve(name, end)
      values.set(columnOf(piece, column), first)
    })
    this.epochs = Math.max(this.epochs, end)
    this.version++
  }

  /** The values of a column by epoch - 1; empty where the run has no such column. */
  column(name: string): Float32Array {
    return this.#columns.get(name)?.subarray(0, this.epochs) ?? new Float32Array()
  }

  /** The value of a column at an epoch; NaN where it was not measured. */
  at(name: string, epoch: number): number {
    return this.column(name)[epoch - 1] ?? NaN
  }

  get columnNames(): string[] {
    return [...this.#columns.keys()]
  }

  #reserve(name: string, length: number): Float32Array {
    const present = this.#columns.get(name)
    if (present && present.length >= length) return present
    const grown = new Float32Array(Math.max(256, 2 ** Math.ceil(Math.log2(length)))).fill(NaN)
    if (present) grown.set(present)
    this.#columns.set(name, grown)
    return grown
  }
}
