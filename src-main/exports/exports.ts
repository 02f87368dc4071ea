/** Writes exports of runs as files, proves them, and puts a model card beside each. */
import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Exported, ExportFormat } from '#contract/exports.ts'
import { encodeRows } from '#lab/datasets/encode.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import type { Tables } from '#lab/datasets/tables.ts'
import { formats } from '#lab/exports/formats.ts'
import { gatherModel, type GatheredModel, type GatherOptions, type WeightChoice } from '#lab/exports/gather-model.ts'
import { writeModelCard } from '#lab/exports/model-card.ts'
import { chooseRows, compare, type ProofRows, tolerance } from '#lab/exports/proof.ts'
import { toWriteError } from '#lab/exports/write-errors.ts'

export interface ExportRequest {
  readonly runId: number
  readonly format: ExportFormat
  readonly weights: WeightChoice
  readonly path: string
}

export interface ExportOptions extends GatherOptions {
  readonly tables: Tables
  /** The stored table of a data set. */
  readonly fileOf: (hash: string) => string
}

/**
 * Writes one export. Files appear once the export has proved itself, or not at all.
 * Errors: as gatherModel(); LabError 'bad_settings' for a network that the format can't express, 'internal' for an
 * export that predicts something else than the lab, 'bad_file' where it can't be written there.
 */
export async function writeExport(options: ExportOptions, request: ExportRequest): Promise<Exported> {
  const { format, weights } = request
  const path = resolve(request.path)
  const gathered = await gatherModel(options, request.runId, weights)
  const { model } = gathered
  const { write, companions, predict } = formats[format]
  // In the folder of the export, so that it is moved into place at once; Node takes this ending for a module anywhere.
  const temporary = join(dirname(path), `.${randomUUID()}.mjs`)
  try {
    await writePieces(temporary, write(model))
    const rows = predict && (await proofRows(options, gathered))
    const proof = rows && {
      rows: rows.rows,
      largestDifference: compare(rows, await predict(temporary, rows, options.engine, model)),
      tolerance
    }
    await rename(temporary, path)
    const written = [path]
    const card = { ending: '.md', text: writeModelCard(model, { format, proof: proof ?? null }) }
    for (const { ending, text } of [...companions(model, basename(path)), card]) {
      const beside = besideOf(path, ending)
      await writeFile(beside, text)
      written.push(beside)
    }
    const files = await Promise.all(written.map(async (file) => ({ path: file, bytes: (await stat(file)).size })))
    return { format, weights, epoch: model.provenance.epoch, files, proof: proof ?? null }
  } catch (error) {
    throw toWriteError(error, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** `model.js` and `.d.ts` make `model.d.ts`. */
function besideOf(path: string, ending: string): string {
  const name = basename(path)
  const dot = name.lastIndexOf('.')
  return join(dirname(path), `${dot > 0 ? name.slice(0, dot) : name}${ending}`)
}

async function writePieces(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const pause = createPause()
  const file = await open(path, 'w')
  try {
    for (const piece of pieces) {
      await file.appendFile(piece)
      await pause()
    }
  } finally {
    await file.close()
  }
}

async function proofRows(
  { store, tables, engine, fileOf }: ExportOptions,
  { model, experiment }: GatheredModel
): Promise<ProofRows> {
  const { preparation, topology, parameters } = model
  const parts = (['train', 'validation'] as const).map((part) =>
    chooseRows(store.experiments.rows(experiment.id, part))
  )
  const rows = Uint32Array.from(parts.flatMap((part) => [...part])).sort()
  const columns = await readRows(tables, fileOf(experiment.datasetHash), preparation, rows)
  const inputs = encodeRows(preparation, columns)
  const outputs = await engine.predict({ topology, parameters, inputs })
  return { preparation, rows: rows.length, columns, inputs, outputs }
}
