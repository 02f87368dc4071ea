/** How the columns of one table were read, as the rules by which new files for it are read. */
import type { Dataset } from '#contract/datasets.ts'
import type { ColumnReading as ToldReading, ReadOptions } from '#contract/reading.ts'
import type { ColumnReading } from '#lab/datasets/import/columns/column-reading.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import type { Decimal, Group } from '#lab/datasets/import/columns/number-parts.ts'

export interface ColumnRule {
  readonly as: ToldReading['as']
  /** Of numbers: the signs they are written with. */
  readonly decimal: Decimal
  readonly group: Group
  readonly dates: ToldReading['dates']
}

/** The rules of one table, by plainName() of its columns; columns that it does not have are read for themselves. */
export interface TableRules {
  readonly columns: ReadonlyMap<string, ColumnRule>
  /** What the person said of the table that holds for every file like it; how its cells are parted is found out anew. */
  readonly said: ReadOptions
}

/** Names are the same without regard to case, blanks around them, and the way accents are composed. */
export function plainName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase()
}

/** The rules of a data set; null for one that was imported before rules were kept. */
export function rulesOf({ columns, reading }: Pick<Dataset, 'columns' | 'reading'>): TableRules | null {
  if (!reading) return null
  const told = new Map(reading.columns.map((column) => [column.column, column]))
  const ruleOf = ({ as, decimal = '.', group = '', dates }: Partial<ToldReading>): ColumnRule => {
    return { as: as ?? 'number', decimal, group: group as Group, dates }
  }
  const { missing, header, comment, quote, columns: asked = [] } = reading.options
  return {
    columns: new Map(columns.map(({ name }) => [plainName(name), ruleOf(told.get(name) ?? {})])),
    said: {
      missing,
      ...(header !== undefined && { header }),
      ...(comment !== undefined && { comment }),
      ...(quote !== undefined && { quote }),
      columns: asked.flatMap(({ column, missing: own }) => (own ? [{ column, missing: own }] : []))
    }
  }
}

/** What is kept of a column's reading; nothing of plain numbers, which most columns are. */
export function toldReading({ name, reading }: Pick<StoredColumn, 'name' | 'reading'>): ToldReading[] {
  const told = toldOf(reading)
  return told === null ? [] : [{ column: name, ...told }]
}

function toldOf(reading: ColumnReading): Omit<ToldReading, 'column'> | null {
  if (reading.as === 'text') return { as: 'text' }
  if (reading.as === 'date') return { as: 'date', dates: reading.order }
  const { decimal, group } = reading.form
  return decimal === '.' && group === '' ? null : { as: 'number', decimal, group }
}
