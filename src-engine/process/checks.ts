/** Checks that only the coordinator can make: whether a network and a table belong together. */
import type { Topology } from '#engine/network/topology.ts'

/**
 * Guards the memory: a network with more inputs than the table would read beyond the end of its region.
 * Errors: throws RangeError where the numbers differ.
 */
export function expectInputs(topology: Topology, inputs: number): void {
  if (topology.inputs === inputs) return
  throw new RangeError(`The network has ${topology.inputs} inputs and the data set has ${inputs}; they must be equal.`)
}
