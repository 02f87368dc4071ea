/** Recognises columns that say which rows belong together: several rows of one patient, machine or user. */
import type { Column } from '#contract/datasets.ts'
import { wordsOf } from '#lab/datasets/target-choice.ts'

/** Words for who or what is measured more than once; alone or before a word for an identifier. */
const beings = new Set(
  (
    'subject patient participant person individual human user customer client member player pupil student employee worker ' +
    'driver rider animal mouse rat dog cow donor volunteer speaker writer respondent proband twin household family ' +
    'machine device engine vehicle turbine pump robot'
  ).split(' ')
)
/** Words that say the same only before a word for an identifier: alone they are places, kinds or amounts as well. */
const things = new Set(
  (
    'sensor unit station site plant hospital clinic school store shop account session experiment batch specimen ' +
    'recording video image slide visit trip well sample asset group'
  ).split(' ')
)
const identifiers = new Set(['id', 'ids', 'no', 'nr', 'num', 'number', 'code', 'key', 'name', 'uid', 'uuid', 'guid'])

/** Fewer groups make no three parts of whole groups that could be compared. */
const fewestGroups = 6
/** Rows of one group, in the mean, from which it repeats. */
const fewestRows = 1.5

/** Whether the name says that the column names who or what a row is of. */
export function isGroupName(name: string): boolean {
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  const singular = last.replace(/s$/, '')
  if (beings.has(singular)) return true
  const before = words.at(-2) ?? ''
  if (identifiers.has(last) && (beings.has(before) || things.has(before))) return true
  // `userid` is one word.
  const joined = /^(.{3,}?)(id|no|nr)$/.exec(last)
  return joined !== null && beings.has(joined[1] ?? '')
}

/** Whether a column of this name and these figures repeats in the way that an identifier of subjects does. */
export function repeatsLikeSubjects({ name, type, integer, distinct, missing }: Column, rows: number): boolean {
  const values = rows - missing
  const canName = type === 'categorical' || type === 'identifier' || type === 'text' || integer
  return canName && isGroupName(name) && distinct >= fewestGroups && values >= fewestRows * distinct
}

/**
 * Finds the column by whose values rows belong together; null where there is none. Of several the one with the fewest
 * values, which keeps the others' rows together as well where they lie within each other.
 */
export function findGroupColumn(columns: readonly Column[], rows: number, target: string): Column | null {
  const found = columns.filter((column) => column.name !== target && repeatsLikeSubjects(column, rows))
  return found.toSorted((a, b) => a.distinct - b.distinct)[0] ?? null
}
