/** Writes rows into a SQLite store of MLflow: a new one, or one that is there, whose other rows stay as they are. */
import { existsSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { LabError } from '#contract/errors.ts'
import { mlflowColumns, mlflowSchema, type MlflowTable } from '#lab/store/mlflow-schema.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'

export type MlflowRow = readonly (string | number | null)[]

/** Rows of one table, each with the values of its columns in mlflowColumns. */
export interface MlflowRows {
  readonly table: MlflowTable
  readonly rows: Iterable<MlflowRow>
}

/** Rows written in one transaction; a few milliseconds. */
const rowsAtOnce = 2000

export class MlflowDatabase {
  readonly #db: Database

  /** Whether it was made just now. */
  readonly isNew: boolean

  private constructor(db: Database, isNew: boolean) {
    this.#db = db
    this.isNew = isNew
  }

  /** A name that no other experiment of the store has: the wanted one, or with its id behind it. */
  freeName(id: string, name: string): string {
    const isTaken = this.#db.prepare('SELECT 1 FROM experiments WHERE name = ? AND experiment_id <> CAST(? AS INTEGER)')
    return isTaken.get(name, id) === undefined ? name : `${name} (${id})`
  }

  /** Errors: LabError 'conflict' where another file has the name. */
  static async open(path: string): Promise<MlflowDatabase> {
    const Sqlite = await loadSqlite()
    const isThere = existsSync(path)
    const db = new Sqlite(path)
    try {
      if (!isThere) db.exec(mlflowSchema)
      // As MLflow itself opens it; a store that a later version of it has taken over has other tables beside these.
      db.pragma('foreign_keys = ON')
      for (const [table, columns] of Object.entries(mlflowColumns)) db.prepare(`SELECT ${columns.join()} FROM ${table}`)
      return new MlflowDatabase(db, !isThere)
    } catch (error) {
      db.close()
      if (!isThere) throw error
      const message = `${path} is there already and is no SQLite store of MLflow. Choose another folder.`
      throw new LabError('conflict', message, { file: path }, { cause: error })
    }
  }

  /** Removes what there is of a run but its row, so that it can be written anew. */
  clearRun(id: string): void {
    for (const table of ['metrics', 'latest_metrics', 'params', 'tags']) {
      this.#db.prepare(`DELETE FROM ${table} WHERE run_uuid = ?`).run(id)
    }
  }

  /** Adds rows, and changes those that are there with the same key; a step for each few thousand. */
  *put({ table, rows }: MlflowRows): Generator<void, void, void> {
    const columns = mlflowColumns[table]
    const values = `VALUES (${columns.map(() => '?').join()})`
    const changed = columns.map((column) => `${column} = excluded.${column}`)
    const statement = this.#db.prepare(
      `INSERT INTO ${table} (${columns.join()}) ${values} ON CONFLICT DO UPDATE SET ${changed.join()}`
    )
    const write = this.#db.transaction((piece: readonly MlflowRow[]) => piece.forEach((row) => statement.run(...row)))
    let piece: MlflowRow[] = []
    for (const row of rows) {
      if (piece.push(row) < rowsAtOnce) continue
      write(piece)
      piece = []
      yield
    }
    write(piece)
    yield
  }

  close(): void {
    this.#db.close()
  }
}
