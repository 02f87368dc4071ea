/** Whether topology, plan and data fit together: what checkTopology and checkPlan can't see alone. */
import type { Task } from '#engine/network/losses.ts'
import { checkTopology, outputLayer, type Topology } from '#engine/network/topology.ts'
import type { Problem } from '#engine/problem.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

/**
 * Checks that a network can be trained on such data.
 * Errors: throws RangeError with the first problem's sentence.
 */
export function expectFit(topology: Topology, plan: TrainingPlan, task: Task, classes: number): void {
  const [problem] = [...checkTopology(topology), ...checkPlan(plan, topology)]
  if (problem) throw new RangeError(problem.message)
  const units = outputLayer(topology).units
  if (task === 'regression' && units !== 1) {
    throw new RangeError(`A regression has one output unit; this network has ${units}.`)
  }
  if (task === 'classification' && units === 1 && classes > 2) {
    throw new RangeError(`One output unit tells two classes apart; this table has ${classes}.`)
  }
  if (task === 'classification' && units > 1 && units !== classes) {
    throw new RangeError(`The output layer needs one unit for each of ${classes} classes; it has ${units}.`)
  }
  const [unfit] = checkClassWeights(plan, task, classes)
  if (unfit) throw new RangeError(unfit.message)
  if (plan.loss === 'binary_cross_entropy' && units !== 1) {
    throw new RangeError(`Binary cross-entropy needs one output unit; this network has ${units}.`)
  }
}

/** Finds what is wrong with the class weights of a plan for this question. */
export function checkClassWeights({ classWeights }: TrainingPlan, task: Task, classes: number): Problem[] {
  const problem = (message: string): Problem[] => [{ field: 'classWeights', message }]
  if (classWeights === undefined) return []
  if (task !== 'classification') return problem('Class weights are for classification; leave them out of a regression.')
  if (classWeights === 'balanced' || classWeights.length === classes) return []
  return problem(`There must be one class weight for each of ${classes} classes; ${classWeights.length} were given.`)
}
