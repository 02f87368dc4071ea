/** Proposes how rows are parted, by what the table says of itself: named parts, an order in time, groups, else at random. */
import type { Column, Dataset } from '#contract/datasets.ts'
import type { ExperimentSettings, Split } from '#contract/experiments.ts'
import { findGroupColumn } from '#lab/datasets/group-column.ts'
import { findPartColumn, givenPartColumn, type PartColumn } from '#lab/datasets/part-column.ts'
import { findTimeColumn } from '#lab/datasets/time-column.ts'
import { formatCount } from '#words/numbers.ts'

/** How the rows of a table belong to each other, of which at most one is not null: the one that parts them. */
export interface Arrangement {
  readonly part: PartColumn | null
  readonly time: Column | null
  readonly group: Column | null
}

/**
 * Finds what parts the rows: a column of parts goes before an order in time, and that before groups.
 * Errors: as givenPartColumn(), where a person names the column of parts.
 */
export function arrangementOf(dataset: Dataset, target: string, partColumn?: string): Arrangement {
  const { columns, rows } = dataset
  const part = partColumn === undefined ? findPartColumn(columns, target) : givenPartColumn(dataset, target, partColumn)
  const time = part ? null : findTimeColumn(columns, target)
  const group = part || time ? null : findGroupColumn(columns, rows, target)
  return { part, time, group }
}

const shares = { train: 60, validation: 20, test: 20, seed: 1 } as const

/** Proposes the split, with the reason in words. */
export function proposeSplit(
  { rows }: Dataset,
  task: ExperimentSettings['task'],
  { part, time, group }: Arrangement
): { value: Split; reason: string } {
  const stratified = task === 'classification'
  if (part) return proposeByPart(rows, part, stratified)
  if (time) {
    return {
      value: { kind: 'order', column: time.name, ...shares, stratified: false },
      reason:
        `The rows are in the order of "${time.name}": 60 % of them to train on, the next 20 % to choose by, the last 20 % ` +
        'sealed for the test. Drawn at random, rows would be judged by their neighbours in time, which flatters.'
    }
  }
  if (group) {
    const each = (rows - group.missing) / group.distinct
    return {
      value: { kind: 'groups', column: group.name, ...shares, stratified },
      reason:
        `"${group.name}" repeats, ${each < 10 ? Number(each.toFixed(1)) : Math.round(each)} rows for each of ${formatCount(group.distinct)} values in the mean, ` +
        'so all rows of one stay in one part: about 60 % to train on, 20 % to choose by, 20 % sealed for the test. Drawn at ' +
        'random, the network would know each of them from training.'
    }
  }
  const how = stratified ? ', with the same share of every class in each part' : ''
  return {
    value: { kind: 'fractions', ...shares, stratified },
    reason: `60 % of the rows to train on, 20 % to choose by, 20 % sealed for the test${how}.`
  }
}

function proposeByPart(rows: number, part: PartColumn, stratified: boolean): { value: Split; reason: string } {
  const validationShare = part.validation.length > 0 ? 0 : rows >= 20_000 ? 10 : 20
  const held = validationShare > 0 ? ` ${validationShare} % of the training rows are held out for validation.` : ''
  return {
    value: {
      kind: 'column',
      column: part.name,
      train: part.train,
      validation: part.validation,
      test: part.test,
      validationShare,
      seed: 1,
      stratified
    },
    reason: `The column "${part.name}" says which rows are for training and which ${judgesOf(part)}.${held}`
  }
}

function judgesOf({ validation, test }: PartColumn): string {
  if (test.length === 0) return 'for validation'
  return validation.length === 0 ? 'for the test' : 'for validation and for the test'
}
