/** What each row of a part was worth in the error: wrong or right, or how far off. */
import { predictedClass } from '#engine/training/part-details.ts'
import type { RunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'

/** Gives 1 for a wrong class and 0 for a right one, or the squared residual in units of the target. */
export function rowErrors({ outputs, targets, units, experiment }: RunOutputs): number[] {
  const { deviation } = experiment.preparation.targetScale
  const classifies = experiment.settings.task === 'classification'
  return Array.from(targets, (target, row) =>
    classifies
      ? Number(predictedClass(outputs, row * units, units) !== target)
      : (((outputs[row] ?? NaN) - target) * deviation) ** 2
  )
}
