/** The interval of a run's predictions, fitted on its validation part, and how often it held on rows whose target is known. */
import { LabError } from '#contract/errors.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { decodeTarget } from '#lab/datasets/encode.ts'
import { fitInterval, type Interval, setOf } from '#lab/datasets/predicting/intervals.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import type { FoundNetwork } from '#lab/models/gather-model.ts'
import { predictWith } from '#lab/runs/predictor.ts'

/**
 * Fits the interval of a run on the rows of its validation part. These chose its epoch, so that the share that holds on new
 * rows may lie a little below the level.
 * Errors: LabError 'conflict' where the run has learned these rows or there are none; as fitInterval().
 */
export async function intervalOf(
  { prepared, engine }: { readonly prepared: PreparedTables; readonly engine: EngineHost },
  { run, experiment, predictor }: FoundNetwork,
  level: number
): Promise<Interval> {
  if (run.data.kind === 'final') {
    throw new LabError(
      'conflict',
      `Run ${run.id} has learned the rows of the validation part, so none are left to tell how far it is off. Ask for the interval of a run that was validated.`
    )
  }
  const { validation, inputs } = await prepared.prepare(experiment, run.data)
  if (!validation) {
    throw new LabError(
      'conflict',
      `The split of ${experiment.name} keeps no rows for validation, which an interval needs.`
    )
  }
  const [outputs, targets] = await Promise.all([
    predictWith(engine, predictor, validation),
    readTargets(validation, inputs)
  ])
  const { classes, targetScale } = experiment.preparation
  if (classes) return fitInterval({ outputs, targets, classes: classes.length }, level)
  const own = (values: Float32Array) => Float64Array.from(values, (value) => decodeTarget(targetScale, value))
  const { mean, deviation } = targetScale
  const truth = Float64Array.from(targets, (target) => target * deviation + mean)
  return fitInterval({ outputs: own(outputs), targets: truth, classes: null }, level)
}

/** Counts how many rows with a known target an interval held. */
export function createCoverage(
  interval: Interval | null,
  { classes, targetScale }: Pick<FittedPreparation, 'classes' | 'targetScale'>,
  targets: Float32Array | null
) {
  let [known, held] = [0, 0]
  const { mean, deviation } = targetScale

  const holds = (outputs: Float32Array, target: number): boolean => {
    if (interval?.kind === 'classes') return setOf(outputs, interval.least).includes(target)
    const off = decodeTarget(targetScale, outputs[0] ?? NaN) - (target * deviation + mean)
    return interval?.kind === 'number' && Math.abs(off) <= interval.halfWidth
  }

  return {
    /** Shapes: outputs (rows, units) of the rows from `first` on. */
    add(outputs: Float32Array, first: number): void {
      const units = classes?.length ?? 1
      for (let row = 0; row * units < outputs.length; row++) {
        const target = targets?.[first + row] ?? NaN
        if (Number.isNaN(target)) continue
        known++
        if (holds(outputs.subarray(row * units, (row + 1) * units), target)) held++
      }
    },
    /** The share of them; null where no target is known. */
    held: (): number | null => (known === 0 ? null : held / known)
  }
}
