/**
 * Figures of a part whose inputs of one column are put in another order over the rows: what a network loses that is
 * told nothing by that column. The part is changed in place and put right again.
 */
import { Random } from '#engine/random.ts'
import { type Evaluation, measurePart, openEvaluation } from '#engine/training/evaluation.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'

/** A stretch of the inputs of a row. */
export interface InputGroup {
  readonly first: number
  readonly count: number
}

export interface Permutation {
  readonly groups: readonly InputGroup[]
  readonly repeats: number
  readonly seed: number
}

/**
 * Measures the part `repeats` times for every group, each time with the group's inputs in another random order of rows.
 * Shapes: result (groups, repeats). The order depends on the seed and the group's first input alone, so that groups may
 * be measured one by one.
 * Errors: as evaluate(); throws RangeError for a group beyond the inputs.
 * Source: Breiman 2001, section 10; Fisher, Rudin & Dominici 2019 for the permuted error as reliance on an input.
 */
export function measurePermuted(evaluation: Evaluation, { groups, repeats, seed }: Permutation): PartMetrics[][] {
  const { kernels, topology, part } = evaluation
  const { network, scale } = openEvaluation(evaluation)
  const width = topology.inputs
  const inputs = new Float32Array(kernels.memory.buffer, part.inputs, part.rows * width)
  return groups.map(({ first, count }) => {
    if (first < 0 || first + count > width)
      throw new RangeError(`There are no inputs ${first} to ${first + count - 1}.`)
    const random = new Random(seed + first)
    const order = Uint32Array.from({ length: part.rows }, (_, row) => row)
    const kept = takeGroup(inputs, width, first, count)
    const place = (rows: Uint32Array) => placeGroup(inputs, width, first, count, kept, rows)
    const measured = Array.from({ length: repeats }, () => {
      random.shuffle(order)
      place(order)
      return measurePart(network, part, width, scale)
    })
    place(order.sort())
    return measured
  })
}

/** Copies the inputs of a group, (rows, count). */
function takeGroup(inputs: Float32Array, width: number, first: number, count: number): Float32Array {
  const kept = new Float32Array((inputs.length / width) * count)
  for (let at = first, to = 0; at < inputs.length; at += width, to += count) {
    kept.set(inputs.subarray(at, at + count), to)
  }
  return kept
}

/** Gives row i the group's inputs of row order[i]. */
function placeGroup(
  inputs: Float32Array,
  width: number,
  first: number,
  count: number,
  kept: Float32Array,
  order: Uint32Array
): void {
  order.forEach((from, row) => inputs.set(kept.subarray(from * count, (from + 1) * count), row * width + first))
}
