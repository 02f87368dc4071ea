/**
 * Parameters in the order of checkpoints and exports: for each layer the weights (O,I) row-major, then the biases (O).
 * A run keeps them in panels (kernels/panels.ts); this file says where a layer lies in the flat order.
 */
import { parameterCount, type Topology } from '#engine/network/topology.ts'

/** Where a layer's parameters are in the flat order, in floats. */
export interface ParameterSpan {
  readonly inputs: number
  readonly units: number
  readonly weights: number
  readonly biases: number
}

/** Lists where each layer's weights and biases lie. */
export function parameterSpans(topology: Topology): ParameterSpan[] {
  let offset = 0
  let inputs = topology.inputs
  return topology.layers.map(({ units }) => {
    const span = { inputs, units, weights: offset, biases: offset + units * inputs }
    offset += units * (inputs + 1)
    inputs = units
    return span
  })
}

/**
 * Checks that parameters belong to a topology.
 * Errors: throws RangeError naming both counts.
 */
export function expectParameters(topology: Topology, parameters: Float32Array): void {
  const count = parameterCount(topology)
  if (parameters.length === count) return
  throw new RangeError(`This network has ${count} parameters; ${parameters.length} were given.`)
}
