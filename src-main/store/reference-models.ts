/** Queries of what reference models come to on the rows that judge the networks of an experiment. */
import type { Database } from 'better-sqlite3'

export interface StoredReference {
  /** From 1; 1 for the one validation part. */
  readonly fold: number
  readonly name: string
  readonly trainedRows: number
  readonly seconds: number
  readonly trainError: number
  readonly validationError: number
  /** As RowFigures has them, for the first headRows of the kept rows. */
  readonly departures: Float32Array
}

/** Which models: of an experiment, by so many folds or the one part, as a version of the code fits them. */
export interface ReferenceKey {
  readonly experimentId: number
  readonly folds: number | null
  readonly version: number
}

export interface ReferenceModelQueries {
  of(key: ReferenceKey): StoredReference[]
  /** Replaces what another version has left. */
  save(key: ReferenceKey, reference: StoredReference): void
}

type Row = Omit<StoredReference, 'departures'> & { readonly departures: Uint8Array }

/** Prepares the queries of reference models. */
export function referenceModelQueries(db: Database): ReferenceModelQueries {
  const of = db.prepare<[number, number, number], Row>(
    `SELECT fold, name, trained_rows AS trainedRows, seconds, train_error AS trainError,
       validation_error AS validationError, departures
     FROM reference_models WHERE experiment_id = ? AND folds = ? AND version = ? ORDER BY fold`
  )
  const save = db.prepare(
    `INSERT OR REPLACE INTO reference_models (experiment_id, folds, version, fold, name, trained_rows, seconds,
       train_error, validation_error, departures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  return {
    of: ({ experimentId, folds, version }) =>
      of.all(experimentId, folds ?? 0, version).map((row) => ({
        ...row,
        departures: new Float32Array(new Uint8Array(row.departures).buffer)
      })),
    save(
      { experimentId, folds, version },
      { fold, name, trainedRows, seconds, trainError, validationError, departures }
    ) {
      const bytes = new Uint8Array(departures.buffer, departures.byteOffset, departures.byteLength)
      save.run(experimentId, folds ?? 0, version, fold, name, trainedRows, seconds, trainError, validationError, bytes)
    }
  }
}
