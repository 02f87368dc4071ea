/** The seal of the test part where a file is predicted: rows of the part that is not opened have no say in figures. */
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { findKnownRows } from '#lab/datasets/predicting/known-rows.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Store } from '#lab/store/store.ts'

export interface SealOptions {
  readonly store: Store
  readonly duckDb: DuckDb
  readonly library: { fileOf(hash: string): Promise<string> }
}

export interface SealedTargets {
  /** NaN at the rows that are sealed; null where no figures are to be given. */
  readonly targets: Float32Array | null
  readonly sealedRows: number
  readonly ownRows: number
}

/**
 * Takes the rows of the sealed test part out of the targets of a new file, which is known by the content of its rows. Where
 * half of them or more are of the experiment's own table, sealed ones among them, there is nothing new to give figures of.
 * Null for an experiment without a test part, and for a run for which it was opened.
 * Errors: `cancelled` by the signal.
 */
export async function sealTargets(
  { store, duckDb, library }: SealOptions,
  experiment: StoredExperiment,
  runId: number,
  given: { readonly file: string; readonly targets: Float32Array },
  signal: AbortSignal
): Promise<SealedTargets | null> {
  if (experiment.rowCounts.test === 0 || store.openings.ofRun(runId) !== null) return null
  const known = countKnown(given.targets)
  if (known === 0) return null
  const own = {
    file: await library.fileOf(experiment.datasetHash),
    rows: store.datasets.get(experiment.datasetId)?.rows ?? 0,
    settings: experiment.settings,
    fitted: experiment.preparation,
    test: store.experiments.rows(experiment.id, 'test')
  }
  const { isTest, own: ownRows } = await findKnownRows(duckDb, own, given, signal)
  const sealedRows = isTest.reduce((sum, is) => sum + is, 0)
  const isOwnTable = sealedRows > 0 && 2 * ownRows >= known
  const targets = isOwnTable ? null : given.targets.map((target, row) => (isTest[row] === 1 ? NaN : target))
  return { targets, sealedRows, ownRows }
}

/** Counts the rows whose target is known. */
export function countKnown(targets: Float32Array): number {
  return targets.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0)
}
