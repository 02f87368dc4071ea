/** Recognises the column that says which part each row belongs to, such as the official parts of MNIST. */
import type { Column, Dataset } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'

export interface PartColumn {
  readonly name: string
  readonly train: string[]
  readonly validation: string[]
  readonly test: string[]
}

const columnName = /^(part|split|set|subset|partition|fold)$/i
const meanings = {
  train: /^train(ing)?$/i,
  validation: /^(valid(ation)?|val|dev)$/i,
  test: /^test(ing)?$/i
}

/** Finds the column of parts by its name; null where there is none whose every value names a part, train among them. */
export function findPartColumn(columns: readonly Column[], target: string): PartColumn | null {
  for (const column of columns) {
    const part = column.name !== target && columnName.test(column.name) ? readParts(column) : null
    if (part) return part
  }
  return null
}

/**
 * Takes the column of parts that a person names, whatever it is called.
 * Errors: `bad_settings` where it is no column, the target, or has values that name no part.
 */
export function givenPartColumn({ name, columns }: Dataset, target: string, given: string): PartColumn {
  const fail = (message: string) => new LabError('bad_settings', message, { field: 'split', column: given })
  const column = columns.find((own) => own.name === given)
  if (!column) throw fail(`"${name}" has no column "${given}" that could name the parts.`)
  if (given === target) throw fail(`"${given}" is the target, so it can not say as well which part a row belongs to.`)
  const part = readParts(column)
  if (part) return part
  const { histogram, examples } = column
  const values = histogram?.kind === 'levels' ? histogram.levels.map(({ value }) => value) : examples
  throw fail(
    `"${given}" does not name the parts: its values are ${values.slice(0, 5).join(', ')}${values.length > 5 ? ', ...' : ''}. ` +
      'It needs train and at least one of validation and test, and no other value.'
  )
}

/** Reads what the values of a column mean; null where one of them names no part, or none is for training. */
function readParts({ name, histogram }: Column): PartColumn | null {
  if (histogram?.kind !== 'levels' || histogram.others > 0) return null
  const values = histogram.levels.map(({ value }) => value)
  const train = values.filter((value) => meanings.train.test(value))
  const validation = values.filter((value) => meanings.validation.test(value))
  const test = values.filter((value) => meanings.test.test(value))
  const isWhole = train.length + validation.length + test.length === values.length
  return isWhole && train.length > 0 && values.length > 1 ? { name, train, validation, test } : null
}
