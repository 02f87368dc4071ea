/**
 * Imports files as one table: reads them, tells the types over the whole of them, and stores the table as
 * `datasets/<hash>.parquet`. The originals are never touched; nothing is left behind by a failure or a cancel.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '#contract/datasets.ts'
import { type Doubt, joinOptions, type ReadOptions } from '#contract/reading.ts'
import { LabError } from '#contract/errors.ts'
import { type Chosen, chooseFiles } from '#lab/datasets/import/choose-files.ts'
import { badFile, isBadLine, toFileError } from '#lab/datasets/import/file-errors.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { inferTypes } from '#lab/datasets/import/infer-types.ts'
import type { OddValue } from '#lab/datasets/import/odd-values.ts'
import type { TableRules } from '#lab/datasets/import/columns/rules.ts'
import { openPairs, openTable } from '#lab/datasets/import/open-source.ts'
import { storeTable } from '#lab/datasets/import/store-table.ts'
import type { TableSource } from '#lab/datasets/import/table-source.ts'
import { type Progress, step, type Work } from '#lab/datasets/import/work.ts'
import { forgetContent, KnownContents } from '#lab/datasets/known-content.ts'
import { describeTable } from '#lab/datasets/profile/describe-table.ts'
import { readRemarks } from '#lab/datasets/remarks.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

export interface ImportSettings {
  /** The lab's folder. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
  /** How a file of these bytes was read before, where it is to be read so again. */
  readonly optionsBefore?: ((bytes: readonly string[]) => ReadOptions | null) | undefined
  /** How the columns of a table were read that this one is to fit. */
  readonly rules?: TableRules | null | undefined
  readonly onProgress?: (progress: Progress) => void
}

/** A table as it was imported; the lab gives it an id, a name and a date. */
export interface ImportedTable extends Omit<Dataset, 'id' | 'name' | 'importedAt'> {
  /** The stored Parquet file. */
  readonly file: string
}

/** Raised when the same bytes are to be stored in another way, so that they are imported anew. */
const formatVersion = 3

/** A table read into the form of the store, before anybody looked at its columns. */
export interface StoredTable {
  readonly file: string
  readonly hash: string
  readonly warnings: readonly string[]
  readonly doubts: readonly Doubt[]
  /** Values that are not of the kind of their column, which are missing. */
  readonly odd: readonly OddValue[]
  /** SHA-256 of each file, unpacked. */
  readonly bytes: readonly string[]
}

/**
 * Imports one table from one file, or from the IDX files that make one.
 * The hash names bytes and way of reading: the same again is recognised, and described from the store.
 * Errors: `bad_file` with a sentence for every input that makes no table; `lab_unusable` where the disk is full;
 * `cancelled` by the signal.
 */
export function importTable(
  duckDb: DuckDb,
  files: readonly ImportFile[],
  options: ReadOptions,
  settings: ImportSettings
): Promise<ImportedTable> {
  return work(duckDb, files, options, settings, async (work, chosen) => {
    const { file, hash } = await storeChosen(work, chosen, files, settings.folder)
    const look = step(work, 'profiling', 'Looking at the columns', [0.7, 1])
    const described = await describeTable(work.session, file, look)
    const warnings = chosen.kind === 'idx' ? [...chosen.warnings, ...described.warnings] : described.warnings
    return { ...described, warnings, hash, file, source: sourceName(files), sizeBytes: (await stat(file)).size }
  })
}

/**
 * Reads new files as importTable() does, by the `rules` of the table that a network was fitted to, and stops before the
 * columns are looked at. Errors: as importTable().
 */
export function readTable(
  duckDb: DuckDb,
  files: readonly ImportFile[],
  options: ReadOptions,
  settings: ImportSettings
): Promise<StoredTable> {
  return work(duckDb, files, options, settings, async (work, chosen) => {
    const { warnings, ...stored } = await storeChosen(asFitted(work), chosen, files, settings.folder)
    return { ...stored, warnings: chosen.kind === 'idx' ? [...chosen.warnings, ...warnings] : warnings }
  })
}

async function work<Result>(
  duckDb: DuckDb,
  files: readonly ImportFile[],
  options: ReadOptions,
  { folder, signal, optionsBefore = () => null, rules = null, onProgress = () => undefined }: ImportSettings,
  read: (work: Work, chosen: Chosen) => Promise<Result>
): Promise<Result> {
  const workspace = join(datasetsIn(folder), `import-${randomUUID()}.tmp`)
  const shown = files[0]?.name ?? 'The file'
  try {
    return await duckDb.use(signal, async (session) => {
      const chosen = await chooseFiles(files)
      await mkdir(workspace, { recursive: true })
      return read({ session, folder: workspace, options, optionsBefore, rules, signal, onProgress }, chosen)
    })
  } catch (error) {
    if (signal?.aborted) throw new LabError('cancelled', `The import of ${shown} was cancelled.`)
    throw toFileError(error, shown)
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

/** What was said of the fitted table holds for new rows, besides what is said of them. */
function asFitted(work: Work): Work {
  const before = work.rules?.said
  if (!before) return work
  const missing = [...(before.missing ?? []), ...(work.options.missing ?? [])]
  return { ...work, options: { ...joinOptions(before, work.options), missing } }
}

async function storeChosen(
  work: Work,
  chosen: Chosen,
  files: readonly ImportFile[],
  folder: string
): Promise<StoredTable> {
  const { source, hashes, options } =
    chosen.kind === 'table' ? await openTable(work, chosen.file) : await openPairs(work, chosen.pairs)
  const reading = JSON.stringify([formatVersion, hashes, source.reading, work.rules && [...work.rules.columns]])
  const hash = createHash('sha256').update(reading).digest('hex')
  const file = join(datasetsIn(folder), `${hash}.parquet`)
  const content = await new KnownContents().look(file)
  const isStored = content === 'whole' || content === 'unknown'
  if (content === 'changed') await forgetContent(file)
  const shown = files[0]?.name ?? 'The file'
  const odd = isStored ? [] : await store(work, source, { options, bytes: hashes, shown, file })
  const { doubts } = await readRemarks(work.session, file)
  return { file, hash, warnings: source.warnings, doubts, odd, bytes: hashes }
}

function datasetsIn(folder: string): string {
  return join(folder, 'datasets')
}

/** Stores the table; where a line proves not to be plain on the way, it is read line by line. */
async function store(work: Work, source: TableSource, target: Target): Promise<OddValue[]> {
  try {
    return await storeSource(work, source, target)
  } catch (error) {
    if (!source.rewritten || !isBadLine(error)) throw error
    return await storeSource(work, await source.rewritten(), target)
  }
}

/** What is stored where, and how it was read. */
interface Target {
  readonly options: ReadOptions
  /** SHA-256 of each file, unpacked. */
  readonly bytes: readonly string[]
  /** The file as the person knows it. */
  readonly shown: string
  readonly file: string
}

async function storeSource(
  work: Work,
  source: TableSource,
  { shown, file, options, bytes }: Target
): Promise<OddValue[]> {
  const { columns, odd, doubts } = await inferTypes(
    work.session,
    source,
    work.rules,
    step(work, 'reading', 'Telling the types', [0.1, 0.45])
  )
  const temporary = join(work.folder, 'table.parquet')
  const rows = await storeTable(
    work.session,
    { ...source, doubts: [...source.doubts, ...doubts] },
    columns,
    temporary,
    { options, bytes: [...bytes] },
    step(work, 'storing', 'Storing the table', [0.45, 0.7])
  )
  if (rows === 0) throw badFile(shown, `${shown} has columns and no rows.`)
  await rename(temporary, file)
  return odd
}

function sourceName(files: readonly ImportFile[]): string {
  const [first, ...others] = files
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${first?.name}${more}`
}
