/** Queries of experiments: the question, the split as row numbers, and the preparation fitted on the training part. */
import type { Database } from 'better-sqlite3'
import { LabError } from '#contract/errors.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { toBlob, toUint32 } from '#lab/store/blobs.ts'

export type PartName = 'train' | 'validation' | 'test'

/** What is fixed when an experiment is created. */
export interface NewExperiment {
  readonly datasetId: string
  readonly name: string
  readonly settings: ExperimentSettings
  readonly preparation: FittedPreparation
  readonly preparedKey: string
  readonly rows: Readonly<Record<PartName, Uint32Array>>
  readonly dropped: number
  readonly warnings: readonly string[]
  readonly createdAt: number
}

export interface StoredExperiment extends Omit<NewExperiment, 'rows'> {
  readonly id: number
  readonly datasetName: string
  readonly datasetHash: string
  readonly note: string
  readonly rowCounts: Readonly<Record<PartName, number>>
  readonly openings: number
  readonly runs: number
  /** The share of the error of its best topology that makes no difference in practice. */
  readonly zone: number
}

export interface ExperimentQueries {
  /** Newest first. */
  list(): StoredExperiment[]
  get(id: number): StoredExperiment | null
  /** Errors: LabError 'not_found' where there is none. */
  find(id: number): StoredExperiment
  add(experiment: NewExperiment): number
  /** The row numbers of one part. */
  rows(id: number, part: PartName): Uint32Array<ArrayBuffer>
  names(): string[]
  /** Names of the experiments that use a data set. */
  namesUsing(datasetId: string): string[]
  preparedKeys(): string[]
  rename(id: number, name: string): void
  annotate(id: number, note: string): void
  setZone(id: number, share: number): void
  remove(id: number): void
}

interface ExperimentRow {
  readonly id: number
  readonly dataset_id: string
  readonly dataset_name: string
  readonly dataset_hash: string
  readonly name: string
  readonly note: string
  readonly settings: string
  readonly preparation: string
  readonly prepared_key: string
  readonly train: number
  readonly validation: number
  readonly test: number
  readonly dropped: number
  readonly warnings: string
  readonly created_at: number
  readonly openings: number
  readonly runs: number
  readonly zone: number
}

const select = `
  SELECT e.id, e.dataset_id, d.name AS dataset_name, d.hash AS dataset_hash, e.name, e.note, e.settings, e.preparation,
    e.prepared_key, length(e.train_rows) / 4 AS train, length(e.validation_rows) / 4 AS validation,
    length(e.test_rows) / 4 AS test, e.dropped, e.warnings, e.created_at, e.zone,
    (SELECT count(*) FROM openings o WHERE o.experiment_id = e.id) AS openings,
    (SELECT count(*) FROM runs r WHERE r.experiment_id = e.id) AS runs
  FROM experiments e JOIN datasets d ON d.id = e.dataset_id`

/** Prepares the queries of experiments. */
export function experimentQueries(db: Database): ExperimentQueries {
  const list = db.prepare<[], ExperimentRow>(`${select} ORDER BY e.id DESC`)
  const get = db.prepare<[number], ExperimentRow>(`${select} WHERE e.id = ?`)
  const add = db.prepare(
    `INSERT INTO experiments (dataset_id, name, settings, preparation, prepared_key, train_rows, validation_rows,
       test_rows, dropped, warnings, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const partRows = (part: PartName) =>
    db.prepare<[number], Uint8Array>(`SELECT ${part}_rows FROM experiments WHERE id = ?`).pluck()
  const rows = { train: partRows('train'), validation: partRows('validation'), test: partRows('test') }
  const names = db.prepare<[], string>('SELECT name FROM experiments').pluck()
  const namesUsing = db.prepare<[string], string>('SELECT name FROM experiments WHERE dataset_id = ?').pluck()
  const preparedKeys = db.prepare<[], string>('SELECT DISTINCT prepared_key FROM experiments').pluck()
  const rename = db.prepare('UPDATE experiments SET name = ? WHERE id = ?')
  const annotate = db.prepare('UPDATE experiments SET note = ? WHERE id = ?')
  const setZone = db.prepare('UPDATE experiments SET zone = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM experiments WHERE id = ?')
  return {
    list: () => list.all().map(toExperiment),
    get(id) {
      const row = get.get(id)
      return row ? toExperiment(row) : null
    },
    find(id) {
      const row = get.get(id)
      if (!row) throw new LabError('not_found', `There is no experiment ${id}.`)
      return toExperiment(row)
    },
    add(experiment) {
      const { lastInsertRowid } = add.run(
        experiment.datasetId,
        experiment.name,
        JSON.stringify(experiment.settings),
        JSON.stringify(experiment.preparation),
        experiment.preparedKey,
        toBlob(experiment.rows.train),
        toBlob(experiment.rows.validation),
        toBlob(experiment.rows.test),
        experiment.dropped,
        JSON.stringify(experiment.warnings),
        experiment.createdAt
      )
      return Number(lastInsertRowid)
    },
    rows: (id, part) => toUint32(rows[part].get(id) ?? new Uint8Array()),
    names: () => names.all(),
    namesUsing: (datasetId) => namesUsing.all(datasetId),
    preparedKeys: () => preparedKeys.all(),
    rename: (id, name) => void rename.run(name, id),
    annotate: (id, note) => void annotate.run(note, id),
    setZone: (id, share) => void setZone.run(share, id),
    remove: (id) => void remove.run(id)
  }
}

function toExperiment(row: ExperimentRow): StoredExperiment {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    datasetHash: row.dataset_hash,
    name: row.name,
    note: row.note,
    settings: JSON.parse(row.settings) as ExperimentSettings,
    preparation: JSON.parse(row.preparation) as FittedPreparation,
    preparedKey: row.prepared_key,
    rowCounts: { train: row.train, validation: row.validation, test: row.test },
    dropped: row.dropped,
    warnings: JSON.parse(row.warnings) as string[],
    createdAt: row.created_at,
    openings: row.openings,
    zone: row.zone,
    runs: row.runs
  }
}
