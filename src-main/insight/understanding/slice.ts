/**
 * A network seen along a few of its inputs: the others are held, and what they add to the first layer is put into its
 * biases. The smaller network gives the same numbers, and a picture of 3,600 places needs few inputs a place, however
 * many columns the table has. Pure functions.
 */
import { parameterSpans } from '#engine/network/parameters.ts'
import { storedCount, type Topology } from '#engine/network/topology.ts'

export interface Network {
  readonly topology: Topology
  /** In the order of network/parameters.ts of the engine. */
  readonly parameters: Float32Array
}

/**
 * Holds all inputs but `free` at the values of a row.
 * Shapes: held (inputs); the result's inputs are those of `free`, in their order.
 */
export function holdInputs({ topology, parameters }: Network, held: Float32Array, free: readonly number[]): Network {
  const { inputs } = topology
  const [first] = parameterSpans(topology)
  if (!first) throw new RangeError('A network has at least one layer.')
  const isFree = new Set(free)
  const weights = new Float32Array(first.units * free.length)
  const biases = new Float32Array(first.units)
  for (let unit = 0; unit < first.units; unit++) {
    const row = parameters.subarray(unit * inputs, (unit + 1) * inputs)
    let sum = parameters[first.biases + unit] ?? 0
    for (let input = 0; input < inputs; input++) if (!isFree.has(input)) sum += (row[input] ?? 0) * (held[input] ?? 0)
    biases[unit] = sum
    free.forEach((input, place) => (weights[unit * free.length + place] = row[input] ?? 0))
  }
  const rest = parameters.subarray(first.biases + first.units)
  const joined = new Float32Array(weights.length + biases.length + rest.length)
  joined.set(weights)
  joined.set(biases, weights.length)
  joined.set(rest, weights.length + biases.length)
  return { topology: { inputs: free.length, layers: topology.layers }, parameters: joined }
}

/** Cuts a network off behind a layer, so that the outputs of its units are the network's; 1 is the first hidden layer. */
export function cutBehind({ topology, parameters }: Network, layer: number): Network {
  const shorter = { inputs: topology.inputs, layers: topology.layers.slice(0, layer) }
  return { topology: shorter, parameters: parameters.subarray(0, storedCount(shorter)) }
}
