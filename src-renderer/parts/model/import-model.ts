/** Chooses an ONNX file, with the file of its weights where it has one, and takes it over as a run of an experiment. */
import type { FileSource } from '#contract/datasets.ts'
import type { Run } from '#contract/runs.ts'
import { toSources } from '#renderer/lab/files.ts'
import type { App } from '#renderer/state/app.svelte.ts'

interface Chosen {
  readonly file: FileSource
  /** What was chosen with it: PyTorch keeps weights in a file of their own. */
  readonly companions: readonly FileSource[]
}

/** Gives the run, or null where the person cancels. Errors: rejects with what the lab says of the file. */
export async function importModel(app: App, experimentId: number): Promise<Run | null> {
  const chosen = await chooseFiles()
  if (!chosen) return null
  const { file, companions } = chosen
  const run = await app.client.models.import({ experimentId, file, companions: [...companions] })
  app.runs.put([run])
  return run
}

async function chooseFiles(): Promise<Chosen | null> {
  if (window.topologyLab) {
    const paths = await window.topologyLab.chooseFiles()
    return modelFirst(
      paths,
      (path) => path,
      paths.map((path) => ({ path }))
    )
  }
  const field = document.createElement('input')
  field.type = 'file'
  field.multiple = true
  field.accept = '.onnx,.data'
  const chosen = new Promise<File[]>((resolve) => {
    field.addEventListener('change', () => resolve([...(field.files ?? [])]), { once: true })
    field.addEventListener('cancel', () => resolve([]), { once: true })
  })
  field.click()
  const files = await chosen
  return modelFirst(files, ({ name }) => name, await toSources(files, new AbortController().signal))
}

/** The model among what was chosen: the first whose name ends so, else the first. */
function modelFirst<Item>(items: readonly Item[], nameOf: (item: Item) => string, sources: readonly FileSource[]) {
  const named = items.findIndex((item) => /\.onnx$/i.test(nameOf(item)))
  const index = Math.max(0, named)
  const file = sources[index]
  return file ? { file, companions: sources.filter((_, place) => place !== index) } : null
}
