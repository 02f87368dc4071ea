/** Recognises tables whose rows follow one another in time. */
import type { Column } from '#contract/datasets.ts'
import { wordsOf } from '#lab/datasets/target-choice.ts'

/** Words of numbers that count time; not `index` and the like, which count the rows of any table. */
const timeWords = new Set('time timestamp datetime date year week day hour minute second seconds epoch tick'.split(' '))
/** Times of another event than the row's own. */
const otherEvent = /birth|born|dob|death/i
/** Fewer different times are no order in which parts could follow each other. */
const fewestTimes = 12

/** Whether the numbers of a column of this name may be times at which rows were made. */
export function isTimeName(name: string): boolean {
  const words = wordsOf(name)
  if (otherEvent.test(name) || words.length > 2) return false
  return words.some((word) => timeWords.has(word)) || (words.length === 1 && words[0] === 't')
}

/** Finds the column by which the rows stand in the order of time; null where there is none. Dates go before numbers. */
export function findTimeColumn(columns: readonly Column[], target: string): Column | null {
  const found = columns.filter(
    ({ name, type, integer, order, distinct }) =>
      name !== target &&
      (order === 'ascending' || order === 'descending') &&
      distinct >= fewestTimes &&
      !otherEvent.test(name) &&
      // Decimals in a row may be a list of results, the fastest first.
      (type === 'date' || (integer && isTimeName(name)))
  )
  return found.find(({ type }) => type === 'date') ?? found[0] ?? null
}
