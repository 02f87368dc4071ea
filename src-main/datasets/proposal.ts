/** Proposes the settings of an experiment for a data set, with the reasons in words. */
import { type Column, type Dataset, dateParts } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import type { ColumnSetting, ExperimentSettings, Preparation, Proposal } from '#contract/experiments.ts'
import { suggestOrder } from '#words/level-order.ts'
import { isPixel } from '#lab/datasets/image.ts'
import { type Arrangement, arrangementOf, proposeSplit } from '#lab/datasets/split-proposal.ts'
import { nameTexts } from '#lab/datasets/text-kinds.ts'
import { chooseTarget, chooseTask } from '#lab/datasets/target-choice.ts'
import { formatCount } from '#words/numbers.ts'

/** What the person has chosen already; it is kept. */
export interface Given {
  readonly target?: string | undefined
  readonly task?: ExperimentSettings['task'] | undefined
  /** The column whose values train, validation and test name the parts. */
  readonly partColumn?: string | undefined
}

const levelCap = 50

/**
 * Proposes target, task, roles, preparation and split for a data set.
 * Errors: `bad_settings` where the given target is no column, or the given column of parts names none.
 */
export function proposeSettings(dataset: Dataset, given: Given): Proposal {
  const target = given.target === undefined ? chooseTarget(dataset) : { value: given.target, reason: 'You chose it.' }
  const column = dataset.columns.find(({ name }) => name === target.value)
  if (!column) {
    const message = `"${dataset.name}" has no column "${target.value}". Its columns are ${listNames(dataset.columns)}.`
    throw new LabError('bad_settings', message, { field: 'target', column: target.value })
  }
  const task =
    given.task === undefined ? chooseTask(column, dataset.rows) : { value: given.task, reason: 'You chose it.' }
  const arrangement = arrangementOf(dataset, target.value, given.partColumn)
  const split = proposeSplit(dataset, task.value, arrangement)
  const columns: ColumnSetting[] = []
  const reasons: Record<string, string> = {}
  for (const own of dataset.columns) {
    const { reason, ...setting } = proposeColumn(own, dataset, target.value, arrangement)
    columns.push(setting)
    if (reason !== null) reasons[own.name] = reason
  }
  const settings: ExperimentSettings = {
    datasetId: dataset.id,
    target: target.value,
    task: task.value,
    columns,
    preparation: proposePreparation(dataset),
    split: split.value
  }
  return {
    settings,
    reasons: { target: target.reason, task: task.reason, split: split.reason, columns: reasons },
    warnings: warningsOn(dataset, column)
  }
}

function proposeColumn(
  column: Column,
  dataset: Dataset,
  target: string,
  { part, group, time }: Arrangement
): ColumnSetting & { reason: string | null } {
  const { name, type } = column
  const isNumber = type === 'numeric' || (type === 'time' && column.clock === 'duration')
  const treatAs = isNumber ? 'numeric' : type === 'date' ? 'date' : type === 'time' ? 'time' : 'categorical'
  const as = (role: ColumnSetting['role'], reason: string | null) => ({ name, role, treatAs, reason }) as const
  if (name === target) return as('target', null)
  if (name === part?.name) return as('part', 'It names the part of each row.')
  if (name === time?.name && type !== 'date') {
    return as('ignored', 'The rows are parted by it, so its later values lie beyond all that training sees.')
  }
  if (name === group?.name) return as('group', 'Rows with the same value stay in one part.')
  if (column.distinct === 0) return as('ignored', 'It has no values.')
  if (column.distinct === 1) {
    // A pixel that is always dark still has its place in the image.
    if (dataset.image && isPixel(name)) return as('input', null)
    return as('ignored', 'All its values are the same, so it tells nothing.')
  }
  switch (type) {
    case 'identifier':
      return as('ignored', 'It names rows: a network would learn them by heart.')
    case 'text':
      return as('ignored', textReason(column, dataset.rows))
    case 'date':
      return proposeDate(column, time !== null, as)
    case 'time':
      return as(
        'input',
        isNumber
          ? 'Read as durations: their hours are one number. As times of day they would lie on a circle.'
          : 'Read as times of day, on a circle of 24 hours: two inputs. As durations they would be one number.'
      )
    case 'categorical':
      return as('input', levelsReason(column))
    case 'numeric':
      return as('input', null)
  }
}

/** A date becomes the parts of it that vary; where rows are parted in their order, none that only grows. */
function proposeDate(
  { varies }: Column,
  isInOrder: boolean,
  as: (role: ColumnSetting['role'], reason: string) => ColumnSetting & { reason: string | null }
): ColumnSetting & { reason: string | null } {
  const parts = (varies ?? dateParts).filter((part) => !isInOrder || (part !== 'days' && part !== 'year'))
  if (parts.length === 0) {
    return as(
      'ignored',
      'The rows are parted by it, and of a date only what comes round could be learned from earlier ones.'
    )
  }
  const round = parts.filter((part) => part !== 'days' && part !== 'year')
  const how = round.length > 0 ? `, ${round.join(', ')} on a circle` : ''
  const left = isInOrder ? ' What only grows is left out: later rows lie beyond it.' : ''
  return as('input', `Its ${listed(parts)} become inputs, as far as they vary in the training part${how}.${left}`)
}

/** What texts are that a network does not read as they stand, and how they could be used. */
function textReason({ name, distinct, missing, examples }: Column, rows: number): string {
  const kind = nameTexts(examples)
  const values = rows - missing
  const count = formatCount(distinct)
  const what =
    kind !== null
      ? `It holds ${kind}, ${count} different ones`
      : `${count} different texts in ${formatCount(values)} rows, such as "${(examples[0] ?? name).slice(0, 40)}"`
  if (kind === null || distinct < 0.9 * values) {
    return `${what}: too many for an input each. It can be used by how frequent each is, or by the most frequent ones.`
  }
  return `${what}: free text, which a network of this kind can not read.`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function levelsReason({ distinct, histogram }: Column): string | null {
  if (distinct > levelCap) {
    return `It has ${formatCount(distinct)} levels: the ${levelCap} most frequent get an input each, the others share one. It can also be used by how frequent each is.`
  }
  if (histogram?.kind !== 'levels' || histogram.others > 0) return null
  const order = suggestOrder(histogram.levels.map(({ value }) => value))
  return (
    order && `Its levels seem to have an order, ${order.join(' < ')}, which can be given: then they are one number.`
  )
}

function proposePreparation({ image }: Dataset): Preparation {
  // Pixels share one range; standardised one by one, those seldom lit would outshine all others.
  return { missing: 'impute', indicators: false, scaling: image ? 'minmax' : 'standard', levelCap }
}

function warningsOn({ rows }: Dataset, target: Column): string[] {
  const warnings: string[] = []
  if (target.missing > 0) {
    const count = formatCount(target.missing)
    warnings.push(`${count} of ${formatCount(rows)} rows have no value of "${target.name}" and are left out.`)
  }
  if (rows < 50) warnings.push(`With ${rows} rows, validation and test figures say little: each row weighs much.`)
  return warnings
}

/** Lists names for a sentence, not too many of them. */
function listNames(columns: readonly { readonly name: string }[]): string {
  const shown = columns.slice(0, 8).map(({ name }) => name)
  return columns.length > shown.length
    ? `${shown.join(', ')} and ${columns.length - shown.length} more`
    : shown.join(', ')
}
