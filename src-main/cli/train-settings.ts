/** What the options of `train` mean for an experiment and a plan. */
import { isDeepStrictEqual } from 'node:util'
import { outputFor, type Task } from '#engine/network/losses.ts'
import type { Layer } from '#engine/network/topology.ts'
import { fillTemplate, type LayerTemplate, readTemplate, writeHidden } from '#engine/network/topology-text.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import { defaultHidden } from '#engine/network/topology.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { type RecipeName, recipes } from '#engine/training/recipes.ts'
import { LabError } from '#contract/errors.ts'
import type { ColumnSetting, Experiment, ExperimentSettings, Preparation } from '#contract/experiments.ts'
import type { ContractClient } from '#contract/contract.ts'
import { preparationOf } from '#words/recipes.ts'
import { changesOf, type PlanOptions, withChanges } from '#lab/cli/plan-settings.ts'
import { readTreatments } from '#lab/cli/treatments.ts'
import type { SplitShares } from '#lab/cli/usage.ts'

/** What decides the experiment. */
export interface QuestionOptions {
  readonly target: string
  readonly task?: Task
  readonly ignore?: readonly string[]
  /** The column that says what each row counts in training. */
  readonly weight?: string
  readonly split?: SplitShares
  readonly splitSeed?: number
  /** The column whose values train, validation and test name the parts. */
  readonly partColumn?: string
  /** Rows with the same value of this column stay in one part. */
  readonly groupBy?: string
  /** Rows follow one another by this column. */
  readonly orderBy?: string
  /** Rows follow one another as they stand in the table. */
  readonly inOrder?: boolean
  /** Rows are drawn one by one, whatever the lab proposes. */
  readonly atRandom?: boolean
  /** Identical rows stay in one part. */
  readonly together?: boolean
  /** Other spellings of a level or class are taken for the most frequent one. */
  readonly joinSpellings?: boolean
  /** How columns are encoded, each as NAME=HOW. */
  readonly treat?: readonly string[]
  /** Everything that the lab finds amiss is mended. */
  readonly mend?: boolean
  readonly experiment?: string
  readonly missing?: 'drop' | 'impute'
  readonly scale?: Preparation['scaling']
  /** Far values are clipped smoothly. */
  readonly smoothClip?: boolean
  /** Predictions of a number stay within the range of the training targets. */
  readonly limits?: boolean
  /** The plan, the preparation and the hidden layers to start from. */
  readonly recipe?: RecipeName
}

export interface TrainOptions extends QuestionOptions, PlanOptions, Pick<Layer, 'dropout' | 'normalisation'> {
  /** Left out: those of the recipe. */
  readonly hidden?: readonly LayerTemplate[]
  /** Of hidden layers that name none. */
  readonly activation: ActivationName
  readonly seed: number
}

/** The hidden layers for the data of an experiment; what a layer names itself goes before what is asked of all. */
export function hiddenFor(
  experiment: Experiment,
  options: Pick<TrainOptions, 'hidden' | 'activation' | 'dropout' | 'normalisation' | 'recipe'>
): Layer[] {
  const { activation, dropout, normalisation, recipe = 'classic' } = options
  const hidden =
    options.hidden ??
    readTemplate(recipes[recipe].hidden?.[experiment.settings.task] ?? writeHidden(defaultHidden, 'relu'))
  const shape = { inputs: experiment.inputs.length, outputs: experiment.outputs }
  try {
    return fillTemplate(hidden, shape, activation).map((layer) => ({ dropout, normalisation, ...layer }))
  } catch (error) {
    if (error instanceof RangeError) throw new LabError('bad_settings', error.message, { field: 'hidden' })
    throw error
  }
}

/** Takes the lab's proposal and lays the options over it. Errors: LabError 'bad_settings' for an unknown column. */
export function settingsFor(proposed: ExperimentSettings, options: QuestionOptions, datasetName: string) {
  const ignored = ignoredColumns(proposed, options.ignore ?? [], datasetName)
  const treatments = readTreatments(proposed, options.treat ?? [], datasetName)
  const { weight, target } = options
  if (ignored.includes(target) || weight === target) {
    const what = weight === target ? 'to weigh rows by' : 'to ignore'
    throw new LabError('bad_settings', `"${target}" is the target, so it is no column ${what}.`, { column: target })
  }
  if (weight !== undefined && !proposed.columns.some(({ name }) => name === weight)) {
    throw new LabError('bad_settings', `${datasetName} has no column "${weight}" to weigh rows by.`, { column: weight })
  }
  const columns = proposed.columns.map((column) => {
    if (column.name === weight) return { ...column, role: 'weight' as const }
    if (ignored.includes(column.name) && column.role !== 'target') return { ...column, role: 'ignored' as const }
    const treatment = treatments.get(column.name)
    return treatment && column.role !== 'target' ? { ...column, role: 'input' as const, ...treatment } : column
  })
  const base = preparationOf(options.recipe ?? 'classic', proposed)
  const preparation = {
    ...base,
    missing: options.missing ?? base.missing,
    scaling: options.scale ?? base.scaling,
    ...(options.smoothClip && { smoothClip: true as const }),
    ...(options.limits && { limits: true as const })
  }
  const split = splitFor(proposed, options)
  for (const [option, name] of [
    ['--group-by', options.groupBy],
    ['--order-by', options.orderBy]
  ] as const) {
    if (name === undefined || proposed.columns.some((column) => column.name === name)) continue
    throw new LabError('bad_settings', `${datasetName} has no column "${name}" for ${option}.`, { column: name })
  }
  return { ...proposed, columns: rolesFor(columns, split), preparation, split } satisfies ExperimentSettings
}

/** The plan of the recipe with what the options ask for. Errors: throws UsageError for a setting that belongs to another plan. */
export function planFor(experiment: Experiment, options: PlanOptions & Pick<QuestionOptions, 'recipe'>): TrainingPlan {
  const { loss } = outputFor(experiment.settings.task, experiment.classes?.length ?? 1)
  return withChanges(recipes[options.recipe ?? 'classic'].plan(loss, experiment.rows.train), changesOf(options))
}

/**
 * Finds the experiment that asks the same question, so that runs stay comparable, or creates it.
 * Errors: LabError 'conflict' where `name` belongs to another question.
 */
export async function experimentFor(
  client: ContractClient,
  settings: ExperimentSettings,
  name: string | undefined
): Promise<{ experiment: Experiment; isNew: boolean }> {
  const all = await client.experiments.list()
  const candidates = name === undefined ? all : all.filter((experiment) => experiment.name === name)
  const same = candidates.find((experiment) => isDeepStrictEqual(experiment.settings, settings))
  if (same) return { experiment: same, isNew: false }
  if (name !== undefined && candidates.length > 0) {
    throw new LabError(
      'conflict',
      `The experiment "${name}" has another data set, target, preparation or split; give this one another name.`
    )
  }
  return { experiment: await client.experiments.create({ name, settings }), isNew: true }
}

function splitFor(proposed: ExperimentSettings, options: QuestionOptions): ExperimentSettings['split'] {
  const { split: shares, groupBy, orderBy, inOrder, atRandom } = options
  const seed = options.splitSeed ?? proposed.split.seed
  const own = proposed.split.kind === 'column' ? defaultShares : sharesOf(proposed.split)
  const sized = { ...(shares ?? own), seed }
  const stratified = proposed.task === 'classification'
  if (groupBy !== undefined) return { kind: 'groups', column: groupBy, ...sized, stratified }
  if (orderBy !== undefined) return { kind: 'order', column: orderBy, ...sized, stratified: false }
  if (inOrder) return { kind: 'order', column: null, ...sized, stratified: false }
  const { split } = proposed
  const kept = options.together && { together: true }
  if (atRandom || (shares && split.kind === 'column')) return { kind: 'fractions', ...sized, stratified, ...kept }
  if (split.kind === 'column') return { ...split, seed }
  return split.kind === 'fractions' ? { ...split, ...sized, ...kept } : { ...split, ...sized }
}

const defaultShares: SplitShares = { train: 60, validation: 20, test: 20 }

const sharesOf = ({ train, validation, test }: SplitShares): SplitShares => ({ train, validation, test })

/** A column that parted the rows in the proposal, and does no more, is left out; the one that does now has that role. */
function rolesFor(
  columns: readonly ColumnSetting[],
  split: ExperimentSettings['split']
): ExperimentSettings['columns'] {
  const [role, name] =
    split.kind === 'groups'
      ? ['group' as const, split.column]
      : split.kind === 'column'
        ? ['part' as const, split.column]
        : []
  return columns.map((column) => {
    if (role && column.name === name && column.role !== 'target') return { ...column, role }
    return column.role === 'part' || column.role === 'group' ? { ...column, role: 'ignored' as const } : column
  })
}

/** A name with a comma in it is meant as a whole where the table has such a column. */
function ignoredColumns({ columns }: ExperimentSettings, texts: readonly string[], datasetName: string): string[] {
  const names = new Set(columns.map(({ name }) => name))
  const ignored = texts.flatMap((text) => (names.has(text) ? [text] : text.split(',').map((part) => part.trim())))
  const unknown = ignored.find((name) => !names.has(name))
  if (unknown === undefined) return ignored
  throw new LabError('bad_settings', `${datasetName} has no column "${unknown}" to ignore.`, { column: unknown })
}
