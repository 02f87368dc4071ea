/** Queries of snapshots: a run's weights at chosen epochs, bit-exact. Written in pieces, as checkpoints are. */
import type { Database } from 'better-sqlite3'
import type { Snapshot } from '#engine/training/snapshots.ts'
import { joinPieces, pieceBytes, toBlob, toFloat32 } from '#lab/store/blobs.ts'

export interface SnapshotQueries {
  /**
   * Writes a snapshot piece by piece; it counts with the last one. One of an epoch that the run has already is the same,
   * bit by bit, and is left as it is.
   */
  write(runId: number, snapshot: Snapshot): Generator<void, void, void>
  /** The epochs kept of a run, in order. */
  epochs(runId: number): number[]
  read(runId: number, epoch: number): Float32Array<ArrayBuffer> | null
}

/** Prepares the queries of snapshots. */
export function snapshotQueries(db: Database): SnapshotQueries {
  const find = db
    .prepare<[number, number], number>('SELECT id FROM snapshots WHERE run_id = ? AND epoch = ? AND is_complete = 1')
    .pluck()
  const removeBroken = db.prepare('DELETE FROM snapshots WHERE run_id = ? AND epoch = ?')
  const add = db.prepare('INSERT INTO snapshots (run_id, epoch) VALUES (?, ?)')
  const addPiece = db.prepare('INSERT INTO snapshot_pieces (snapshot_id, position, data) VALUES (?, ?, ?)')
  const complete = db.prepare('UPDATE snapshots SET is_complete = 1 WHERE id = ?')
  const epochs = db
    .prepare<[number], number>('SELECT epoch FROM snapshots WHERE run_id = ? AND is_complete = 1 ORDER BY epoch')
    .pluck()
  const pieces = db
    .prepare<[number], Uint8Array>('SELECT data FROM snapshot_pieces WHERE snapshot_id = ? ORDER BY position')
    .pluck()
  return {
    *write(runId, { epoch, parameters }) {
      if (find.get(runId, epoch) !== undefined) return
      removeBroken.run(runId, epoch)
      const id = Number(add.run(runId, epoch).lastInsertRowid)
      const bytes = toBlob(parameters)
      for (let position = 0; position < bytes.length; position += pieceBytes) {
        if (position > 0) yield
        addPiece.run(id, position, bytes.subarray(position, position + pieceBytes))
      }
      complete.run(id)
    },
    epochs: (runId) => epochs.all(runId),
    read(runId, epoch) {
      const id = find.get(runId, epoch)
      return id === undefined ? null : toFloat32(joinPieces(pieces.all(id)))
    }
  }
}
