/** Imports one changed file, and tells what is wrong with how that ended. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '#contract/errors.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { importTable } from '#lab/datasets/import/import-table.ts'
import type { Seed } from '#test/fuzz/mutate.ts'

/** How long an import may take. */
const limitMs = 20_000

export type Ending = { readonly kind: 'read' | 'refused' } | { readonly kind: 'fault'; readonly why: string }

/** A file is read, or refused in one sentence or two; all else is a fault. */
export async function importChanged(duckDb: DuckDb, { name, bytes }: Seed): Promise<Ending> {
  const folder = await mkdtemp(join(tmpdir(), 'topology-lab-fuzz-'))
  const path = join(folder, name)
  try {
    await mkdir(join(folder, 'datasets'))
    await writeFile(path, bytes)
    const signal = AbortSignal.timeout(limitMs)
    await importTable(duckDb, [{ path, name }], {}, { folder, signal })
    return { kind: 'read' }
  } catch (error) {
    if (!(error instanceof LabError))
      return { kind: 'fault', why: error instanceof Error ? `${error.stack}` : String(error) }
    if (error.code === 'cancelled') return { kind: 'fault', why: `It took longer than ${limitMs / 1000} s.` }
    const isSentence = /^[^\n]{5,600}[.?!]$/.test(error.message) && !/\n\s+at /.test(error.message)
    return isSentence ? { kind: 'refused' } : { kind: 'fault', why: `No sentence: ${JSON.stringify(error.message)}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
