/**
 * Parameters in the order of checkpoints and exports: for each layer the weights (O,I) row-major, then the biases (O);
 * for a normalised layer then gain (O) and shift (O), and for batch normalisation running mean (O) and variance (O).
 * A run keeps them in panels (kernels/panels.ts); this file says where a layer lies in the flat order.
 */
import { storedCount, type Topology } from '#engine/network/topology.ts'

/** Where a layer's parameters are in the flat order, in floats. */
export interface ParameterSpan {
  readonly inputs: number
  readonly units: number
  readonly weights: number
  readonly biases: number
  /** Gain, then shift; null without normalisation. */
  readonly gain: number | null
  /** Running mean, then variance; null without batch normalisation. */
  readonly running: number | null
}

/** Lists where each layer's weights and biases lie. */
export function parameterSpans(topology: Topology): ParameterSpan[] {
  let offset = 0
  let inputs = topology.inputs
  const take = (count: number) => {
    const start = offset
    offset += count
    return start
  }
  return topology.layers.map(({ units, normalisation }) => {
    const span = {
      inputs,
      units,
      weights: take(units * inputs),
      biases: take(units),
      gain: normalisation ? take(2 * units) : null,
      running: normalisation === 'batch' ? take(2 * units) : null
    }
    inputs = units
    return span
  })
}

/**
 * Checks that parameters belong to a topology.
 * Errors: throws RangeError naming both counts.
 */
export function expectParameters(topology: Topology, parameters: Float32Array): void {
  const count = storedCount(topology)
  if (parameters.length === count) return
  throw new RangeError(`This network has ${count} parameters; ${parameters.length} were given.`)
}

/** Sums the squares of the weights, biases left out, as L2 counts them. */
export function squaredWeights(topology: Topology, parameters: Float32Array): number {
  let sum = 0
  for (const { weights, inputs, units } of parameterSpans(topology)) {
    for (const weight of parameters.subarray(weights, weights + inputs * units)) sum += weight * weight
  }
  return sum
}
