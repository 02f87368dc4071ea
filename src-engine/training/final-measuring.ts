/**
 * The last measuring of a run: its parts with the weights of its best epoch, piece by piece, so that a large part does
 * not hold up the runs beside it. The run's own weights are back in the arena when the last piece is done.
 */
import { noSums, type Sums } from '#engine/kernels/program.ts'
import { measureRows, type PartView } from '#engine/training/evaluation.ts'
import type { PartDetails } from '#engine/training/metrics.ts'
import type { NetworkArena } from '#engine/training/network-arena.ts'
import type { PartDetailing } from '#engine/training/part-details.ts'
import type { RowFigures, RowFiguring } from '#engine/training/row-figures.ts'

/** A part and what gathers its full figures, and those of its rows where they are kept. */
export interface FinalPart {
  readonly view: PartView
  readonly detailing: PartDetailing
  readonly figuring: RowFiguring | null
}

/** What a part came to. */
export interface MeasuredPart {
  readonly sums: Sums
  readonly details: PartDetails
  readonly rows: RowFigures | null
}

export class FinalMeasuring {
  readonly #network: NetworkArena
  readonly #inputs: number
  readonly #measured: MeasuredPart[] = []
  readonly #steps: Generator<void, void, void>

  constructor(network: NetworkArena, parts: readonly FinalPart[], inputs: number) {
    this.#network = network
    this.#inputs = inputs
    this.#steps = this.#measureAll(parts)
  }

  /** What the parts came to, in their order, as far as they have been measured to their end. */
  get measured(): readonly MeasuredPart[] {
    return this.#measured
  }

  /** Measures the next piece; returns whether there is another one. */
  next(): boolean {
    return this.#steps.next().done !== true
  }

  *#measureAll(parts: readonly FinalPart[]): Generator<void, void, void> {
    const { program } = this.#network
    const kept = program.weights.slice()
    program.weights.set(program.best)
    for (const part of parts) this.#measured.push(yield* this.#measure(part))
    program.weights.set(kept)
  }

  *#measure({ view, detailing, figuring }: FinalPart): Generator<void, MeasuredPart, void> {
    const { program } = this.#network
    program.measuredSums = noSums
    for (let row = 0; row < view.rows;) {
      const next = measureRows(this.#network, view, this.#inputs, row)
      const outputs = program.predictHere(view.inputs + row * this.#inputs * 4, next - row)
      detailing.add(outputs)
      figuring?.add(outputs)
      row = next
      yield
    }
    return { sums: program.measuredSums, details: yield* detailing.finish(), rows: figuring?.finish() ?? null }
  }
}
