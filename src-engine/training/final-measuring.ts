/**
 * The last measuring of a run: its parts with the weights of its best epoch, piece by piece, so that a large part does
 * not hold up the runs beside it. The run's own weights are back in the arena when the last piece is done.
 */
import { noSums, type Sums } from '#engine/kernels/kernels.ts'
import { measureRows, type PartView } from '#engine/training/evaluation.ts'
import type { NetworkArena } from '#engine/training/network-arena.ts'

export class FinalMeasuring {
  readonly #network: NetworkArena
  readonly #parts: readonly PartView[]
  readonly #inputs: number
  readonly #kept: Float32Array
  readonly #sums: Sums[] = []
  #row = 0

  constructor(network: NetworkArena, parts: readonly PartView[], inputs: number) {
    this.#network = network
    this.#parts = parts
    this.#inputs = inputs
    this.#kept = network.program.weights.slice()
    network.program.weights.set(network.program.best)
    network.program.measuredSums = noSums
  }

  /** The sums of each part, in the order of the parts, as far as they have been measured to their end. */
  get sums(): readonly Sums[] {
    return this.#sums
  }

  /** Measures the next piece; returns whether there is another one. */
  next(): boolean {
    const { program } = this.#network
    const part = this.#parts[this.#sums.length]
    if (!part) return false
    this.#row = measureRows(this.#network, part, this.#inputs, this.#row)
    if (this.#row >= part.rows) {
      this.#sums.push(program.measuredSums)
      program.measuredSums = noSums
      this.#row = 0
    }
    if (this.#sums.length < this.#parts.length) return true
    program.weights.set(this.#kept)
    return false
  }
}
