/** Imports: from files, from a sample, or from the files of a data set once more. Owns nothing. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { LabError } from '#contract/errors.ts'
import type { Dataset, FileSource, ImportProgress } from '#contract/datasets.ts'
import { joinOptions, type ReadOptions } from '#contract/reading.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { importTable, type ImportedTable } from '#lab/datasets/import/import-table.ts'
import { withSample } from '#lab/datasets/samples.ts'
import type { TableFiles } from '#lab/library/table-files.ts'
import type { Store } from '#lab/store/store.ts'
import type { Events } from '#lab/streams/events.ts'

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

/** Where imports read from and what they add to. */
export interface ImportPlaces {
  readonly folder: string
  readonly samplesFolder: string
  readonly store: Store
  readonly duckDb: DuckDb
  readonly events: Events
  readonly files: TableFiles
  readonly get: (id: string) => Dataset
  readonly find: (source: FileSource) => ImportFile
}

/**
 * Imports into the lab: reads a table from files, a sample, or the files of a data set once more, and stores what it finds.
 * Errors: LabError of the reading; 'not_found' for files and data sets that are not there any more.
 */
export async function importDataset(
  places: ImportPlaces,
  request: ImportRequest,
  report: (item: ImportProgress) => void,
  signal: AbortSignal
): Promise<ImportProgress> {
  const { folder, samplesFolder, store, duckDb, events, files, get, find } = places
  const { source, name, asBefore } = request
  const options =
    'datasetId' in source ? joinOptions(get(source.datasetId).reading?.options ?? {}, request.options) : request.options
  const read = async (sources: readonly ImportFile[], paths: readonly string[] | null): Promise<ImportProgress> => {
    const imported = await importTable(duckDb, sources, options, {
      folder,
      signal,
      optionsBefore: asBefore ? (bytes) => store.datasets.readingOf(bytes)?.options ?? null : undefined,
      onProgress: (progress) => report({ type: 'progress', ...progress })
    })
    await files.recordFile(imported.file)
    const known = store.datasets.findByHash(imported.hash)
    if (paths) store.datasets.setOrigin(imported.hash.slice(0, 12), paths)
    if (known) return { type: 'done', dataset: known, existed: true }
    const dataset = toDataset(imported, name ?? nameOf(sources, imported.image))
    store.datasets.add(dataset)
    events.publish({ type: 'datasets' })
    return { type: 'done', dataset, existed: false }
  }
  if ('files' in source) {
    const isLocal = source.files.every((file) => 'path' in file)
    return read(source.files.map(find), isLocal ? source.files.map((file) => find(file).path) : null)
  }
  if ('datasetId' in source) return rereadFiles(places, source.datasetId, read)
  return withSample(samplesFolder, source.sampleId, source.seed, (file) => read([file], null))
}

/** Reads the files of a data set once more. Errors: LabError 'not_found' where they are not where they were. */
async function rereadFiles(
  { store, get }: ImportPlaces,
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

function toDataset({ file: _, ...described }: ImportedTable, name: string): Dataset {
  return { ...described, id: described.hash.slice(0, 12), name, importedAt: Date.now() }
}

/** The name of the file without what tells its format; IDX files all have the same names, so theirs tells the images. */
function nameOf([first]: readonly ImportFile[], image: Dataset['image']): string {
  const name = first?.name ?? ''
  if (image && /ubyte(\.gz)?$/i.test(name)) return `images ${image.width} x ${image.height}`
  return name.replace(/\.gz$/i, '').replace(/\.[a-z0-9]{1,8}$/i, '') || name
}
