/** From files that a person dropped or chose to an import of the lab. */
import type { ReadOptions } from '#contract/datasets.ts'
import { toSources } from '#renderer/lab/files.ts'
import type { App } from '#renderer/state/app.svelte.ts'
import type { ImportSource } from '#renderer/state/import-job.svelte.ts'

/** Imports files from a drop or a file field, and goes to their profile. */
export function importDropped(app: App, files: readonly File[], options: ReadOptions = {}): Promise<void> {
  const label = files.map((file) => file.name).join(', ')
  const source: ImportSource = { kind: 'files', label, open: (signal) => toSources(files, signal) }
  return app.importFiles(source, options)
}

/** Shows the desktop's own dialog and imports what was chosen there. */
export async function importChosen(app: App, options: ReadOptions = {}): Promise<void> {
  const paths = (await window.topologyLab?.chooseFiles()) ?? []
  if (paths.length === 0) return
  const label = paths.map((path) => path.split(/[\\/]/).at(-1)).join(', ')
  await app.importFiles({ kind: 'files', label, open: () => Promise.resolve(paths.map((path) => ({ path }))) }, options)
}
