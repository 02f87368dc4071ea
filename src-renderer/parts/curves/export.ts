/** Curves on their way out of the page, as CSV. */
import type { MeanCurve } from '#renderer/parts/curves/means.ts'
import type { Measure } from '#renderer/parts/curves/measures.ts'
import type { ShownRun } from '#renderer/parts/curves/shown-run.ts'
import { toCsv } from '#renderer/pure/csv.ts'

/** Writes a measure of the runs as CSV: a row an epoch, every epoch, two columns a run. */
export function curvesToCsv(shown: readonly ShownRun[], column: Measure['column']): string {
  const most = shown.reduce((longest, { curve }) => Math.max(longest, curve.epochs), 0)
  const header = ['epoch', ...shown.flatMap(({ run }) => [`run ${run.id} training`, `run ${run.id} validation`])]
  const values = shown.flatMap(({ curve }) => [curve.column(`train${column}`), curve.column(`validation${column}`)])
  const lines = Array.from({ length: most }, (_, index) => [index + 1, ...values.map((part) => part[index])])
  return toCsv([header, ...lines])
}

/** Writes the means of groups as CSV: a row an epoch, mean and deviation of both parts a group. */
export function meansToCsv(means: readonly MeanCurve[]): string {
  const most = means.reduce((longest, { epochs }) => Math.max(longest, epochs), 0)
  const parts = means.flatMap(({ label, training, validation }) => [
    { name: `${label} training`, ...training },
    { name: `${label} validation`, ...validation }
  ])
  const header = ['epoch', ...parts.flatMap(({ name }) => [`${name} mean`, `${name} deviation`])]
  const lines = Array.from({ length: most }, (_, index) => [
    index + 1,
    ...parts.flatMap(({ mean, deviation }) => [mean[index], deviation[index]])
  ])
  return toCsv([header, ...lines])
}
