/** Data sets: what the lab has, and adding to it. */
import type { DatasetLibrary } from '#lab/library/library.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'

export function datasetProcedures({ datasets }: Implementer, library: DatasetLibrary) {
  return {
    samples: datasets.samples.handler(() => library.samples()),
    list: datasets.list.handler(() => library.list()),
    get: datasets.get.handler(({ input }) => library.get(input.datasetId)),
    preview: datasets.preview.handler(({ input }) => library.preview(input.datasetId, input.offset, input.limit)),
    import: datasets.import.handler(({ input }) => ({ jobId: library.startImport(input) })),
    importProgress: datasets.importProgress.handler(({ input, signal }) => library.follow(input.jobId, signal)),
    cancelImport: datasets.cancelImport.handler(({ input }) => library.cancel(input.jobId)),
    rename: datasets.rename.handler(({ input }) => library.rename(input.datasetId, input.name)),
    remove: datasets.remove.handler(({ input }) => library.remove(input.datasetId))
  }
}
