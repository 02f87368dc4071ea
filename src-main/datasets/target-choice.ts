/** Guesses which column a person wants predicted, and whether that is a class or a number, with the reason in words. */
import type { Column, Dataset } from '#contract/datasets.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { formatCount } from '#words/numbers.ts'

export interface Choice<Value> {
  readonly value: Value
  readonly reason: string
}

type Task = ExperimentSettings['task']

/** Names that mean the target where they are the whole name; the earlier the stronger. */
const wholeNames =
  'target label class y species diagnosis outcome digit survived response result quality price medv progression income churn'.split(
    ' '
  )
/** Names that mean it as the last word too, such as `Sale_Price`; `class` doesn't: `MS_SubClass` is an input. */
const lastWords = [
  'target',
  'label',
  'outcome',
  'diagnosis',
  'species',
  'price',
  'survived',
  'churn',
  'response',
  'value'
]

/** Guesses the target of a table. */
export function chooseTarget({ columns }: Pick<Dataset, 'columns'>): Choice<string> {
  const possible = columns.filter(canBeTarget)
  const candidates = possible.length > 0 ? possible : columns
  for (const word of wholeNames) {
    const column = candidates.find(({ name }) => name.toLowerCase() === word)
    // Between other columns, y is the second coordinate of a point.
    const isCoordinate = word === 'y' && column !== candidates[0] && column !== candidates.at(-1)
    if (column && !isCoordinate)
      return { value: column.name, reason: `"${column.name}" is what targets are often called.` }
  }
  for (const word of lastWords) {
    const column = candidates.findLast(({ name }) => wordsOf(name).at(-1) === word)
    if (column) return { value: column.name, reason: `"${column.name}" ends as targets often do.` }
  }
  const categorical = candidates.filter(({ type }) => type === 'categorical')
  const [only] = categorical
  if (only && categorical.length === 1 && candidates.length > 1) {
    return { value: only.name, reason: `"${only.name}" is the only category among numbers.` }
  }
  const last = candidates.at(-1)
  if (!last) return { value: '', reason: 'The table has no columns.' }
  return { value: last.name, reason: `"${last.name}" is the last column, where targets mostly are.` }
}

function canBeTarget({ type, distinct, name }: Column): boolean {
  return (type === 'numeric' || type === 'categorical') && distinct > 1 && !/^(part|split|fold)$/i.test(name)
}

/** Parts a name into lower-case words, at spaces, signs and capitals. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** A whole number with more different values is measured rather than named. */
const mostNumberedClasses = 20
/** Fewer rows a value, and a whole number is a measurement as well. */
const fewestRowsPerClass = 5

/** Guesses whether a column is to be predicted as a class or as a number. */
export function chooseTask(column: Column, rows: number): Choice<Task> {
  const { name, type, integer, distinct } = column
  if (type !== 'numeric') return { value: 'classification', reason: `"${name}" holds names, so each is a class.` }
  if (!integer) return { value: 'regression', reason: `"${name}" holds decimal numbers, so a number is predicted.` }
  if (distinct <= 2) {
    const reason =
      distinct === 2 ? `"${name}" has two values, so each is a class.` : `"${name}" has no two values that differ.`
    return { value: 'classification', reason }
  }
  if (distinct <= mostNumberedClasses && rows >= distinct * fewestRowsPerClass) {
    const reason = `"${name}" has only ${distinct} different whole numbers, which mostly stand for classes.`
    return { value: 'classification', reason }
  }
  return {
    value: 'regression',
    reason: `"${name}" has ${formatCount(distinct)} different whole numbers, so a number is predicted.`
  }
}
