/** Small tables for tests of how columns are read. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import type { ImportedTable } from '#lab/datasets/import/import-table.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { importFiles, temporaryFolder } from '#test/unit/datasets/support.ts'

/** Writes a cell as CSV does. */
export function cell(text: string): string {
  return /[",;\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A CSV with columns of texts, and a column of words that keeps every row from being empty. */
export function csvOf(columns: Readonly<Record<string, readonly string[]>>, delimiter = ','): string {
  const names = Object.keys(columns)
  const rows = Math.max(...Object.values(columns).map((values) => values.length))
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = names.map((name) => cell(columns[name]?.[row] ?? ''))
    return [...cells, ['red', 'blue', 'green'][row % 3]].join(delimiter)
  })
  return `${[...names.map(cell), 'word'].join(delimiter)}\n${lines.join('\n')}\n`
}

/** Imports a text under a name. */
export async function importText(
  duckDb: DuckDb,
  text: string | Uint8Array,
  name = 'table.csv',
  options: ReadOptions = {}
): Promise<ImportedTable & Dataset> {
  const folder = await temporaryFolder()
  const path = join(folder, name)
  await writeFile(path, text)
  return importFiles(duckDb, path, options, folder)
}

/** Reads columns of texts and gives what became of each: its type and its values as they are stored. */
export async function readColumns(
  duckDb: DuckDb,
  columns: Readonly<Record<string, readonly string[]>>,
  options: ReadOptions = {},
  delimiter = ','
) {
  const imported = await importText(duckDb, csvOf(columns, delimiter), 'table.csv', options)
  const stored = await duckDb.use(undefined, (session) =>
    session.rows(`SELECT * EXCLUDE (word) FROM read_parquet('${imported.file}')`)
  )
  return Object.fromEntries(
    Object.keys(columns).map((name, index) => {
      const column = imported.columns[index]
      const doubts = imported.doubts.filter((doubt) => doubt.column === name)
      return [name, { type: column?.type, note: column?.note, values: stored.map((row) => row[index] ?? null), doubts }]
    })
  )
}
