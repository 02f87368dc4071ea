/** The data sets of a lab: imports as jobs, what is known of each, previews. */
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LabError } from '#contract/errors.ts'
import type { Dataset, DatasetSummary, FileSource, ImportProgress, Sample } from '#contract/datasets.ts'
import { joinOptions, type ReadOptions } from '#contract/reading.ts'
import { importTable, type ImportedTable } from '#lab/datasets/import/import-table.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { fileOfHash, forgetContent, KnownContents } from '#lab/datasets/known-content.ts'
import { previewRows } from '#lab/datasets/preview.ts'
import { listSamples, withSample } from '#lab/datasets/samples.ts'
import type { Tables } from '#lab/datasets/duckdb.ts'
import { toContractError } from '#lab/procedures/contract-errors.ts'
import type { Events } from '#lab/streams/events.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createJobs } from '#lab/streams/jobs.ts'
import type { Store } from '#lab/store/store.ts'

export interface ImportRequest {
  readonly source:
    | { readonly files: readonly FileSource[] }
    | { readonly sampleId: string; readonly seed: number }
    | { readonly datasetId: string }
  /** Options that were chosen for the same bytes before stand for those left out. */
  readonly asBefore?: boolean | undefined
  readonly name?: string | undefined
  readonly options: ReadOptions
}

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
  readonly tables: Tables
  readonly events: Events
}

/** Creates the library over a lab folder. Errors: LabError 'not_found' for what is not in the lab. */
export function createDatasetLibrary({
  folder,
  services,
  store,
  tables,
  events
}: DatasetLibraryOptions): DatasetLibrary {
  const datasetsFolder = join(folder, 'datasets')
  const samplesFolder = join(services.root, 'resources', 'datasets')
  const jobs = createJobs<ImportProgress>()
  const pathOf = (hash: string) => join(datasetsFolder, `${hash}.parquet`)
  const contents = new KnownContents()

  async function fileOf(hash: string): Promise<string> {
    const path = pathOf(hash)
    const content = await contents.look(path)
    if (content === 'whole') return path
    // Labs of before kept no hash; one that can't be written to keeps none.
    if (content === 'unknown') await contents.record(path).catch(() => undefined)
    else throw damagedTable(store.datasets.findByHash(hash)?.name ?? hash, content === 'missing')
    return path
  }

  let addingNow = 0
  let deleting: Promise<unknown> = Promise.resolve()
  /** Contents whose data set was removed while others were added. */
  const unwanted = new Set<string>()

  async function adding<Result>(work: () => Promise<Result>): Promise<Result> {
    addingNow++
    try {
      await deleting
      return await work()
    } finally {
      addingNow--
      deleteUnwanted()
    }
  }

  function deleteUnwanted(): void {
    if (addingNow > 0) return
    const strays = [...unwanted].filter((hash) => store.datasets.findByHash(hash) === null)
    unwanted.clear()
    // A file that can't be deleted now is when the lab is opened again.
    deleting = Promise.allSettled([deleting, ...strays.map((hash) => deleteTable(pathOf(hash)))])
  }

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

  async function runImport(
    request: ImportRequest,
    report: (item: ImportProgress) => void,
    signal: AbortSignal
  ): Promise<ImportProgress> {
    const { source, name, asBefore } = request
    const options =
      'datasetId' in source
        ? joinOptions(get(source.datasetId).reading?.options ?? {}, request.options)
        : request.options
    const read = async (files: readonly ImportFile[], paths: readonly string[] | null): Promise<ImportProgress> => {
      const imported = await importTable(tables, files, options, {
        folder,
        signal,
        optionsBefore: asBefore ? (bytes) => store.datasets.readingOf(bytes)?.options ?? null : undefined,
        onProgress: (progress) => report({ type: 'progress', ...progress })
      })
      await contents.record(imported.file)
      const known = store.datasets.findByHash(imported.hash)
      if (paths) store.datasets.setOrigin(imported.hash.slice(0, 12), paths)
      if (known) return { type: 'done', dataset: known, existed: true }
      const dataset = toDataset(imported, name ?? nameOf(files, imported.image))
      store.datasets.add(dataset)
      events.publish({ type: 'datasets' })
      return { type: 'done', dataset, existed: false }
    }
    if ('files' in source) {
      const isLocal = source.files.every((file) => 'path' in file)
      return read(source.files.map(find), isLocal ? source.files.map((file) => find(file).path) : null)
    }
    if ('datasetId' in source) return rereadFiles(source.datasetId, read)
    return withSample(samplesFolder, source.sampleId, source.seed, (file) => read([file], null))
  }

  /** Reads the files of a data set once more. Errors: LabError 'not_found' where they are not where they were. */
  async function rereadFiles(
    id: string,
    read: (files: readonly ImportFile[], paths: readonly string[]) => Promise<ImportProgress>
  ): Promise<ImportProgress> {
    const { source } = get(id)
    const paths = store.datasets.origin(id)
    if (!paths) {
      throw new LabError('not_found', `The lab does not know where ${source} lies. Import it again with these options.`)
    }
    const lost = paths.find((path) => !existsSync(path))
    if (lost !== undefined) {
      throw new LabError('not_found', `${lost} is not there any more. Import the file again from where it is now.`)
    }
    return read(
      paths.map((path) => ({ path, name: basename(path) })),
      paths
    )
  }

  /** A failed import is the last item of its stream, not an exception: nobody may be listening yet. */
  function toFailure(error: unknown): ImportProgress {
    const { code, message, data: details } = toContractError(error, services.log)
    return { type: 'failed', code, message, details }
  }

  return {
    samples: () => listSamples(samplesFolder),
    list: () => store.datasets.list(),
    get,
    preview: async (id, offset, limit) => previewRows(tables, await fileOf(get(id).hash), offset, limit),
    startImport: (request) =>
      jobs.start((report, signal) =>
        adding(() => runImport(request, report, signal))
          .catch(toFailure)
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
      unwanted.add(hash)
      deleteUnwanted()
      await deleting
    },
    fileOf,
    pathOf,
    recordTable: (hash) => contents.record(pathOf(hash)),
    find,
    release,
    adding,
    async clean() {
      const known = new Set(store.datasets.list().map(({ hash }) => `${hash}.parquet`))
      const names = await readdir(datasetsFolder)
      const strays = names.filter((name) => !known.has(fileOfHash(name) ?? name))
      await Promise.all(strays.map((name) => rm(join(datasetsFolder, name), { recursive: true, force: true })))
    },
    async close() {
      await jobs.close()
      await deleting
    }
  }
}

async function deleteTable(path: string): Promise<void> {
  await rm(path, { force: true })
  await forgetContent(path)
}

function damagedTable(name: string, isMissing: boolean): LabError {
  const what = isMissing ? 'is not in the lab any more' : 'is not what was stored: its file was damaged or replaced'
  return new LabError(
    'lab_unusable',
    `The table of "${name}" ${what}. Import the same file again in the same way, and it is stored anew; experiments and runs stay as they are.`
  )
}

function toDataset({ file: _, ...described }: ImportedTable, name: string): Dataset {
  return { ...described, id: described.hash.slice(0, 12), name, importedAt: Date.now() }
}

/** The name of the file without what tells its format; IDX files all have the same names, so theirs tells the images. */
function nameOf([first]: readonly ImportFile[], image: Dataset['image']): string {
  const name = first?.name ?? ''
  if (image && /ubyte(\.gz)?$/i.test(name)) return `images ${image.width} x ${image.height}`
  return name.replace(/\.gz$/i, '').replace(/\.[a-z0-9]{1,8}$/i, '') || name
}
