/** The data sets of a lab: imports as jobs, what is known of each, previews. */
import { basename, join } from 'node:path'
import { LabError } from '#contract/errors.ts'
import type { Dataset, DatasetSummary, FileSource, ImportProgress, Sample } from '#contract/datasets.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { previewRows } from '#lab/datasets/preview.ts'
import { listSamples } from '#lab/datasets/samples.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { importDataset, type ImportPlaces, type ImportRequest } from '#lab/library/import-dataset.ts'
import { TableFiles } from '#lab/library/table-files.ts'
import { failedItem } from '#lab/procedures/contract-errors.ts'
import type { Events } from '#lab/streams/events.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createJobs } from '#lab/streams/jobs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Preview {
  readonly columns: string[]
  readonly rows: (string | null)[][]
}

export interface DatasetLibrary {
  samples(): Promise<Sample[]>
  list(): DatasetSummary[]
  get(id: string): Dataset
  preview(id: string, offset: number, limit: number): Promise<Preview>
  /** Starts an import and returns the id of its job. */
  startImport(request: ImportRequest): string
  follow(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<ImportProgress, void, void>
  cancel(jobId: string): void
  rename(id: string, name: string): DatasetSummary
  remove(id: string): Promise<void>
  /**
   * The stored rows of a data set, whose content was compared with what was stored.
   * Errors: LabError 'lab_unusable' where the file is missing or holds something else, with the mend.
   */
  fileOf(hash: string): Promise<string>
  /** Where the rows of a data set are stored, or will be. */
  pathOf(hash: string): string
  /** Keeps the content of a table that was just put there. */
  recordTable(hash: string): Promise<void>
  /** Makes a source a file that can be read. */
  find(source: FileSource): ImportFile
  /** Lets go of what was uploaded. */
  release(sources: readonly FileSource[]): void
  /** Does what may add a data set: whatever is removed meanwhile, its file stays, which may be the one that is added. */
  adding<Result>(work: () => Promise<Result>): Promise<Result>
  /** Deletes files that belong to no data set: what a killed import left behind. */
  clean(): Promise<void>
  close(): Promise<void>
}

export interface DatasetLibraryOptions {
  readonly folder: string
  readonly services: HostServices
  readonly store: Store
  readonly duckDb: DuckDb
  readonly events: Events
}

/** Creates the library over a lab folder. Errors: LabError 'not_found' for what is not in the lab. */
export function createDatasetLibrary(options: DatasetLibraryOptions): DatasetLibrary {
  const { folder, services, store, duckDb, events } = options
  const samplesFolder = join(services.root, 'resources', 'datasets')
  const jobs = createJobs<ImportProgress>()
  const files = new TableFiles(join(folder, 'datasets'), store.datasets)

  function get(id: string): Dataset {
    const dataset = store.datasets.get(id)
    if (!dataset) throw new LabError('not_found', `There is no data set ${id}.`)
    return dataset
  }

  function summary(id: string): DatasetSummary {
    const { columns, ...rest } = get(id)
    return { ...rest, columnCount: columns.length }
  }

  function find(file: FileSource): ImportFile {
    if ('path' in file) return { path: file.path, name: basename(file.path) }
    const upload = services.findUpload?.(file.uploadId)
    if (!upload) throw new LabError('not_found', 'The uploaded file is not there any more. Upload it again.')
    return upload
  }

  function release(files: readonly FileSource[]): void {
    for (const file of files) if ('uploadId' in file) services.releaseUpload?.(file.uploadId)
  }

  const places: ImportPlaces = { ...options, samplesFolder, files, get, find }

  return {
    samples: () => listSamples(samplesFolder),
    list: () => store.datasets.list(),
    get,
    preview: async (id, offset, limit) => previewRows(duckDb, await files.find(get(id).hash), offset, limit),
    startImport: (request) =>
      jobs.start((report, signal) =>
        files
          .adding(() => importDataset(places, request, report, signal))
          .catch((error: unknown) => failedItem(error, services.log))
          .finally(() => release('files' in request.source ? request.source.files : []))
      ),
    follow: (jobId, signal) => jobs.follow(jobId, signal),
    cancel: (jobId) => jobs.cancel(jobId),
    rename(id, name) {
      get(id)
      store.datasets.rename(id, name)
      events.publish({ type: 'datasets' })
      return summary(id)
    },
    async remove(id) {
      const { hash } = get(id)
      const users = store.experiments.namesUsing(id)
      if (users.length > 0) {
        throw new LabError('conflict', `The data set is used by ${users.join(', ')}. Remove those experiments first.`)
      }
      store.datasets.remove(id)
      events.publish({ type: 'datasets' })
      await files.remove(hash)
    },
    fileOf: (hash) => files.find(hash),
    pathOf: (hash) => files.pathOf(hash),
    recordTable: (hash) => files.recordFile(files.pathOf(hash)),
    find,
    release,
    adding: (work) => files.adding(work),
    clean: () => files.clean(),
    async close() {
      await jobs.close()
      await files.close()
    }
  }
}
