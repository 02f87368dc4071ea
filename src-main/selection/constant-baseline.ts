/** The model that looks at no input: the most frequent class of the training part, or the mean of its targets. */
import type { EngineDataset } from '#engine/process/protocol.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'

export interface ConstantBaseline {
  readonly name: 'majority class' | 'mean'
  readonly trainError: number
  readonly validationError: number
}

/**
 * Measures the constant model on both parts of a prepared table.
 * Units: share of wrong classes, or root mean squared error in units of the target.
 */
export async function constantBaseline({
  task,
  inputs,
  targetScale,
  train,
  validation
}: EngineDataset): Promise<ConstantBaseline> {
  const fitted = await readTargets(train, inputs)
  const measured = validation ? await readTargets(validation, inputs) : fitted
  if (task === 'classification') {
    const counts = new Map<number, number>()
    for (const target of fitted) counts.set(target, (counts.get(target) ?? 0) + 1)
    const [majority = 0] = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b)
    const error = (targets: Float32Array) => targets.filter((target) => target !== majority).length / targets.length
    return { name: 'majority class', trainError: error(fitted), validationError: error(measured) }
  }
  const centre = fitted.reduce((sum, target) => sum + target, 0) / fitted.length
  const error = (targets: Float32Array) =>
    targetScale.deviation * Math.sqrt(targets.reduce((sum, target) => sum + (target - centre) ** 2, 0) / targets.length)
  return { name: 'mean', trainError: error(fitted), validationError: error(measured) }
}
