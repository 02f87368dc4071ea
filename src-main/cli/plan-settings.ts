/** `--set PATH=VALUE`: any number or choice of the training plan by its path, from the tables that the window reads. */
import { losses } from '#engine/network/losses.ts'
import { type OptimizerName, optimizers } from '#engine/training/optimizers.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import {
  lineSearches,
  type PlanField,
  planFields,
  type PlanPath,
  planPaths,
  planRanges,
  rowOrders,
  stoppingMetrics
} from '#engine/training/plan-fields.ts'
import { valueAt, withValue } from '#engine/training/plan-values.ts'
import { schedules } from '#engine/training/schedules.ts'
import { readPlanNumber, UsageError } from '#lab/cli/usage.ts'
import { listOf } from '#words/lists.ts'
import { describeRange } from '#words/plan-range.ts'

export interface PlanSetting {
  readonly path: string
  readonly value: number | string
}

/** What is chosen by name rather than by number. */
const choices = {
  loss: { help: 'What is minimised; it must fit the output layer.', names: Object.keys(losses) },
  order: { help: 'Order of the rows in an epoch.', names: Object.keys(rowOrders) },
  'stopping.metric': {
    help: 'The figure of the validation part that decides which epoch is best.',
    names: Object.keys(stoppingMetrics)
  },
  'optimizer.lineSearch': { help: 'How far L-BFGS goes along its direction.', names: Object.keys(lineSearches) }
} as const

const isChoice = (path: string): path is keyof typeof choices => Object.hasOwn(choices, path)
const isNumber = (path: string): path is PlanPath => Object.hasOwn(planFields, path)

/** Reads one `--set` after those before it. Errors: throws UsageError for an unknown path or a value out of its range. */
export function readSetting(text: string, before: readonly PlanSetting[] = []): PlanSetting[] {
  const [path = '', ...rest] = text.split('=')
  const value = rest.join('=')
  return [...before, { path, value: readValue(path, value) }]
}

function readValue(path: string, text: string): number | string {
  if (isNumber(path)) {
    const { range, whole }: PlanField = planFields[path]
    return readPlanNumber(`--set ${path}`, range, whole === true)(text)
  }
  if (!isChoice(path)) throw new UsageError(`--set knows no "${path}"; the paths are listed by: lab plan`)
  const { names } = choices[path]
  if (names.includes(text)) return text
  throw new UsageError(`--set ${path} takes ${listOf(names, 'or')}; "${text}" is none.`)
}

/**
 * Lays settings over a plan.
 * Errors: throws UsageError for a number that belongs to another optimizer, schedule or initialisation.
 */
export function withSettings(plan: TrainingPlan, settings: readonly PlanSetting[] = []): TrainingPlan {
  let changed = plan
  for (const { path, value } of settings) {
    if (!belongsTo(changed, path)) {
      const owners = ownersOf(path)
      throw new UsageError(`--set ${path} is no number of this plan: it belongs to ${listOf(owners, 'or')}.`)
    }
    changed = withValue(changed, path, value)
  }
  return changed
}

function belongsTo(plan: TrainingPlan, path: string): boolean {
  if (path === 'optimizer.lineSearch') return plan.optimizer.name === 'lbfgs'
  if (isChoice(path)) return true
  const { missing }: PlanField = planFields[path as PlanPath]
  return missing !== undefined || valueAt(plan, path) !== undefined
}

/** The options that bring a path into a plan. */
function ownersOf(path: string): string[] {
  const [group = '', inner = ''] = path.split('.')
  if (group === 'schedule') {
    return Object.entries(schedules).flatMap(([name, { defaults }]) =>
      inner in defaults ? [`--schedule ${name}`] : []
    )
  }
  if (group === 'initialisation') return [inner === 'limit' ? '--init uniform' : '--init normal']
  return (Object.keys(optimizers) as OptimizerName[]).flatMap((name) =>
    inner in optimizers[name].defaults ? [`--optimizer ${name}`] : []
  )
}

/** One line of the list of all that `--set` takes. */
export interface SettingLine {
  readonly path: string
  readonly values: string
  readonly default: string
  readonly help: string
}

/** Lists all that `--set` takes, numbers first. */
export function settingLines(): SettingLine[] {
  const numbers = planPaths.map((path): SettingLine => {
    const { range, whole, missing, help }: PlanField = planFields[path]
    const values = `${whole ? 'whole, ' : ''}${describeRange(planRanges[range])}`
    const unless = missing === null ? 'none' : missing === undefined ? 'by its table' : `${missing}`
    return { path, values, default: unless, help }
  })
  const named = Object.entries(choices).map(([path, { help, names }]): SettingLine => {
    return { path, values: names.join(', '), default: path === 'loss' ? 'by the target' : (names[0] ?? ''), help }
  })
  return [...numbers, ...named]
}
