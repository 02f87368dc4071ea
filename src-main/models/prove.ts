/** Proves a written export: chooses rows of its experiment, runs the file on them, and compares with the lab. */
import type { Exported, ExportFormat } from '#contract/exports.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { wantedOf } from '#lab/datasets/column-values.ts'
import { encodeRows } from '#lab/datasets/encode.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import { outputLimits } from '#engine/training/evaluation.ts'
import { predictWith } from '#lab/runs/predictor.ts'
import { formats } from '#lab/models/formats.ts'
import type { GatheredModel } from '#lab/models/gather-model.ts'
import { asCells } from '#lab/models/proof-cells.ts'
import { chooseRows, compare, type ProofRows, tolerance } from '#lab/models/proof.ts'
import type { Store } from '#lab/store/store.ts'

export interface ProofOptions {
  readonly store: Store
  readonly engine: EngineHost
  readonly duckDb: DuckDb
  /** The stored table of a data set. */
  readonly fileOf: (hash: string) => Promise<string>
}

/**
 * Runs an export that was written to `path`; null for a format that only tests can run.
 * Errors: LabError 'internal' where it predicts something else than the lab.
 */
export async function prove(
  options: ProofOptions,
  gathered: GatheredModel,
  format: ExportFormat,
  path: string
): Promise<Exported['proof']> {
  const { predict, takesCells, isBare } = formats[format]
  if (!predict) return null
  const rows = await proofRows(options, gathered, isBare === true)
  let largestDifference = 0
  for (const given of takesCells ? [rows, asCells(rows)] : [rows]) {
    const predictions = await predict(path, given, options.engine, gathered.model)
    largestDifference = Math.max(largestDifference, compare(rows, predictions))
  }
  return { rows: rows.rows, largestDifference, tolerance }
}

async function proofRows(
  { store, duckDb, engine, fileOf }: ProofOptions,
  { model, experiment }: GatheredModel,
  isBare: boolean
): Promise<ProofRows> {
  const { preparation, temperature = 1 } = model
  const parts = (['train', 'validation'] as const).map((part) =>
    chooseRows(store.experiments.rows(experiment.id, part))
  )
  const rows = Uint32Array.from(parts.flatMap((part) => [...part])).sort()
  const columns = await readRows(duckDb, await fileOf(experiment.datasetHash), preparation.columns.map(wantedOf), rows)
  const inputs = encodeRows(preparation, columns)
  const limits = isBare ? undefined : outputLimits(preparation.targetScale)
  const networks = [model, ...(model.further ?? [])]
  const outputs = await predictWith(engine, { networks, limits, temperature }, inputs)
  return { preparation, rows: rows.length, columns, inputs, outputs }
}
