/** What the options of `sweep` mean: readers of its lists, and the settings they make. */
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { layerSettings } from '#engine/network/layer-settings.ts'
import { oneOf, ranges } from '#engine/setting.ts'
import { findVariedPath, type Varied, variedSetting } from '#engine/training/varied.ts'
import type { Experiment } from '#contract/experiments.ts'
import { foldLimits } from '#contract/runs.ts'
import { type PlanOptions, readValues, variedIn } from '#lab/cli/plan-settings.ts'
import { planFor, type QuestionOptions } from '#lab/cli/train-settings.ts'
import { readRange, readWhole, UsageError } from '#lab/cli/usage.ts'
import { usualFolds, usualSeeds } from '#trials/usual-folds.ts'

export interface SweepOptions extends QuestionOptions, PlanOptions {
  readonly hidden?: string[]
  readonly depths?: number[]
  readonly widths?: number[]
  readonly activation: (typeof hiddenActivationNames)[number][]
  readonly dropout?: number[]
  readonly vary?: readonly Varied[]
  /** Left out: five, which tell the luck of one, or one with folds, which do so by themselves. */
  readonly seeds?: number
  /** Left out: folds for small tables, unless seeds are named. */
  readonly folds?: number | 'none'
  readonly strategy: 'grid' | 'random' | 'halving'
  readonly firstEpochs?: number
  readonly points?: number
  readonly budgetRuns?: number
  readonly budgetMinutes?: number
  /** The NATS server whose workers train it. */
  readonly workers?: string
  /** A folder that its runs are written to, for workers elsewhere; left out, they train here. */
  readonly to?: string
  /** Writes the batch script beside them. */
  readonly slurm?: boolean
}

/** What is tried where nothing is named: a strong plan keeps large networks in check, so it tries larger ones. */
const usualHidden = {
  classic: ['8', '16', '32', '64', '64x32'],
  strong: ['none', '32', '64x32', '128x64']
} as const

/** Seeds 1 to the wanted count: the same for all points, so that their errors can be compared in pairs. */
export function sweepSettingsFor(experiment: Experiment, options: SweepOptions) {
  const { depths, widths, hidden, strategy, points, firstEpochs, budgetRuns, budgetMinutes } = options
  const folds = options.folds === 'none' ? null : (options.folds ?? defaultFolds(experiment, options))
  const seeds = options.seeds ?? usualSeeds[folds === null ? 'part' : 'folds']
  if ((depths === undefined) !== (widths === undefined)) {
    throw new UsageError('--depths and --widths belong together: every depth is tried with every width.')
  }
  if (strategy === 'random' && points === undefined && budgetRuns === undefined) {
    throw new UsageError('--strategy random needs --points or --budget-runs, to know how many to draw.')
  }
  if (strategy !== 'halving' && firstEpochs !== undefined) {
    throw new UsageError('--first-epochs belongs to --strategy halving.')
  }
  const vary = variedBy(options)
  return {
    experimentId: experiment.id,
    space: {
      hidden: hidden ?? (depths ? [] : [...usualHidden[options.recipe ?? 'classic']]),
      grid: depths && widths ? { depths, widths } : null,
      activation: options.activation[0] ?? 'relu',
      vary
    },
    plan: planFor(experiment, options),
    folds,
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    strategy:
      strategy === 'random'
        ? { name: strategy, points: points ?? Math.max(1, Math.floor((budgetRuns ?? 1) / (seeds * (folds ?? 1)))) }
        : strategy === 'halving'
          ? { name: strategy, ...(firstEpochs !== undefined && { firstEpochs }) }
          : { name: strategy },
    budget: { runs: budgetRuns ?? null, minutes: budgetMinutes ?? null },
    ...(options.workers !== undefined && { workers: options.workers })
  }
}

/** The folds of a sweep of which neither folds nor seeds are named. */
export function defaultFolds(experiment: Experiment, { folds, seeds }: Pick<SweepOptions, 'folds' | 'seeds'>) {
  return folds === undefined && seeds === undefined ? usualFolds(experiment) : null
}

/** Reads a number of folds, or none for the one validation part. Errors: throws UsageError. */
export function readFolds(text: string): number | 'none' {
  return text === 'none' ? text : readWhole('--folds', foldLimits.minimum, foldLimits.maximum)(text)
}

/** What `--vary` names, and what the options of a list vary. Errors: throws UsageError for a setting that is varied twice. */
function variedBy(options: SweepOptions): Varied[] {
  const { activation, dropout, vary: named = [] } = options
  const vary: Varied[] = [
    ...(activation.length > 1 ? [{ path: 'hidden.activation', values: activation } as const] : []),
    ...(dropout ? [{ path: 'hidden.dropout', values: dropout } as const] : []),
    ...variedIn(options),
    ...named
  ]
  const twice = vary.find(({ path }, place) => vary.findIndex((other) => other.path === path) !== place)
  if (twice) throw new UsageError(`--vary takes each setting once; "${twice.path}" is varied twice.`)
  return vary
}

/** Reads one `--vary` after those before it. Errors: throws UsageError for an unknown path or a value that it does not allow. */
export function readVary(text: string, before: readonly Varied[] = []): Varied[] {
  const [name = '', ...rest] = text.split('=')
  const path = findVariedPath(name)
  if (!path) throw new UsageError(`--vary knows no "${name}"; the paths are listed by: lab plan`)
  return [...before, { path, values: readValues(`--vary ${path}`, variedSetting(path))(rest.join('=')) }]
}

/** Reads items with `separator` between them. Errors: what `read` throws. */
export function readList<Item>(separator: string, read: (text: string) => Item) {
  return (text: string): Item[] => text.split(separator).map((part) => read(part.trim()))
}

/** Reads widths: `8,16,32`, or `8..256` for the powers of two between. Errors: throws UsageError. */
export function readWidths(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text.trim())
  const readUnits = readWhole('--widths', 1, 8192)
  if (!range) return readList(',', readUnits)(text)
  const [from, to] = [readUnits(range[1] ?? ''), readUnits(range[2] ?? '')]
  if (from > to) throw new UsageError(`--widths takes the smaller number first; "${text}" does not.`)
  const widths = []
  for (let width = from; width <= to; width *= 2) widths.push(width)
  return widths
}

/** Reads one activation of hidden layers. Errors: throws UsageError. */
export function readActivation(text: string) {
  const known = hiddenActivationNames.find((name) => name === text)
  if (known) return known
  throw new UsageError(`--activation takes ${oneOf(hiddenActivationNames)}; "${text}" is none.`)
}

/** Reads one share of the training part. Errors: throws UsageError. */
function readShare(text: string): number {
  const share = Number(text)
  if (share > 0 && share <= 1) return share
  throw new UsageError(`--shares takes numbers above 0 up to 1 with commas between them; "${text}" is none.`)
}

/** Readers of the lists of numbers. */
export const readNumbers = {
  depths: readList(',', readWhole('--depths', 1, 64)),
  dropout: readValues('--dropout', layerSettings.dropout),
  shares: readList(',', readShare),
  minutes: readRange('--budget-minutes', ranges.positive)
}
