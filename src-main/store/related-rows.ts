/**
 * How the tables of a lab hang together, read from SQLite's own schema: which rows belong to an experiment follows from
 * the foreign keys, so that a table which a later migration adds is moved along with the others by itself.
 */
import type { Database } from 'better-sqlite3'

export interface Reference {
  readonly column: string
  readonly table: string
  /** A row goes with what it refers to; an optional reference is cleared where that stays behind. */
  readonly required: boolean
}

export interface RelatedTable {
  readonly name: string
  readonly columns: readonly string[]
  /** The column that SQLite numbers by itself; null where the key is something else. */
  readonly numbered: string | null
  readonly references: readonly Reference[]
}

interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly pk: number
}

interface KeyRow {
  readonly table: string
  readonly from: string
}

/** Gives the tables that hang on experiments, those that others refer to first; data sets and experiments lead. */
export function relatedTables(db: Database): RelatedTable[] {
  const names = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  const tables = names.map((name) => describeTable(db, name))
  const ordered: RelatedTable[] = tables.filter(({ name }) => name === 'datasets')
  for (;;) {
    const known = new Set(ordered.map(({ name }) => name))
    const next = tables.find(
      ({ name, references }) =>
        !known.has(name) &&
        references.some(({ required, table }) => required && known.has(table)) &&
        references.every(({ table }) => table === name || known.has(table))
    )
    if (!next) return ordered
    ordered.push(next)
  }
}

function describeTable(db: Database, name: string): RelatedTable {
  const columns = db
    .prepare<[string], ColumnRow>('SELECT name, type, "notnull", pk FROM pragma_table_info(?)')
    .all(name)
  const keys = db.prepare<[string], KeyRow>('SELECT "table", "from" FROM pragma_foreign_key_list(?)').all(name)
  const references = keys.map(({ table, from }): Reference => {
    const column = columns.find((candidate) => candidate.name === from)
    return { column: from, table, required: column !== undefined && (column.notnull === 1 || column.pk > 0) }
  })
  const primary = columns.filter(({ pk }) => pk > 0)
  const only = primary.length === 1 ? primary[0] : undefined
  const isNumbered = only?.type === 'INTEGER' && !references.some(({ column }) => column === only.name)
  return {
    name,
    columns: columns.map((column) => column.name),
    numbered: isNumbered ? only.name : null,
    references
  }
}
