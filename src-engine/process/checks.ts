/** Checks that only the coordinator can make: whether a run fits its table and this process. */
import type { Topology } from '#engine/network/topology.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

/**
 * Guards the memory: a network with more inputs than the table would read beyond the end of its region.
 * Errors: throws RangeError where the numbers differ.
 */
export function expectInputs(topology: Topology, inputs: number): void {
  if (topology.inputs === inputs) return
  throw new RangeError(`The network has ${topology.inputs} inputs and the data set has ${inputs}; they must be equal.`)
}

/**
 * Guards the promise that a run computes as its plan says, on so many threads at once.
 * Errors: throws RangeError where the plan asks for more threads than there are.
 */
export function expectThreads({ threads = 1 }: TrainingPlan, available: number): void {
  if (threads <= available) return
  throw new RangeError(`The plan asks for ${threads} threads, where the engine has ${available}; set threads lower.`)
}
