/** From hidden layers to a whole topology that can be trained for an experiment's question. */
import { outputFor } from '#engine/network/losses.ts'
import { checkTopology, type Layer, type Topology } from '#engine/network/topology.ts'
import { checkClassWeights } from '#engine/training/fit.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { LabError } from '#contract/errors.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'

/** Adds the inputs of the experiment and the output layer that its task asks for. */
export function topologyFor(
  { preparation, settings }: Pick<StoredExperiment, 'preparation' | 'settings'>,
  hidden: readonly Layer[]
): Topology {
  const output = outputFor(settings.task, preparation.classes?.length ?? 1)
  return {
    inputs: preparation.inputs.length,
    layers: [...hidden, { units: output.units, activation: output.activation }]
  }
}

/** Errors: throws LabError 'bad_settings' with the field of the first thing that is wrong. */
export function checkTrainable(
  { preparation, settings }: Pick<StoredExperiment, 'preparation' | 'settings'>,
  topology: Topology,
  plan: TrainingPlan
): void {
  const [problem] = [
    ...checkTopology(topology),
    ...checkPlan(plan, topology),
    ...checkClassWeights(plan, settings.task, preparation.classes?.length ?? 1)
  ]
  if (problem) throw new LabError('bad_settings', problem.message, { field: problem.field })
}

/**
 * Checks that the engine has the threads that a plan asks for; 0 of them means that their number is not known yet, and
 * that the engine itself will refuse the run.
 * Errors: LabError 'bad_settings' with the field.
 */
export function checkThreads({ threads = 1 }: TrainingPlan, available: number): void {
  if (available === 0 || threads <= available) return
  const message = `The plan asks for ${threads} threads, where the engine has ${available}; set threads lower.`
  throw new LabError('bad_settings', message, { field: 'threads' })
}
