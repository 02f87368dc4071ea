/** Real tables for tests: one DuckDB a test file, and a lab folder a test. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { Column, Dataset } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import { importTable, type ImportedTable } from '#lab/datasets/import/import-table.ts'
import { createDuckDb, type DuckDb } from '#lab/datasets/duckdb.ts'

export const root = resolve(import.meta.dirname, '../../..')
export const fixtures = join(root, 'test/fixtures/tables')
export const sampleTables = join(root, 'resources/datasets')

/** Opens a DuckDB that is closed after the last test of the file. */
export function openDuckDb(): DuckDb {
  const duckDb = createDuckDb({ log: () => undefined })
  afterAll(() => duckDb.close())
  return duckDb
}

/** Makes a folder that is deleted with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'topology-lab-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'datasets'))
  return folder
}

/** Imports files into a lab folder that is deleted with the test. */
export async function importFiles(
  duckDb: DuckDb,
  paths: string | readonly string[],
  options: ReadOptions = {},
  folder?: string
): Promise<ImportedTable & Dataset> {
  const files = [paths].flat().map((path) => ({ path, name: basename(path) }))
  const imported = await importTable(duckDb, files, options, { folder: folder ?? (await temporaryFolder()) })
  return { ...imported, id: imported.hash.slice(0, 12), name: imported.source, importedAt: 0 }
}

/** A column of a made-up data set; what a test doesn't say is that of a plain numeric column. */
export function columnOf(name: string, facts: Partial<Column> = {}): Column {
  const plain = { type: 'numeric', missing: 0, distinct: 50, integer: false, summary: null } as const
  return { name, ...plain, histogram: null, examples: [], note: null, ...facts }
}

/** A made-up data set of 100 rows. */
export function datasetOf(columns: readonly Column[], facts: Partial<Dataset> = {}): Dataset {
  const plain = {
    id: 'd',
    name: 'made up',
    hash: 'd',
    source: 'd.csv',
    rows: 100,
    image: null,
    warnings: [],
    doubts: []
  }
  return { ...plain, columns: [...columns], sizeBytes: 1, importedAt: 0, ...facts }
}
