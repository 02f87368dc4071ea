/**
 * The map of a run's arena: which buffer lies where. Sizes only; kernels.ts writes the addresses into the program.
 * An arena of null parts (prediction, measuring) has no room for gradients, optimizer or order.
 */
import { padded, panelFloats, rowStride, transposedFloats } from '#engine/kernels/panels.ts'
import type { Topology } from '#engine/network/topology.ts'

/** What training needs on top of a forward pass. */
export interface TrainingNeeds {
  /** Rows of the training part. */
  readonly rows: number
  /** Most rows that go through the network at once. */
  readonly chunk: number
  /** Whether a batch is done in pieces, so that gradients must be kept in full. */
  readonly keepsGradient: boolean
  /** Running values of the optimizer a weight: 0, 1 or 2. */
  readonly states: number
}

/** Byte offsets in the arena; 0 for what is not there (the program itself is at 0). */
export interface LayerMap {
  readonly inputs: number
  readonly units: number
  readonly weights: number
  readonly weightFloats: number
  readonly transposed: number
  readonly gradient: number
  readonly state1: number
  readonly state2: number
  readonly output: number
  readonly stride: number
}

export interface ArenaMap {
  readonly bytes: number
  readonly layers: readonly LayerMap[]
  /** All layers' weights side by side. */
  readonly weights: number
  readonly weightBytes: number
  /** A copy of them: the best so far. */
  readonly best: number
  readonly batchInputs: number
  readonly batchStride: number
  readonly batchTargets: number
  readonly deltaA: number
  readonly deltaB: number
  readonly order: number
  /** Rows that the layers' buffers hold. */
  readonly capacity: number
}

/** Rows that go through the network at once where nothing is trained: enough to use each panel well, few enough to stay in cache. */
export const evaluationRows = 128

const alignment = 64

/** Lays out the arena of a topology. `programBytes` is the room the program takes at its start. */
export function mapArena(topology: Topology, programBytes: number, training: TrainingNeeds | null): ArenaMap {
  let bytes = 0
  const take = (size: number) => {
    const offset = bytes
    bytes += Math.ceil(size / alignment) * alignment
    return offset
  }
  const floats = (count: number) => (count === 0 ? 0 : take(count * 4))
  take(programBytes)

  const sizes = topology.layers.map(({ units }, index) => {
    const inputs = index === 0 ? topology.inputs : (topology.layers[index - 1]?.units ?? 0)
    return { inputs, units, weightFloats: panelFloats(inputs, units), stride: rowStride(units) }
  })
  const capacity = Math.max(training?.chunk ?? 0, evaluationRows)
  const weights = sizes.map((size) => floats(size.weightFloats))
  const weightBytes = bytes - (weights[0] ?? 0)
  const best = training ? take(weightBytes) : 0
  const states = [1, 2].map((state) =>
    sizes.map((size) => ((training?.states ?? 0) >= state ? floats(size.weightFloats) : 0))
  )
  const panelRoom =
    training && !training.keepsGradient ? floats(Math.max(...sizes.map((size) => panelFloats(size.inputs, 8)))) : 0
  const layers = sizes.map((size, index) => ({
    inputs: size.inputs,
    units: size.units,
    weights: weights[index] ?? 0,
    weightFloats: size.weightFloats,
    transposed: training && index > 0 ? floats(transposedFloats(size.inputs, size.units)) : 0,
    gradient: training?.keepsGradient ? floats(size.weightFloats) : panelRoom,
    state1: states[0]?.[index] ?? 0,
    state2: states[1]?.[index] ?? 0,
    output: floats(capacity * size.stride),
    stride: size.stride * 4
  }))
  const batchStride = padded(topology.inputs) * 4
  const delta = (training?.chunk ?? 0) * Math.max(...sizes.map((size) => size.stride))
  return {
    layers,
    weights: weights[0] ?? 0,
    weightBytes,
    best,
    batchInputs: take((training?.chunk ?? 0) * batchStride),
    batchStride,
    batchTargets: floats(training?.chunk ?? 0),
    deltaA: floats(delta),
    deltaB: floats(delta),
    order: floats(training?.rows ?? 0),
    capacity,
    bytes
  }
}
