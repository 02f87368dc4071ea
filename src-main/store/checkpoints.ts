/** Queries of checkpoints: the newest one of each run, bit-exact. */
import type { Database } from 'better-sqlite3'
import { type Checkpoint, checkpointVersion } from '#engine/training/checkpoint.ts'
import { toBlob, toFloat32, toUint32 } from '#lab/store/blobs.ts'

export interface StoredWeights {
  readonly epoch: number
  readonly parameters: Float32Array<ArrayBuffer>
}

export interface CheckpointQueries {
  /** Puts the checkpoint in the place of the run's last one. */
  save(runId: number, checkpoint: Checkpoint): void
  read(runId: number): Checkpoint | null
  /** The weights alone, for prediction. */
  weights(runId: number, which: 'best' | 'last'): StoredWeights | null
}

interface CheckpointRow {
  readonly epoch: number
  readonly step: number
  readonly elapsed_seconds: number
  readonly parameters: Uint8Array
  readonly optimizer_state: Uint8Array
  readonly random: Uint8Array
  readonly unfinished: string
  readonly best_epoch: number
  readonly best_value: number | null
  readonly best_parameters: Uint8Array
}

/** Prepares the queries of checkpoints. */
export function checkpointQueries(db: Database): CheckpointQueries {
  const save = db.prepare(
    `INSERT OR REPLACE INTO checkpoints
       (run_id, epoch, step, elapsed_seconds, parameters, optimizer_state, random, unfinished, best_epoch,
        best_value, best_parameters)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const read = db.prepare<[number], CheckpointRow>('SELECT * FROM checkpoints WHERE run_id = ?')
  type WeightsRow = { readonly epoch: number; readonly parameters: Uint8Array }
  const weights = {
    best: db.prepare<[number], WeightsRow>(
      'SELECT best_epoch AS epoch, best_parameters AS parameters FROM checkpoints WHERE run_id = ?'
    ),
    last: db.prepare<[number], WeightsRow>('SELECT epoch, parameters FROM checkpoints WHERE run_id = ?')
  }
  return {
    save(runId, { epoch, step, elapsedSeconds, parameters, optimizerState, random, unfinished, best }) {
      save.run(
        runId,
        epoch,
        step,
        elapsedSeconds,
        toBlob(parameters),
        toBlob(optimizerState),
        toBlob(random),
        JSON.stringify(unfinished),
        best.epoch,
        best.value,
        toBlob(best.parameters)
      )
    },
    read(runId) {
      const row = read.get(runId)
      return row ? toCheckpoint(row) : null
    },
    weights(runId, which) {
      const row = weights[which].get(runId)
      return row ? { epoch: row.epoch, parameters: toFloat32(row.parameters) } : null
    }
  }
}

function toCheckpoint(row: CheckpointRow): Checkpoint {
  return {
    version: checkpointVersion,
    epoch: row.epoch,
    step: row.step,
    elapsedSeconds: row.elapsed_seconds,
    parameters: toFloat32(row.parameters),
    optimizerState: toFloat32(row.optimizer_state),
    random: toUint32(row.random),
    unfinished: JSON.parse(row.unfinished) as Checkpoint['unfinished'],
    best: { epoch: row.best_epoch, value: row.best_value ?? NaN, parameters: toFloat32(row.best_parameters) }
  }
}
