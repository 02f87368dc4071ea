/** Chooses an ONNX file and takes it over as a run of an experiment. */
import type { FileSource } from '#contract/datasets.ts'
import type { Run } from '#contract/runs.ts'
import { toSources } from '#renderer/lab/files.ts'
import type { App } from '#renderer/state/app.svelte.ts'

/** Gives the run, or null where the person cancels. Errors: rejects with what the lab says of the file. */
export async function importModel(app: App, experimentId: number): Promise<Run | null> {
  const file = await chooseFile()
  if (!file) return null
  const run = await app.client.models.import({ experimentId, file })
  app.runs.put([run])
  return run
}

async function chooseFile(): Promise<FileSource | null> {
  if (window.topologyLab) {
    const [path] = await window.topologyLab.chooseFiles()
    return path === undefined ? null : { path }
  }
  const field = document.createElement('input')
  field.type = 'file'
  field.accept = '.onnx'
  const chosen = new Promise<File | null>((resolve) => {
    field.addEventListener('change', () => resolve(field.files?.[0] ?? null), { once: true })
    field.addEventListener('cancel', () => resolve(null), { once: true })
  })
  field.click()
  const file = await chosen
  if (!file) return null
  const [source] = await toSources([file], new AbortController().signal)
  return source ?? null
}
