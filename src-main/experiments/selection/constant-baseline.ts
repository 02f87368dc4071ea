/** The model that looks at no input: the most frequent class of the training part, or the mean of its targets. */
import { open } from 'node:fs/promises'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'

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

/** The targets lie behind the inputs of all rows. */
async function readTargets({ path, rows }: MatrixFile, inputs: number): Promise<Float32Array> {
  const targets = new Float32Array(rows)
  const file = await open(path, 'r')
  try {
    await file.read(new Uint8Array(targets.buffer), 0, targets.byteLength, rows * inputs * targets.BYTES_PER_ELEMENT)
    return targets
  } finally {
    await file.close()
  }
}
