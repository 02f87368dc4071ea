/**
 * Queries of checkpoints, bit-exact. Those of a large network have hundreds of megabytes: they are written and deleted
 * in pieces, by generators whose steps are short, so that the caller can do other things in between.
 */
import type { Database } from 'better-sqlite3'
import { type Checkpoint, checkpointVersion } from '#engine/training/checkpoint.ts'
import { joinPieces, pieceBytes, toBlob, toFloat32, toUint32 } from '#lab/store/blobs.ts'

export interface StoredWeights {
  readonly epoch: number
  readonly parameters: Float32Array<ArrayBuffer>
}

export interface CheckpointQueries {
  /** Writes a checkpoint piece by piece and returns its id; it does not count before adopt(). */
  stage(runId: number, checkpoint: Checkpoint): Generator<void, number, void>
  /** Makes a staged checkpoint the newest of its run. */
  adopt(id: number): void
  /** Deletes, piece by piece, the run's checkpoints that do not count any more or never came to. */
  sweep(runId: number): Generator<void, void, void>
  read(runId: number): Checkpoint | null
  /** Which epochs its weights are of, without reading them. */
  epochs(runId: number): { readonly best: number; readonly last: number } | null
  /** The weights alone, for prediction. */
  weights(runId: number, which: 'best' | 'last'): StoredWeights | null
}

type Field = 'parameters' | 'optimizer_state' | 'random' | 'best_parameters'

interface CheckpointRow {
  readonly id: number
  readonly epoch: number
  readonly step: number
  readonly elapsed_seconds: number
  readonly unfinished: string
  readonly best_epoch: number
  readonly best_value: number | null
}

/** Prepares the queries of checkpoints. */
export function checkpointQueries(db: Database): CheckpointQueries {
  const add = db.prepare(
    `INSERT INTO checkpoints (run_id, epoch, step, elapsed_seconds, unfinished, best_epoch, best_value)
     VALUES (?, ?, ?, ?, ?, ?, ?)`
  )
  const addPiece = db.prepare(
    'INSERT INTO checkpoint_pieces (checkpoint_id, field, position, data) VALUES (?, ?, ?, ?)'
  )
  const adopt = db.prepare('UPDATE checkpoints SET is_complete = 1 WHERE id = ?')
  const newest = db.prepare<[number], CheckpointRow>(
    'SELECT * FROM checkpoints WHERE run_id = ? AND is_complete = 1 ORDER BY id DESC LIMIT 1'
  )
  const pieces = db
    .prepare<[number, Field], Uint8Array>(
      'SELECT data FROM checkpoint_pieces WHERE checkpoint_id = ? AND field = ? ORDER BY position'
    )
    .pluck()
  const stale = db.prepare<[number, number], number>('SELECT id FROM checkpoints WHERE run_id = ? AND id <> ?').pluck()
  const pieceIds = db.prepare<[number], number>('SELECT rowid FROM checkpoint_pieces WHERE checkpoint_id = ?').pluck()
  const removePiece = db.prepare('DELETE FROM checkpoint_pieces WHERE rowid = ?')
  const remove = db.prepare('DELETE FROM checkpoints WHERE id = ?')

  const readField = (id: number, field: Field) => joinPieces(pieces.all(id, field))

  return {
    *stage(runId, { epoch, step, elapsedSeconds, parameters, optimizerState, random, unfinished, best }) {
      const values = [runId, epoch, step, elapsedSeconds, JSON.stringify(unfinished), best.epoch, best.value]
      const id = Number(add.run(...values).lastInsertRowid)
      const fields: [Field, Uint8Array][] = [
        ['parameters', toBlob(parameters)],
        ['optimizer_state', toBlob(optimizerState)],
        ['random', toBlob(random)],
        ['best_parameters', toBlob(best.parameters)]
      ]
      let written = 0
      for (const [field, bytes] of fields) {
        for (let position = 0; position < bytes.length; position += pieceBytes) {
          const piece = bytes.subarray(position, position + pieceBytes)
          if (written + piece.length > pieceBytes) {
            yield
            written = 0
          }
          addPiece.run(id, field, position, piece)
          written += piece.length
        }
      }
      return id
    },
    adopt: (id) => void adopt.run(id),
    *sweep(runId) {
      const kept = newest.get(runId)?.id ?? 0
      for (const id of stale.all(runId, kept)) {
        for (const pieceId of pieceIds.all(id)) {
          removePiece.run(pieceId)
          yield
        }
        remove.run(id)
      }
    },
    read(runId) {
      const row = newest.get(runId)
      if (!row) return null
      return {
        version: checkpointVersion,
        epoch: row.epoch,
        step: row.step,
        elapsedSeconds: row.elapsed_seconds,
        parameters: toFloat32(readField(row.id, 'parameters')),
        optimizerState: toFloat32(readField(row.id, 'optimizer_state')),
        random: toUint32(readField(row.id, 'random')),
        unfinished: JSON.parse(row.unfinished) as Checkpoint['unfinished'],
        best: {
          epoch: row.best_epoch,
          value: row.best_value ?? NaN,
          parameters: toFloat32(readField(row.id, 'best_parameters'))
        }
      }
    },
    epochs(runId) {
      const row = newest.get(runId)
      return row ? { best: row.best_epoch, last: row.epoch } : null
    },
    weights(runId, which) {
      const row = newest.get(runId)
      if (!row) return null
      return which === 'best'
        ? { epoch: row.best_epoch, parameters: toFloat32(readField(row.id, 'best_parameters')) }
        : { epoch: row.epoch, parameters: toFloat32(readField(row.id, 'parameters')) }
    }
  }
}
