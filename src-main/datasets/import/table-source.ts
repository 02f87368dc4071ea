/** What every kind of file is turned into before types are told and the table is stored: a relation and its columns. */
import type { ColumnOptions, Doubt, ReadOptions } from '#contract/reading.ts'
import { defaultMissing } from '#lab/datasets/import/columns/missing-marks.ts'
import { formatCount } from '#words/numbers.ts'

export interface SourceColumn {
  /** As it is stored and shown. */
  readonly name: string
  /** SQL that gives the value in the relation. */
  readonly expression: string
  /** DuckDB's type of the expression; texts have their real type told later. */
  readonly type: string
}

/** A doubt about the table as a whole. */
export type TableDoubt = Omit<Doubt, 'column'>

export interface TableSource {
  /** What stands behind FROM. */
  readonly relation: string
  readonly columns: readonly SourceColumn[]
  /** The decimal sign that the person chose. */
  readonly decimal: '.' | ',' | null
  /** Whether semicolons part the cells. */
  readonly semicolons: boolean
  readonly missing: MissingTexts
  /** What the person said of single columns. */
  readonly options: readonly ColumnOptions[]
  readonly warnings: readonly string[]
  /** What was found of the table as a whole, where another way would fit too. */
  readonly doubts: readonly TableDoubt[]
  /** How it is read, in few words each. */
  readonly facts: readonly string[]
  /** Reads it line by line, where a line was found to be no plain one. */
  readonly rewritten?: () => Promise<TableSource>
  /** Everything but the bytes of the files that decides what the table holds. */
  readonly reading: unknown
}

export interface MissingTexts {
  /** All texts that stand for a missing value. */
  readonly texts: readonly string[]
  /** Those among them that the person named. */
  readonly named: readonly string[]
}

/** The texts that stand for a missing value: the usual ones and those that the person named. */
export function missingTexts({ missing = [] }: ReadOptions): MissingTexts {
  return { texts: [...new Set([...defaultMissing, ...missing])], named: missing }
}

/** More are refused: every one of them is an input, and a profile to look at. */
export const mostColumns = 20_000

/** The sentence for a table of too many columns. */
export function tooManyColumns(file: string, columns: number): string {
  return `${file} has ${formatCount(columns)} columns; ${formatCount(mostColumns)} is the most. Leave some out.`
}
