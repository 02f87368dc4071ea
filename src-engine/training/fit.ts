/** Whether topology, plan and data fit together: what checkTopology and checkPlan can't see alone. */
import type { Task } from '#engine/network/losses.ts'
import { checkTopology, type Topology } from '#engine/network/topology.ts'
import { checkPlan, type TrainingPlan } from '#engine/training/plan.ts'

/**
 * Checks that a network can be trained on such data.
 * Errors: throws RangeError with the first problem's sentence.
 */
export function expectFit(topology: Topology, plan: TrainingPlan, task: Task, classes: number): void {
  const [problem] = [...checkTopology(topology), ...checkPlan(plan, topology)]
  if (problem) throw new RangeError(problem.message)
  const units = topology.layers.at(-1)?.units ?? 0
  if (task === 'regression' && units !== 1) {
    throw new RangeError(`A regression has one output unit; this network has ${units}.`)
  }
  if (task === 'classification' && units === 1 && classes > 2) {
    throw new RangeError(`One output unit tells two classes apart; this table has ${classes}.`)
  }
  if (task === 'classification' && units > 1 && units !== classes) {
    throw new RangeError(`The output layer needs one unit for each of ${classes} classes; it has ${units}.`)
  }
  const { classWeights } = plan
  if (classWeights !== undefined && task !== 'classification') {
    throw new RangeError('Class weights are for classification; this is a regression.')
  }
  if (Array.isArray(classWeights) && classWeights.length !== classes) {
    throw new RangeError(
      `There must be one class weight for each of ${classes} classes; ${classWeights.length} were given.`
    )
  }
  if (plan.loss === 'binary_cross_entropy' && units !== 1) {
    throw new RangeError(`Binary cross-entropy needs one output unit; this network has ${units}.`)
  }
}
