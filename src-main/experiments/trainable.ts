/** From hidden layers to a whole topology that can be trained for an experiment's question. */
import { outputFor } from '#engine/network/losses.ts'
import { checkTopology, type Layer, type Topology } from '#engine/network/topology.ts'
import { checkPlan, type TrainingPlan } from '#engine/training/plan.ts'
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
export function checkTrainable(topology: Topology, plan: TrainingPlan): void {
  const [problem] = [...checkTopology(topology), ...checkPlan(plan, topology)]
  if (problem) throw new LabError('bad_settings', problem.message, { field: problem.field })
}
