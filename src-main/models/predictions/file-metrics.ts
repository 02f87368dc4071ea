/** What predictions on a file come to: figures over the rows whose target is known, and how many rows each class got. */
import type { PartDetails } from '#engine/training/metrics.ts'
import { detailPart } from '#engine/training/part-details.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { mostProbable } from '#lab/datasets/predicting/write-predictions.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'

export interface Figures {
  readonly rows: number
  add(outputs: Float32Array, first: number): void
  finish(): Promise<PartDetails>
}

/** Gathers the figures of the rows whose target is known; null where there are none. */
export function startMetrics(
  { settings, preparation }: StoredExperiment,
  targets: Float32Array | null
): Figures | null {
  const known = targets?.filter((value) => !Number.isNaN(value)) ?? new Float32Array()
  if (targets === null || known.length === 0) return null
  const { classes, targetScale } = preparation
  const units = classes?.length ?? 1
  const detailing = detailPart({
    task: settings.task,
    classes: classes?.length ?? 1,
    units,
    targets: known,
    deviation: targetScale.deviation
  })
  return {
    rows: known.length,
    add(outputs, first) {
      const rows = outputs.length / units
      const places = Array.from({ length: rows }, (_, row) => row).filter((row) => !Number.isNaN(targets[first + row]))
      if (places.length === rows) return detailing.add(outputs)
      const chosen = new Float32Array(places.length * units)
      places.forEach((row, place) => chosen.set(outputs.subarray(row * units, (row + 1) * units), place * units))
      detailing.add(chosen)
    },
    async finish() {
      const pause = createPause()
      const steps = detailing.finish()
      for (;;) {
        const { done, value } = steps.next()
        if (done) return value
        await pause()
      }
    }
  }
}

/** Counts the most probable class of each row. Shapes: outputs (rows, classes) row-major; counts (classes) is added to. */
export function countClasses(counts: number[], outputs: Float32Array): void {
  for (let start = 0; start < outputs.length; start += counts.length) {
    const best = mostProbable(outputs.subarray(start, start + counts.length))
    counts[best] = (counts[best] ?? 0) + 1
  }
}
