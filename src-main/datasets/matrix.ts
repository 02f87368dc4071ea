/** Writes rows of a stored table as the matrix file the engine reads (MatrixFile in src-engine/process/protocol.ts). */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { MatrixFile } from '#engine/process/protocol.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { LabError } from '#contract/errors.ts'
import { type Piece, readPieces, wantedOf } from '#lab/datasets/column-values.ts'
import { encodeColumn, encodeTargets, inputCount } from '#lab/datasets/encode.ts'
import { toFileError } from '#lab/datasets/import/file-errors.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { readWeights } from '#lab/datasets/row-weights.ts'
import type { Session, DuckDb } from '#lab/datasets/duckdb.ts'

/** Encoded rows held at once: bounded in memory, and in the time it takes to sort them. */
const window = { bytes: 32 * 1024 * 1024, rows: 65_536 }

/**
 * Writes the encoded inputs of `rows`, row by row in their order, then their targets, then what they count by the column
 * `weight` where there is one, as little-endian float32.
 * The file appears whole or not at all. Rows in ascending order are read in one go; any other order reads the table
 * once for every 65,536 rows or 32 MB.
 * Errors: `cancelled` by the signal; `lab_unusable` where the disk is full; `bad_settings` for a row without a target.
 */
export async function writeMatrix(
  duckDb: DuckDb,
  file: string,
  fitted: FittedPreparation,
  rows: Uint32Array,
  outPath: string,
  signal?: AbortSignal,
  weight: string | null = null
): Promise<MatrixFile> {
  const temporary = `${outPath}.${randomUUID()}.tmp`
  try {
    await duckDb.use(signal, async (session) => {
      const out = await open(temporary, 'w')
      try {
        await writeRows(session, file, fitted, rows, out, weight)
      } finally {
        await out.close()
      }
    })
    await rename(temporary, outPath)
    return { path: outPath, rows: rows.length, ...(weight !== null && { isWeighted: true }) }
  } catch (error) {
    throw toFileError(error, 'the prepared table')
  } finally {
    await rm(temporary, { force: true })
  }
}

async function writeRows(
  session: Session,
  file: string,
  fitted: FittedPreparation,
  rows: Uint32Array,
  out: FileHandle,
  weight: string | null
): Promise<void> {
  const width = fitted.inputs.length
  const bytesPerRow = width * Float32Array.BYTES_PER_ELEMENT
  const windowRows = Math.min(window.rows, Math.max(1, Math.floor(window.bytes / bytesPerRow)))
  const targets = new Float32Array(rows.length)
  for (let start = 0; start < rows.length; start += windowRows) {
    const part = rows.subarray(start, start + windowRows)
    const inputs = new Float32Array(part.length * width)
    await encodeWindow(session, file, fitted, part, inputs, targets.subarray(start, start + part.length))
    await out.write(bytesOf(inputs), 0, inputs.byteLength, start * bytesPerRow)
  }
  if (targets.some(Number.isNaN)) {
    throw new LabError('bad_settings', `Some rows have no value of the target "${fitted.target}".`, {
      column: fitted.target
    })
  }
  await out.write(bytesOf(targets), 0, targets.byteLength, rows.length * bytesPerRow)
  if (weight === null) return
  const weights = await readWeights(session, file, weight, rows)
  await out.write(bytesOf(weights), 0, weights.byteLength, rows.length * bytesPerRow + targets.byteLength)
}

/** Fills the inputs and targets of one window of rows, whatever their order. */
async function encodeWindow(
  session: Session,
  file: string,
  fitted: FittedPreparation,
  rows: Uint32Array,
  inputs: Float32Array,
  targets: Float32Array
): Promise<void> {
  const pause = createPause()
  const width = fitted.inputs.length
  // Places of the window in the order of the table, so that one pass over the table meets them in turn.
  const places = Uint32Array.from(rows, (_, place) => place).sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0))
  const first = rows[places[0] ?? 0] ?? 0
  const last = rows[places.at(-1) ?? 0] ?? 0
  const wanted = fitted.columns.map(wantedOf)
  const target = fitted.classes === null ? 'numeric' : 'categorical'
  let met = 0
  for await (const piece of readPieces(
    session,
    file,
    [...wanted, { column: fitted.target, kind: target }],
    first,
    last + 1
  )) {
    const from = met
    while (met < places.length && (rows[places[met] ?? 0] ?? 0) < piece.first + piece.rows) met++
    const chosen = places.subarray(from, met)
    if (chosen.length === 0) continue
    let offset = 0
    for (const [index, encoding] of fitted.columns.entries()) {
      const count = inputCount(encoding)
      const encoded = new Float32Array(piece.rows * count)
      encodeColumn(encoding, piece.column(index), encoded, 0, count)
      for (const place of chosen) {
        const row = (rows[place] ?? 0) - piece.first
        for (let input = 0; input < count; input++) {
          inputs[place * width + offset + input] = encoded[row * count + input] ?? 0
        }
      }
      offset += count
      await pause()
    }
    placeTargets(piece, fitted, rows, chosen, targets)
  }
}

function placeTargets(
  piece: Piece,
  fitted: FittedPreparation,
  rows: Uint32Array,
  chosen: Uint32Array,
  targets: Float32Array
): void {
  const encoded = encodeTargets(fitted, piece.column(fitted.columns.length))
  for (const place of chosen) targets[place] = encoded[(rows[place] ?? 0) - piece.first] ?? NaN
}

/** All platforms Node runs on here are little-endian, as the file is. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
