/** Proposes the settings of an experiment for a data set, with the reasons in words. */
import type { Column, Dataset } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import type { ColumnSetting, ExperimentSettings, Preparation, Proposal } from '#contract/experiments.ts'
import { isPixel } from '#lab/datasets/image.ts'
import { type Arrangement, arrangementOf, proposeSplit } from '#lab/datasets/split-proposal.ts'
import { chooseTarget, chooseTask } from '#lab/datasets/target-choice.ts'
import { formatCount } from '#words/numbers.ts'

/** What the person has chosen already; it is kept. */
export interface Given {
  readonly target?: string | undefined
  readonly task?: ExperimentSettings['task'] | undefined
}

const levelCap = 50

/**
 * Proposes target, task, roles, preparation and split for a data set.
 * Errors: `bad_settings` where the given target is no column.
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
  const arrangement = arrangementOf(dataset, target.value)
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
  const treatAs = type === 'numeric' || type === 'date' ? 'numeric' : 'categorical'
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
      return as('ignored', 'It is free text, which a network of this kind can not read.')
    case 'date':
      return as('ignored', 'Dates are left out unless you choose them; as numbers they count days.')
    case 'categorical':
      return as('input', levelsReason(column))
    case 'numeric':
      return as('input', null)
  }
}

function levelsReason({ distinct }: Column): string | null {
  if (distinct <= levelCap) return null
  return `It has ${formatCount(distinct)} levels: the ${levelCap} most frequent get an input each, the others share one.`
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
