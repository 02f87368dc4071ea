/** From files that a person dropped or chose to an import of the lab. */
import type { ReadOptions } from '#contract/reading.ts'
import { destinations } from '#contract/transfers.ts'
import { toSources } from '#renderer/lab/files.ts'
import { UploadRefused } from '#renderer/lab/failure.ts'
import { nameOfPath, sortOpened } from '#renderer/pure/opened-files.ts'
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
  await take(app, sourceOf(paths), paths.length, options)
}

/**
 * Takes in files that were opened with the app: bundles and tables one after another, a network into the experiment on the
 * screen, with the files that were opened beside it.
 */
export async function importOpened(app: App, paths: readonly string[]): Promise<void> {
  const { place } = app.navigation
  const { bundles, models, tables } = sortOpened(paths)
  const [model] = models
  if (model !== undefined && place.screen === 'experiment') {
    await openModel(app, place.experimentId, model)
  } else if (model !== undefined) {
    const sentence = `${nameOfPath(model)} is a network: go to the experiment that it belongs to, and open it again.`
    const open = () => Promise.reject(new UploadRefused(sentence))
    app.navigation.go({ screen: 'data' })
    await take(app, { kind: 'files', label: nameOfPath(model), open }, 1, {})
  }
  for (const path of [...bundles, ...tables]) {
    app.navigation.go({ screen: 'data' })
    await take(app, sourceOf([path]), 1, {})
    // What failed is to be read before the next one takes its place.
    if (app.imports.state.phase === 'failed') return
  }
}

async function openModel(app: App, experimentId: number, path: string): Promise<void> {
  const importing = app.client.models.import({ experimentId, file: { path }, companions: [] })
  const run = await importing.catch(() => null)
  if (run) {
    app.runs.put([run])
    return app.navigation.go({ screen: 'model', runId: run.id })
  }
  app.navigation.go({ screen: 'data' })
  await take(app, { kind: 'files', label: nameOfPath(path), open: () => importing.then(() => []) }, 1, {})
}

function sourceOf(paths: readonly string[]): FilesSource {
  const open = () => Promise.resolve(paths.map((path) => ({ path })))
  return { kind: 'files', label: paths.map(nameOfPath).join(', '), open }
}

function take(app: App, source: FilesSource, files: number, options: ReadOptions): Promise<void> {
  const isBundle = files === 1 && source.label.toLowerCase().endsWith(destinations.bundle.ending)
  return isBundle ? app.importBundle(source) : app.importFiles(source, options)
}
