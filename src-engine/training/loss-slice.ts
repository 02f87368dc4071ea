/**
 * The loss of a part over a plane through a network's weights: what a landscape of so many dimensions looks like along two
 * of its directions. Nothing is trained.
 */
import { type SlicePlane, type Spanned, spanPlane } from '#engine/training/slice-plane.ts'
import { parameterCount, type Topology } from '#engine/network/topology.ts'
import { type Evaluation, measurePart, openEvaluation, type PartView } from '#engine/training/evaluation.ts'

export interface LossSlice {
  readonly plane: SlicePlane
  /** How far it goes either way, at least, in lengths of the directions. */
  readonly span: number
  /** Places along a direction; an odd number has the centre among them. */
  readonly size: number
}

export interface SlicedLoss extends Pick<Spanned, 'span' | 'way'> {
  /** (size, size), the first direction running fastest, both from -span to span; NaN where the loss is no number. */
  readonly losses: Float32Array<ArrayBuffer>
  /** That were looked at. */
  readonly rows: number
}

/** Multiply-adds of a slice: a few seconds on one thread, with activations that cost more than their sums. */
const usualWork = 4e9
const fewestRows = 100

/** Counts the rows that a slice of so many places looks at, so that it stays a matter of seconds. */
function rowsOfSlice(topology: Topology, rows: number, places: number, mostWork: number): number {
  const fit = Math.floor(mostWork / (places * Math.max(1, parameterCount(topology))))
  return Math.min(rows, Math.max(fewestRows, fit))
}

/**
 * Measures the mean loss of the part, without penalties, at every place of a plane about the evaluation's parameters.
 * The part is overwritten where it has too many rows: evenly spread ones are moved to its front.
 * `report` is called between places with how many are done; `mostWork`, in multiply-adds, limits the rows.
 * Errors: as evaluate() and spanPlane().
 */
export function measureLossSlice(
  evaluation: Evaluation,
  { plane, span: least, size }: LossSlice,
  report: (done: number) => void,
  mostWork = usualWork
): SlicedLoss {
  const { parameters, topology } = evaluation
  const { first, second, span, way } = spanPlane(topology, parameters, plane, least)
  const losses = new Float32Array(size * size)
  const part = gatherEvenly(evaluation, rowsOfSlice(topology, evaluation.part.rows, losses.length, mostWork))
  const { network, scale } = openEvaluation({ ...evaluation, part })
  const along = (step: number) => span * ((2 * step) / (size - 1) - 1)
  const moved = new Float32Array(parameters.length)
  for (let place = 0; place < losses.length; place++) {
    const [a, b] = [along(place % size), along(Math.floor(place / size))]
    for (let at = 0; at < moved.length; at++) {
      moved[at] = (parameters[at] ?? 0) + a * (first[at] ?? 0) + b * (second[at] ?? 0)
    }
    network.write('weights', moved)
    const { loss } = measurePart(network, part, topology.inputs, scale)
    losses[place] = Number.isFinite(loss) ? loss : NaN
    report(place + 1)
  }
  return { losses, span, way, rows: part.rows }
}

function gatherEvenly({ kernels, part, topology }: Evaluation, rows: number): PartView {
  if (rows >= part.rows) return part
  const width = topology.inputs
  const inputs = new Float32Array(kernels.memory.buffer, part.inputs, part.rows * width)
  const targets = new Float32Array(kernels.memory.buffer, part.targets, part.rows)
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * part.rows) / rows)
    inputs.copyWithin(row * width, from * width, (from + 1) * width)
    targets[row] = targets[from] ?? 0
  }
  return { inputs: part.inputs, targets: part.targets, rows }
}
