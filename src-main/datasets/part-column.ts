/** Recognises the column that says which part each row belongs to, such as the official parts of MNIST. */
import type { Column } from '#contract/datasets.ts'

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

/** Finds the column of parts; null where there is none whose every value names a part, train among them. */
export function findPartColumn(columns: readonly Column[], target: string): PartColumn | null {
  for (const { name, histogram } of columns) {
    if (name === target || !columnName.test(name) || histogram?.kind !== 'levels' || histogram.others > 0) continue
    const values = histogram.levels.map(({ value }) => value)
    const train = values.filter((value) => meanings.train.test(value))
    const validation = values.filter((value) => meanings.validation.test(value))
    const test = values.filter((value) => meanings.test.test(value))
    const isWhole = train.length + validation.length + test.length === values.length
    if (isWhole && train.length > 0 && values.length > 1) return { name, train, validation, test }
  }
  return null
}
