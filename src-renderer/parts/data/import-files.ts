/** From files that a person dropped or chose to an import of the lab. */
import type { ReadOptions } from '#contract/reading.ts'
import { destinations } from '#contract/transfers.ts'
import { toSources } from '#renderer/lab/files.ts'
import type { App } from '#renderer/state/app.svelte.ts'
import type { FilesSource } from '#renderer/state/import-job.svelte.ts'

/** Imports files from a drop or a file field, and goes to their profile; a bundle leads to its experiment. */
export function importDropped(app: App, files: readonly File[], options: ReadOptions = {}): Promise<void> {
  const label = files.map((file) => file.name).join(', ')
  const source: FilesSource = { kind: 'files', label, open: (signal) => toSources(files, signal) }
  return take(app, source, files.length, options)
}

/** Shows the desktop's own dialog and imports what was chosen there. */
export async function importChosen(app: App, options: ReadOptions = {}): Promise<void> {
  const paths = (await window.topologyLab?.chooseFiles()) ?? []
  if (paths.length === 0) return
  const label = paths.map((path) => path.split(/[\\/]/).at(-1)).join(', ')
  const open = () => Promise.resolve(paths.map((path) => ({ path })))
  await take(app, { kind: 'files', label, open }, paths.length, options)
}

function take(app: App, source: FilesSource, files: number, options: ReadOptions): Promise<void> {
  const isBundle = files === 1 && source.label.toLowerCase().endsWith(destinations.bundle.ending)
  return isBundle ? app.importBundle(source) : app.importFiles(source, options)
}
