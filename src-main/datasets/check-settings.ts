/** Checks the settings of an experiment against its data set: one sentence for everything that can't work. */
import type { Column, Dataset } from '#contract/datasets.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { formatCount } from '#words/numbers.ts'

/** More classes than this make no network of a table. */
const mostClasses = 1000

/**
 * Finds what is wrong with the settings for this data set; an empty list means they can be used.
 * What only the rows tell, such as a part that stays empty, comes from splitRows().
 */
export function checkSettings(dataset: Dataset, settings: ExperimentSettings): string[] {
  const columns = new Map(dataset.columns.map((column) => [column.name, column]))
  const target = columns.get(settings.target)
  if (!target) return [`"${dataset.name}" has no column "${settings.target}" to be the target.`]
  return [
    ...checkTarget(target, dataset, settings),
    ...checkColumns(columns, settings),
    ...checkSplit(columns, settings)
  ]
}

function checkTarget(target: Column, { rows }: Dataset, { task }: ExperimentSettings): string[] {
  const { name, distinct, missing, type } = target
  const values = rows - missing
  if (values === 0)
    return [`The target "${name}" has no values: all ${formatCount(rows)} rows miss it. Choose another target.`]
  if (task === 'regression') {
    if (type !== 'numeric' && type !== 'date' && !target.integer) {
      return [
        `The target "${name}" holds texts, so no number can be predicted. Choose classification, or another target.`
      ]
    }
    if (distinct === 1)
      return [
        `The target "${name}" has the same value in every row, so there is nothing to learn. Choose another target.`
      ]
    return []
  }
  if (distinct === 1) {
    return [`The target "${name}" has one class only, so there is nothing to tell apart. Choose another target.`]
  }
  if (distinct > mostClasses) {
    return [
      `The target "${name}" has ${formatCount(distinct)} classes; ${formatCount(mostClasses)} is the most. ${classesMend(target)}`
    ]
  }
  if (distinct > values / 2) {
    return [
      `The target "${name}" has ${formatCount(distinct)} classes in ${formatCount(values)} rows, fewer than two rows a class. ` +
        classesMend(target)
    ]
  }
  return []
}

function classesMend({ type }: Column): string {
  return type === 'numeric' ? 'Predict it as a number, or choose another target.' : 'Choose another target.'
}

function checkColumns(columns: ReadonlyMap<string, Column>, settings: ExperimentSettings): string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const { name, role, treatAs } of settings.columns) {
    const column = columns.get(name)
    if (!column) problems.push(`There is no column "${name}" in the data set.`)
    else if (seen.has(name)) problems.push(`The column "${name}" is given twice.`)
    else if ((role === 'target') !== (name === settings.target)) {
      problems.push(`"${settings.target}" must be the target and the only one; "${name}" is given the role ${role}.`)
    } else if (role === 'input' && treatAs === 'numeric' && !isNumber(column)) {
      problems.push(`"${name}" holds texts, so it can't be an input as a number. Treat it as categories, or ignore it.`)
    } else if (role === 'input' && column.distinct === 0) {
      problems.push(`"${name}" has no values, so it can't be an input. Ignore it.`)
    }
    seen.add(name)
  }
  const weights = settings.columns.filter(({ role }) => role === 'weight').map(({ name }) => name)
  const [first = '', second] = weights
  const weight = columns.get(first)
  if (second !== undefined) problems.push(`"${first}" and "${second}" both weigh the rows. Choose one of them.`)
  else if (weight && !isNumber(weight)) problems.push(`"${first}" holds texts, so it can't say what a row counts.`)
  const [group = '', other] = settings.columns.filter(({ role }) => role === 'group').map(({ name }) => name)
  if (other !== undefined) problems.push(`"${group}" and "${other}" both keep rows together. Choose one of them.`)
  if (!settings.columns.some(({ role }) => role === 'input'))
    problems.push('No column is an input. Choose at least one.')
  return problems
}

/** Whole numbers that count rows are called identifiers, and are numbers all the same. */
function isNumber({ type, integer }: Column): boolean {
  return type === 'numeric' || type === 'date' || integer
}

function checkSplit(columns: ReadonlyMap<string, Column>, settings: ExperimentSettings): string[] {
  const { split } = settings
  if (split.kind === 'column') return checkPartColumn(columns, settings, split)
  const sum = split.train + split.validation + split.test
  const problems =
    Math.abs(sum - 100) < 1e-6
      ? []
      : [`The parts must make 100 % together; ${split.train} + ${split.validation} + ${split.test} is ${sum} %.`]
  if (split.kind === 'groups') problems.push(...checkGroupColumn(columns, settings, split.column))
  if (split.kind === 'order' && split.column !== null)
    problems.push(...checkOrderColumn(columns, settings, split.column))
  return problems
}

function checkGroupColumn(
  columns: ReadonlyMap<string, Column>,
  { target, columns: roles }: ExperimentSettings,
  name: string
): string[] {
  if (name === target) return ['The target can not say as well which rows belong together. Choose another column.']
  if (!columns.has(name)) return [`There is no column "${name}" that could say which rows belong together.`]
  if (!roles.some((column) => column.name === name && column.role === 'input')) return []
  return [
    `"${name}" keeps rows together, so its values differ from part to part and it can't be an input. Give it the role group.`
  ]
}

function checkOrderColumn(
  columns: ReadonlyMap<string, Column>,
  { target }: ExperimentSettings,
  name: string
): string[] {
  if (name === target) return ['The target can not say as well how rows follow one another. Choose another column.']
  const column = columns.get(name)
  if (!column) return [`There is no column "${name}" that could say how rows follow one another.`]
  if (isNumber(column)) return []
  return [`"${name}" holds texts, so it can't say how rows follow one another. Choose a column of dates or numbers.`]
}

function checkPartColumn(
  columns: ReadonlyMap<string, Column>,
  { target, columns: roles }: ExperimentSettings,
  split: Extract<ExperimentSettings['split'], { kind: 'column' }>
): string[] {
  if (split.column === target)
    return ['The target can not say as well which part a row belongs to. Choose another column.']
  const column = columns.get(split.column)
  if (!column) return [`There is no column "${split.column}" that could name the parts.`]
  const problems: string[] = []
  if (roles.some(({ name, role }) => name === split.column && role === 'input')) {
    problems.push(`"${split.column}" names the parts, so it can't be an input. Give it the role part.`)
  }
  if (split.train.length === 0)
    problems.push(`No value of "${split.column}" means the training part. Choose at least one.`)
  const named = [...split.train, ...split.validation, ...split.test]
  const twice = named.find((value, index) => named.indexOf(value) !== index)
  if (twice !== undefined) problems.push(`The value "${twice}" of "${split.column}" is given to two parts.`)
  const { histogram } = column
  if (histogram?.kind === 'levels' && histogram.others === 0) {
    const known = new Set(histogram.levels.map(({ value }) => value))
    const unknown = named.find((value) => !known.has(value))
    if (unknown !== undefined)
      problems.push(`No row has the value "${unknown}" in "${split.column}", so its part has no rows.`)
  }
  return problems
}
