/** Writes exports of runs as files, proves them, and puts a model card beside each. */
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LabError } from '#contract/errors.ts'
import {
  type Exported,
  type ExportFormat,
  exportFormatNames,
  exportFormats,
  type ExportRecord
} from '#contract/exports.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { formats } from '#lab/models/formats.ts'
import { gatherModel, type GatheredModel, type GatherOptions, type WeightChoice } from '#lab/models/gather-model.ts'
import { writeModelCard } from '#lab/models/model-card.ts'
import { type ProofOptions, prove } from '#lab/models/prove.ts'
import { writeZip } from '#lab/models/output-file.ts'
import type { Strays } from '#lab/store/strays.ts'
import { expectFileOrNothing, toWriteError } from '#lab/models/write-errors.ts'

export interface ExportRequest {
  readonly runId: number
  readonly format: ExportFormat
  readonly weights: WeightChoice
  readonly path: string
  /** Whether files may be replaced that have the names of what goes beside the export. */
  readonly replaces: boolean
}

export interface ExportOptions extends GatherOptions, ProofOptions {
  readonly strays: Strays
  /** Remembers an export that was made; missing beside the owner of a lab, where nothing is stored. */
  readonly record?: ((runId: number, record: Omit<ExportRecord, 'id'>) => void) | undefined
}

/**
 * Writes one export, alone or with all that goes with it as one zip. Files appear once the export has proved itself, or
 * not at all.
 * Errors: as gatherModel(); LabError 'bad_settings' for a network that the format can't express, 'internal' for an
 * export that predicts something else than the lab, 'bad_file' where it can't be written there.
 */
export async function writeExport(options: ExportOptions, request: ExportRequest): Promise<Exported> {
  const { format, weights } = request
  const path = resolve(request.path)
  const folder = dirname(path)
  const gathered = await gatherModel(options, request.runId, weights)
  expectAverages(gathered, format)
  await expectFileOrNothing(path)
  try {
    // In the folder of the export, so that its files are moved into place at once.
    return await options.strays.beside(path, '', async (workspace) => {
      await mkdir(workspace)
      const isPacked = /\.zip$/i.test(path)
      const name = isPacked ? `${basename(path).slice(0, -4)}.${exportFormats[format].extension}` : basename(path)
      const { names, proof } = await writeFiles(options, gathered, format, workspace, name)
      const sizes = await Promise.all(names.map(async (file) => (await stat(join(workspace, file))).size))
      if (isPacked) {
        const packed = names.map((file) => ({ path: file, content: () => createReadStream(join(workspace, file)) }))
        const zip = join(workspace, '.zip')
        await writeZip(zip, packed, new AbortController().signal)
        await rename(zip, path)
      } else {
        if (!request.replaces) await expectNothingBeside(folder, names)
        for (const file of names) await rename(join(workspace, file), join(folder, file))
      }
      const { epoch } = gathered.model.provenance
      const files = names.map((file, index) => ({ name: file, bytes: sizes[index] ?? 0 }))
      options.record?.(request.runId, { format, weights, epoch, files, proof, at: Date.now() })
      const paths = isPacked ? [path] : names.map((file) => join(folder, file))
      const written = await Promise.all(paths.map(async (file) => ({ path: file, bytes: (await stat(file)).size })))
      return { format, weights, epoch, files: written, proof }
    })
  } catch (error) {
    throw toWriteError(error, path)
  }
}

/**
 * Of an ensemble not every format can tell.
 * Errors: LabError 'bad_settings' for one that can not.
 */
function expectAverages({ model: { further, temperature } }: GatheredModel, format: ExportFormat): void {
  if (formats[format].averages || (!further && temperature === undefined)) return
  const able = exportFormatNames.filter((name) => formats[name].averages)
  throw new LabError(
    'bad_settings',
    `An ensemble can't be written as ${format}. Choose ${able.join(', ')}, or export its members one by one.`
  )
}

/**
 * The person named the export; what goes beside it has names that were not asked for.
 * Errors: LabError 'conflict' that names the files which are there.
 */
async function expectNothingBeside(folder: string, [name = '', ...besides]: readonly string[]): Promise<void> {
  const found = await Promise.all(besides.map((file) => stat(join(folder, file)).catch(() => null)))
  const there = besides.filter((_, index) => found[index])
  if (there.length === 0) return
  const what = there.length === 1 ? `${there[0]} is` : `${there.join(' and ')} are`
  const zip = besideOf(name, '.zip')
  throw new LabError(
    'conflict',
    `${what} there already, and ${name} would replace ${there.length === 1 ? 'it' : 'them'}; nothing was written. ` +
      `Choose another name or folder, name a zip such as ${zip}, or allow it (--replace in the terminal).`
  )
}

/** Writes and proves the export, then what goes beside it; gives the names of the files, the export's first. */
async function writeFiles(
  options: ExportOptions,
  gathered: GatheredModel,
  format: ExportFormat,
  folder: string,
  name: string
): Promise<{ names: string[]; proof: Exported['proof'] }> {
  const { model } = gathered
  const { write, companions } = formats[format]
  const companionsOfModel = companions(model, name)
  for (const { ending } of [...companionsOfModel, { ending: cardEnding }]) {
    if (besideOf(name, ending) !== name) continue
    throw new LabError(
      'bad_settings',
      `${name} is the name of what goes beside the export. Choose another ending, such as .${exportFormats[format].extension}.`
    )
  }
  // Node takes this ending for a module anywhere.
  const temporary = join(folder, '.mjs')
  await writePieces(temporary, write(model))
  const proof = await prove(options, gathered, format, temporary)
  await rename(temporary, join(folder, name))
  const card = { ending: cardEnding, text: writeModelCard(model, { format, proof }) }
  const besides = [...companionsOfModel, card].map(({ ending, text }) => ({ file: besideOf(name, ending), text }))
  for (const { file, text } of besides) await writeFile(join(folder, file), text)
  return { names: [name, ...besides.map(({ file }) => file)], proof }
}

const cardEnding = '.md'

/** `model.js` and `.d.ts` make `model.d.ts`. */
function besideOf(name: string, ending: string): string {
  const dot = name.lastIndexOf('.')
  return `${dot > 0 ? name.slice(0, dot) : name}${ending}`
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
