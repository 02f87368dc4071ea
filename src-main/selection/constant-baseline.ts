/** The model that looks at no input: the most frequent class of the training part, or the mean of its targets. */
import type { EngineDataset } from '#engine/process/protocol.ts'
import { keptRows } from '#engine/training/row-figures.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import { headRows } from '#lab/store/row-figures.ts'

export interface ConstantBaseline {
  readonly name: 'majority class' | 'mean'
  readonly trainError: number
  readonly validationError: number
  /** How its answer departs from the target on the first kept rows that judge it, as RowFigures has it. */
  readonly departures: Float32Array
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
  const kept = keptRows(measured.length).subarray(0, headRows)
  const departuresOf = (depart: (target: number) => number) =>
    Float32Array.from(kept, (place) => depart(measured[place] ?? NaN))
  if (task === 'classification') {
    const counts = new Map<number, number>()
    for (const target of fitted) counts.set(target, (counts.get(target) ?? 0) + 1)
    const [majority = 0] = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b)
    const error = (targets: Float32Array) => targets.filter((target) => target !== majority).length / targets.length
    const departures = departuresOf((target) => (target === majority ? 0 : majority + 1))
    return { name: 'majority class', trainError: error(fitted), validationError: error(measured), departures }
  }
  const centre = fitted.reduce((sum, target) => sum + target, 0) / fitted.length
  const { deviation } = targetScale
  const error = (targets: Float32Array) =>
    deviation * Math.sqrt(targets.reduce((sum, target) => sum + (target - centre) ** 2, 0) / targets.length)
  const departures = departuresOf((target) => (centre - target) * deviation)
  return { name: 'mean', trainError: error(fitted), validationError: error(measured), departures }
}
