/** Curves on their way out of the page: as CSV, and into a file. */
import type { Measure } from '#renderer/parts/curves/measures.ts'
import type { ShownRun } from '#renderer/parts/curves/shown-run.ts'
import { toCsv } from '#renderer/state/csv.ts'

/** Writes a measure of the runs as CSV: a row an epoch, every epoch, two columns a run. */
export function curvesToCsv(shown: readonly ShownRun[], column: Measure['column']): string {
  const most = shown.reduce((longest, { curve }) => Math.max(longest, curve.epochs), 0)
  const header = ['epoch', ...shown.flatMap(({ run }) => [`run ${run.id} training`, `run ${run.id} validation`])]
  const values = shown.flatMap(({ curve }) => [curve.column(`train${column}`), curve.column(`validation${column}`)])
  const lines = Array.from({ length: most }, (_, index) => [index + 1, ...values.map((part) => part[index])])
  return toCsv([header, ...lines])
}

/** Hands a file to the person through the page's own download. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
