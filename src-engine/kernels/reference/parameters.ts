/**
 * Parameters between layers of the reference and one flat vector, in the order of checkpoints:
 * for each layer weights (O,I) row-major, then biases (O), then gain and shift (O) where it is normalised.
 */
import type { LayerParameters, ReferenceTopology } from '#engine/kernels/reference/network.ts'

/** Writes all parameters, or gradients, into one vector. */
export function flatten(parameters: readonly LayerParameters[]): number[] {
  return parameters.flatMap(({ weights, biases, gain, shift }) => [
    ...weights.flat(),
    ...biases,
    ...(gain ?? []),
    ...(shift ?? [])
  ])
}

/**
 * Reads parameters from one vector, flatten() reversed.
 * Errors: throws RangeError where the count is not that of the topology.
 */
export function unflatten(topology: ReferenceTopology, values: ArrayLike<number>): LayerParameters[] {
  let offset = 0
  const take = (count: number) => {
    const taken = Array.from({ length: count }, (_, index) => values[offset + index] ?? NaN)
    offset += count
    return taken
  }
  let inputs = topology.inputs
  const layers = topology.layers.map(({ units, normalisation }) => {
    const columns = inputs
    inputs = units
    const dense = { weights: Array.from({ length: units }, () => take(columns)), biases: take(units) }
    return normalisation ? { ...dense, gain: take(units), shift: take(units) } : dense
  })
  if (offset !== values.length) {
    throw new RangeError(`This network has ${offset} parameters; ${values.length} were given.`)
  }
  return layers
}

/** Marks the weights among the parameters in one vector: what penalties and decay act on. */
export function weightsOf(parameters: readonly LayerParameters[]): boolean[] {
  return parameters.flatMap(({ weights, biases, gain, shift }) => [
    ...weights.flat().map(() => true),
    ...[...biases, ...(gain ?? []), ...(shift ?? [])].map(() => false)
  ])
}
