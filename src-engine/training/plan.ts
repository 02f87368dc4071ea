/**
 * A training plan: everything that decides how a topology is trained, but the seed, as plain data.
 * Its fields are the rows of settings.ts, which forms, terminal and checks read alike. Fields that may be missing came
 * later; missing means what their row says, so old plans stay as they were.
 */
import type { Initialisation } from '#engine/network/initialisations.ts'
import type { LossName } from '#engine/network/losses.ts'
import type { Setting, ValueOf } from '#engine/setting.ts'
import { type Optimizer, optimizers } from '#engine/training/optimizers.ts'
import type { SettingPath, settings } from '#engine/training/settings.ts'
import type { Schedule } from '#engine/training/schedules.ts'

export type { Initialisation } from '#engine/network/initialisations.ts'
export {
  type Optimizer,
  type OptimizerEntry,
  type OptimizerName,
  optimizerNames,
  optimizers
} from '#engine/training/optimizers.ts'

type Settings = typeof settings

/** An object with the values of some rows; what may be missing is optional. */
type ObjectOf<Rows extends Record<string, Setting>> = {
  readonly [Name in keyof Rows as Rows[Name] extends Optional ? never : Name]: ValueOf<Rows[Name]>
} & {
  readonly [Name in keyof Rows as Rows[Name] extends Optional ? Name : never]?: ValueOf<Rows[Name]> | undefined
}

type Optional = { readonly missing: unknown }

/** What a plan has under a name such as `stopping`: the rows whose path begins with it. */
type PartOf<Name extends string> = ObjectOf<{
  [Path in SettingPath as Path extends `${Name}.${infer Inner}` ? Inner : never]: Settings[Path]
}>

/** What a plan has beside its parts. */
type Rest = ObjectOf<{ [Path in SettingPath as Path extends `${string}.${string}` ? never : Path]: Settings[Path] }>

export type Stopping = PartOf<'stopping'>

/** What holds a network back; a missing number is 0, which is none. Weights only, never biases. */
export type Regularisation = PartOf<'regularisation'>

/** Fields and their meaning are the rows of settings.ts; what the numbers of a choice are, its own table says. */
export interface TrainingPlan extends Rest {
  readonly optimizer: Optimizer
  readonly initialisation: Initialisation
  readonly stopping: Stopping
  /** Missing: constant. */
  readonly schedule?: Schedule | undefined
  readonly regularisation?: Regularisation | undefined
}

/** Samples of a batch in a new plan. */
const usualBatch = 32

/**
 * How long a new plan trains, by the rows of the training part: in optimizer steps, not in epochs. An epoch of 90 rows is
 * three steps, and 200 of those leave most small networks in the midst of their way, where the least look worst.
 * Measured on 73 problems with known truth (150 to 3,000 rows, selection/README.md): at 150 rows 88 % of the networks
 * without hidden layer were still learning at epoch 200.
 */
export const usualLengths = {
  epochs: { steps: 30_000, least: 200, most: 3000 },
  patience: { steps: 1000, least: 20, most: 300 }
} as const

/** The plan a new experiment starts from; without `rows`, those of the training part, that of a large table. */
export function defaultPlan(loss: LossName, rows = Infinity): TrainingPlan {
  const stepsAnEpoch = Math.ceil(rows / usualBatch)
  const lengthOf = ({ steps, least, most }: (typeof usualLengths)[keyof typeof usualLengths]) =>
    Math.min(most, Math.max(least, Math.ceil(steps / stepsAnEpoch)))
  return {
    loss,
    optimizer: optimizers.adam.defaults,
    initialisation: { name: 'auto' },
    batchSize: usualBatch,
    stopping: { epochs: lengthOf(usualLengths.epochs), patience: lengthOf(usualLengths.patience) }
  }
}
