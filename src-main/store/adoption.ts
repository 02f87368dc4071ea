/**
 * Takes an experiment's own file into the lab: every row gets a new number where the lab gives numbers, and what refers
 * to it follows. In steps of about a megabyte, so that the lab's process can do other things in between; until the last
 * step the experiment is marked, and a lab that ended in the midst of it forgets what was taken.
 */
import type { Database } from 'better-sqlite3'
import { type RelatedTable, relatedTables } from '#lab/store/related-rows.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'

export interface Adoption {
  readonly file: string
  /** The name it gets here. */
  readonly name: string
  /** Names its prepared tables by their content, whatever the file says. */
  readonly preparedKey: string
}

export interface AdoptionQueries {
  /** Each step is a transaction of its own; returns the number of the experiment. */
  adopt(adoption: Adoption): Promise<Generator<void, number, void>>
  /** Deletes what an adoption that did not come to its end has left. */
  clean(): void
}

type Value = string | number | bigint | Uint8Array | null
type Row = Record<string, Value>

/** Bytes of one step. */
const stepBytes = 1024 * 1024

const marker = 'lab.adopting'

/** What a run and a sweep become that were under way when they were written to the file. */
const movedStatuses = `
  UPDATE runs SET status = 'interrupted', message = 'It was moved here while it was in training.'
    WHERE experiment_id = @id AND status IN ('queued', 'running', 'paused');
  UPDATE sweeps SET status = 'paused', message = 'It was moved here before its end.'
    WHERE experiment_id = @id AND status IN ('running', 'interrupted');
  UPDATE sweeps SET settings = json_set(settings, '$.experimentId', experiment_id) WHERE experiment_id = @id;`
  .split(';')
  .filter((statement) => statement.trim() !== '')

/** Prepares the queries of adoptions. */
export function adoptionQueries(db: Database): AdoptionQueries {
  const mark = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  const unmark = db.prepare('DELETE FROM settings WHERE name = ?')
  const marked = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck()
  const removeExperiment = db.prepare('DELETE FROM experiments WHERE id = ?')

  function clean(): void {
    const id = marked.get(marker)
    if (id === undefined) return
    db.transaction(() => {
      removeExperiment.run(Number(id))
      unmark.run(marker)
    })()
  }

  return {
    clean,
    async adopt({ file, name, preparedKey }) {
      const Sqlite = await loadSqlite()
      return (function* () {
        const source = new Sqlite(file, { readonly: true })
        const numbers = new Map<string, Map<Value, Value>>()
        let id = 0
        try {
          for (const table of relatedTables(db)) {
            for (const rows of stepsOf(source, table)) {
              db.transaction(() => {
                insertRows(db, table, rows, numbers)
                if (table.name === 'experiments') {
                  id = Number([...(numbers.get('experiments')?.values() ?? [])][0])
                  mark.run(marker, JSON.stringify(id))
                  db.prepare('UPDATE experiments SET name = ?, prepared_key = ? WHERE id = ?').run(
                    name,
                    preparedKey,
                    id
                  )
                }
              })()
              yield
            }
          }
          db.transaction(() => {
            for (const statement of movedStatuses) db.prepare(statement).run({ id })
            unmark.run(marker)
          })()
          return id
        } catch (error) {
          clean()
          throw error
        } finally {
          source.close()
        }
      })()
    }
  }
}

/** The rows of a table in the order they were made, in groups that are one step each. */
function* stepsOf(source: Database, { name, columns }: RelatedTable): Generator<Row[], void, void> {
  const list = columns.map((column) => `"${column}"`).join(', ')
  let step: Row[] = []
  let bytes = 0
  for (const row of source.prepare<[], Row>(`SELECT ${list} FROM ${name} ORDER BY rowid`).iterate()) {
    step.push(row)
    bytes += Object.values(row).reduce<number>((sum, value) => sum + sizeOf(value), 0)
    if (bytes < stepBytes) continue
    yield step
    step = []
    bytes = 0
  }
  if (step.length > 0) yield step
}

function sizeOf(value: Value): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
}

function insertRows(
  db: Database,
  { name, columns, numbered, references }: RelatedTable,
  rows: readonly Row[],
  numbers: Map<string, Map<Value, Value>>
): void {
  const written = columns.filter((column) => column !== numbered)
  const places = written.map(() => '?').join(', ')
  const list = written.map((column) => `"${column}"`).join(', ')
  // A data set that the lab has already is that one: its id follows from its content.
  const insert = db.prepare(
    `INSERT ${name === 'datasets' ? 'OR IGNORE ' : ''}INTO ${name} (${list}) VALUES (${places})`
  )
  let given = numbers.get(name)
  if (!given) numbers.set(name, (given = new Map<Value, Value>()))
  const referredBy = new Map(references.map((reference) => [reference.column, reference.table]))
  for (const row of rows) {
    const { lastInsertRowid } = insert.run(
      ...written.map((column) => {
        const value = row[column] ?? null
        const table = referredBy.get(column)
        if (table === undefined || table === 'datasets' || value === null) return value
        return numbers.get(table)?.get(value) ?? null
      })
    )
    if (numbered !== null) given.set(row[numbered] ?? null, Number(lastInsertRowid))
  }
}
