/**
 * Settings of the plan in the terminal, from the table that the window reads: `--set PATH=VALUE` for any of them, and
 * the options that stand for the usual ones, such as `--epochs 50`.
 */
import { type Command, Option } from 'commander'
import { describeValues, oneOf, readValue, type Setting, type SettingValue } from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { belongsTo, choicesFirst, ownersOf, withValue } from '#engine/training/plan-values.ts'
import { findPath, type SettingPath, settingAt } from '#engine/training/settings.ts'
import type { Varied } from '#engine/training/varied.ts'
import { UsageError } from '#lab/cli/usage.ts'
import { describeUsual } from '#lab/documents/setting-lines.ts'

/** What one option asks of the plan; `option` is how the person wrote it. */
export interface PlanChange {
  readonly option: string
  readonly path: SettingPath
  readonly value: SettingValue
}

/** Options of their own for the usual settings, by the name that commander gives their value. */
const shortForms = {
  optimizer: 'optimizer.name',
  learningRate: 'optimizer.learningRate',
  batch: 'batchSize',
  epochs: 'stopping.epochs',
  patience: 'stopping.patience',
  threads: 'threads',
  schedule: 'schedule.name',
  init: 'initialisation.name',
  l1: 'regularisation.l1',
  l2: 'regularisation.l2',
  weightDecay: 'regularisation.weightDecay',
  clipNorm: 'regularisation.clipNorm',
  classWeights: 'classWeights',
  labelSmoothing: 'labelSmoothing'
} as const satisfies Record<string, SettingPath>

type ShortForm = keyof typeof shortForms

const shortFormNames = Object.keys(shortForms) as ShortForm[]

/** What the options of the plan give: a list each, which has more than one value in a sweep alone. */
export interface PlanOptions extends Readonly<Partial<Record<ShortForm, readonly SettingValue[]>>> {
  readonly set?: readonly PlanChange[]
}

/** Adds the options of the plan to a command: each takes one value, or, for a sweep, a list of them. */
export function addPlanOptions(command: Command, takes: 'value' | 'list' = 'value'): Command {
  for (const name of shortFormNames) {
    const setting = settingAt(shortForms[name])
    const help = `${setting.label}: ${describeValues(setting)} (default: ${describeUsual(shortForms[name])})`
    const read = readOption(flagOf(name), setting)
    const option = new Option(`${flagOf(name)} <${takes}>`, help)
    // Lists in either case, for commander makes null, which is none here, an empty text.
    command.addOption(option.argParser((text) => (takes === 'list' ? splitList(text) : [text]).map(read)))
  }
  return command.option(
    '--set <path=value>',
    'any setting of the plan, such as stopping.targetLoss=0.01; may be repeated (all of them: lab plan)',
    readSet
  )
}

const flagOf = (name: ShortForm) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** Reads the value of an option that is a setting. Errors: throws UsageError for one that the setting does not allow. */
export function readOption(option: string, setting: Setting) {
  return (text: string): SettingValue => {
    const value = readValue(setting, text)
    if (value !== undefined) return value
    throw new UsageError(`${option} takes ${describeValues(setting)}; "${text}" is none.`)
  }
}

/** Reads values with commas between them, or semicolons where a value has commas itself. Errors: as readOption. */
export function readValues(option: string, setting: Setting) {
  return (text: string): SettingValue[] => splitList(text).map(readOption(option, setting))
}

const splitList = (text: string) => text.split(text.includes(';') ? ';' : ',')

/** Reads one `--set` after those before it. Errors: throws UsageError for an unknown path or a value that it does not allow. */
export function readSet(text: string, before: readonly PlanChange[] = []): PlanChange[] {
  const [name = '', ...rest] = text.split('=')
  const path = findPath(name)
  if (!path) throw new UsageError(`--set knows no "${name}"; the paths are listed by: lab plan`)
  const option = `--set ${path}`
  return [...before, { option, path, value: readOption(option, settingAt(path))(rest.join('=')) }]
}

/** What the options ask of the plan: those with one value. */
export function changesOf(options: PlanOptions): PlanChange[] {
  const short = listsOf(options).flatMap(({ values: [value = null, ...more], ...asked }) =>
    more.length === 0 ? [{ ...asked, value }] : []
  )
  return [...short, ...(options.set ?? [])]
}

/** What the options vary: those with several values. */
export function variedIn(options: PlanOptions): Varied[] {
  return listsOf(options).flatMap(({ path, values }) => (values.length > 1 ? [{ path, values }] : []))
}

function listsOf(options: PlanOptions) {
  // AdamW has a decay of its own, which the option then sets.
  const hasOwnDecay = options.optimizer?.every((name) => name === 'adamw') ?? false
  return shortFormNames.flatMap((name) => {
    const path: SettingPath = name === 'weightDecay' && hasOwnDecay ? 'optimizer.weightDecay' : shortForms[name]
    const values = options[name]
    return values ? [{ option: flagOf(name), path, values }] : []
  })
}

/**
 * Lays changes over a plan, choices before the numbers that belong to them.
 * Errors: throws UsageError for a setting that belongs to another optimizer, schedule, loss or other first weights.
 */
export function withChanges(plan: TrainingPlan, changes: readonly PlanChange[]): TrainingPlan {
  return choicesFirst(changes).reduce((before, { option, path, value }) => {
    if (belongsTo(before, path)) return withValue(before, path, value)
    const { path: owner, names } = ownersOf(path) ?? { path, names: [] }
    const short = shortFormNames.find((name) => shortForms[name] === owner)
    const ways = names.map((name) => (short ? `${flagOf(short)} ${name}` : `--set ${owner}=${name}`))
    throw new UsageError(`${option} is no setting of this plan: it belongs to ${oneOf(ways)}.`)
  }, plan)
}
