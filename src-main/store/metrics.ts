/** Queries of the curves: pieces of epoch records, each with a sequence that readers go on after. */
import type { Database } from 'better-sqlite3'
import type { RunColumns } from '#engine/training/epoch-columns.ts'
import { toBlob, toFloat32 } from '#lab/store/blobs.ts'

export interface StoredColumns extends RunColumns {
  readonly sequence: number
}

export interface MetricQueries {
  append(piece: RunColumns): StoredColumns
  /** The next pieces of these runs with a sequence above `sequence`, in order, at most `limit`. */
  after(runIds: readonly number[], sequence: number, limit: number): StoredColumns[]
  /** The highest sequence given so far. */
  lastSequence(): number
  /** Puts one piece in the place of several of the same run. */
  replace(sequences: readonly number[], piece: RunColumns): void
}

interface PieceRow {
  readonly sequence: number
  readonly run_id: number
  readonly first_epoch: number
  readonly epochs: number
  readonly data: Uint8Array
}

/** Prepares the queries of metrics. */
export function metricQueries(db: Database): MetricQueries {
  const append = db.prepare('INSERT INTO metrics (run_id, first_epoch, epochs, data) VALUES (?, ?, ?, ?)')
  const after = db.prepare<[string, number, number], PieceRow>(
    // Chosen among the sequences alone: put in order with their data, all that is still to come was read for each page.
    `SELECT sequence, run_id, first_epoch, epochs, data FROM metrics WHERE sequence IN (
       SELECT sequence FROM metrics
       WHERE run_id IN (SELECT value FROM json_each(?)) AND sequence > ? ORDER BY sequence LIMIT ?)
     ORDER BY sequence`
  )
  const last = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'metrics'").pluck()
  const remove = db.prepare('DELETE FROM metrics WHERE sequence IN (SELECT value FROM json_each(?))')
  const appendPiece = (piece: RunColumns): StoredColumns => {
    const { lastInsertRowid } = append.run(piece.runId, piece.firstEpoch, piece.epochs, toBlob(piece.values))
    return { ...piece, sequence: Number(lastInsertRowid) }
  }
  return {
    append: appendPiece,
    after: (runIds, sequence, limit) => after.all(JSON.stringify(runIds), sequence, limit).map(toPiece),
    lastSequence: () => last.get() ?? 0,
    replace: db.transaction((sequences: readonly number[], piece: RunColumns) => {
      remove.run(JSON.stringify(sequences))
      appendPiece(piece)
    })
  }
}

function toPiece(row: PieceRow): StoredColumns {
  return {
    sequence: row.sequence,
    runId: row.run_id,
    firstEpoch: row.first_epoch,
    epochs: row.epochs,
    values: toFloat32(row.data)
  }
}
