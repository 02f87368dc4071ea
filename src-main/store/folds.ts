/** Queries of folds: the rows that each keeps for validation, and the preparation fitted on its other rows. */
import type { Database } from 'better-sqlite3'
import type { FittedPreparation } from '#contract/preparation.ts'
import { toBlob, toUint32 } from '#lab/store/blobs.ts'

export interface StoredFold {
  readonly preparation: FittedPreparation
  /** Row numbers, ascending. */
  readonly validationRows: Uint32Array
  /** Row numbers, ascending; null where they are all others of training and validation part. */
  readonly trainRows: Uint32Array | null
}

export interface FoldQueries {
  /** Whether the experiment has been cut into so many folds. */
  has(experimentId: number, count: number): boolean
  /** The fold with this number, counted from 1, of so many. */
  get(experimentId: number, count: number, fold: number): StoredFold | null
  /** All cuts of an experiment, each with its folds in their order. */
  cutsOf(experimentId: number): StoredFold[][]
  /** Adds all folds of one cut, in their order. */
  add(experimentId: number, folds: readonly StoredFold[]): void
}

interface FoldRow {
  readonly fold_count: number
  readonly preparation: string
  readonly validation_rows: Uint8Array
  readonly train_rows: Uint8Array | null
}

/** Prepares the queries of folds. */
export function foldQueries(db: Database): FoldQueries {
  const has = db.prepare('SELECT 1 FROM folds WHERE experiment_id = ? AND fold_count = ? LIMIT 1')
  const get = db.prepare<[number, number, number], FoldRow>(
    'SELECT fold_count, preparation, validation_rows, train_rows FROM folds WHERE experiment_id = ? AND fold_count = ? AND fold = ?'
  )
  const all = db.prepare<[number], FoldRow>(
    'SELECT fold_count, preparation, validation_rows, train_rows FROM folds WHERE experiment_id = ? ORDER BY fold_count, fold'
  )
  const add = db.prepare(
    'INSERT INTO folds (experiment_id, fold_count, fold, preparation, validation_rows, train_rows) VALUES (?, ?, ?, ?, ?, ?)'
  )
  return {
    has: (experimentId, count) => has.get(experimentId, count) !== undefined,
    get(experimentId, count, fold) {
      const row = get.get(experimentId, count, fold)
      return row ? toFold(row) : null
    },
    cutsOf: (experimentId) =>
      [...Map.groupBy(all.all(experimentId), ({ fold_count }) => fold_count).values()].map((rows) => rows.map(toFold)),
    add(experimentId, folds) {
      folds.forEach(({ preparation, validationRows, trainRows }, index) =>
        add.run(
          experimentId,
          folds.length,
          index + 1,
          JSON.stringify(preparation),
          toBlob(validationRows),
          trainRows && toBlob(trainRows)
        )
      )
    }
  }
}

function toFold(row: FoldRow): StoredFold {
  return {
    preparation: JSON.parse(row.preparation) as FittedPreparation,
    validationRows: toUint32(row.validation_rows),
    trainRows: row.train_rows && toUint32(row.train_rows)
  }
}
