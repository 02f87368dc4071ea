/** What every kind of file is turned into before types are told and the table is stored: a relation and its columns. */
import { formatCount } from '#words/numbers.ts'

export interface SourceColumn {
  /** As it is stored and shown. */
  readonly name: string
  /** SQL that gives the value in the relation. */
  readonly expression: string
  /** DuckDB's type of the expression; texts have their real type told later. */
  readonly type: string
}

export interface TableSource {
  /** What stands behind FROM. */
  readonly relation: string
  readonly columns: readonly SourceColumn[]
  readonly decimal: '.' | ','
  /** Texts that stand for a missing value. */
  readonly missing: readonly string[]
  readonly warnings: readonly string[]
  /** Everything but the bytes of the files that decides what the table holds. */
  readonly reading: unknown
}

/** `None` is not among them: in many tables (ames_housing) it is a level of its own. */
export const defaultMissing = ['NA', 'N/A', 'n/a', 'na', 'NaN', 'nan', 'null', 'NULL', 'Null', '?', '#N/A', '<NA>']

/** More are refused: every one of them is an input, and a profile to look at. */
export const mostColumns = 4096

/** The sentence for a table of too many columns. */
export function tooManyColumns(file: string, columns: number): string {
  return `${file} has ${formatCount(columns)} columns; ${formatCount(mostColumns)} is the most. Leave some out.`
}
