/** What reading a new file by the rules of a fitted table brought to light, of the columns that the network reads. */
import type { ColumnRemark } from '#contract/predictions.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import type { Doubt } from '#contract/reading.ts'
import { plainName } from '#lab/datasets/import/columns/rules.ts'
import type { OddValue } from '#lab/datasets/import/odd-values.ts'

/** Values that are not of the kind that the network reads, with the row of the first of them. */
export function oddRemarks(odd: readonly OddValue[], { columns }: FittedPreparation): ColumnRemark[] {
  const read = new Map(columns.map(({ column }) => [plainName(column), column]))
  return odd.flatMap(({ column, ...value }) => {
    const known = read.get(plainName(column))
    return known === undefined ? [] : [{ kind: 'unreadable' as const, column: known, ...value }]
  })
}

/** The sentences of what else would fit, of the table and the columns that the network reads. */
export function doubtsOn(doubts: readonly Doubt[], { columns }: FittedPreparation): string[] {
  const read = new Set(columns.map(({ column }) => plainName(column)))
  return doubts.flatMap(({ column, why }) => (column === null || read.has(plainName(column)) ? [why] : []))
}
