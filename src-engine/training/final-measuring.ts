/**
 * The last measuring of a run: its parts with the weights of its best epoch, piece by piece, so that a large part does
 * not hold up the runs beside it. The run's own weights are back in the arena when the last piece is done.
 */
import { noSums, type Sums } from '#engine/kernels/program.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { measureRows, type PartView, targetsOf } from '#engine/training/evaluation.ts'
import type { PartDetails } from '#engine/training/metrics.ts'
import type { NetworkArena } from '#engine/training/network-arena.ts'
import type { TrainingSetup } from '#engine/training/open-training.ts'
import { detailPart, type PartDetailing } from '#engine/training/part-details.ts'
import { figureRows, type RowFigures, type RowFiguring } from '#engine/training/row-figures.ts'

type FinalSetup = Pick<TrainingSetup, 'kernels' | 'task' | 'classes' | 'topology'> & {
  readonly targetScale: { readonly deviation: number }
}

/** The parts of a run in the arena. */
export interface FinalViews {
  readonly train: PartView
  readonly validation: PartView | null
}

/** A part and what gathers its full figures, and those of its rows where they are kept. */
interface FinalPart {
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

  constructor(network: NetworkArena, setup: FinalSetup, views: FinalViews) {
    this.#network = network
    this.#inputs = setup.topology.inputs
    this.#steps = this.#measureAll(finalParts(setup, views))
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

/** What the last measuring has to gather: both parts, and of the validation part each row. */
function finalParts(setup: FinalSetup, { train, validation }: FinalViews): FinalPart[] {
  const { kernels, task, classes, topology, targetScale } = setup
  const units = outputLayer(topology).units
  const measured = (view: PartView) => {
    return { task, classes, units, targets: targetsOf(kernels, view), deviation: targetScale.deviation }
  }
  const parts: FinalPart[] = [{ view: train, detailing: detailPart(measured(train)), figuring: null }]
  if (validation) {
    const part = measured(validation)
    parts.push({ view: validation, detailing: detailPart(part), figuring: figureRows(part) })
  }
  return parts
}
