/**
 * The sweep that a person is planning: what becomes a list, with which seeds, by which strategy and budget. Everything
 * that is no list is taken from the topology and plan of the form. Sentences of what is wrong belong to a field each.
 */
import { type ActivationName } from '#engine/network/activations.ts'
import { type Layer, topologyLimits } from '#engine/network/topology.ts'
import { readTemplate, sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { describeValues, readValue, type Setting, type SettingValue, typeValue } from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { layerSettingOf, type VariedPath, variedSetting } from '#engine/training/varied.ts'
import { foldLimits } from '#contract/runs.ts'
import { mostSweepRuns, type SweepSettings, type SweepSpace } from '#contract/sweeps.ts'
import type { SweepRequest } from '#renderer/state/forecast.svelte.ts'
import { usualSeeds } from '#trials/usual-folds.ts'
import { formatCount } from '#words/numbers.ts'

export type StrategyName = SweepSettings['strategy']['name']

/** The small matrix of sizes that are chosen by a click; any other size is written. */
export const matrixDepths = [1, 2, 3, 4, 5] as const
export const matrixWidths = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const

export const strategies: Record<StrategyName, { readonly label: string; readonly help: string }> = {
  grid: { label: 'Grid', help: 'Trains every combination to its end: the choice while they are few enough.' },
  random: {
    label: 'Random',
    help: 'Trains a random draw of them: when several settings matter and all would be too many.'
  },
  halving: {
    label: 'Halving',
    help: 'Starts all, and only the best share goes on to more epochs: for many, when bad ones show early. It prefers what learns fast, and may give up what is best in the end. Stopped runs count as unfinished.'
  }
}

const presets = {
  sizes: { depths: [1], widths: [1, 2, 4, 8, 16, 32, 64, 128] },
  map: { depths: [1, 2, 3], widths: [4, 8, 16, 32, 64, 128, 256] }
}

/** What judges every epoch: the validation part of the experiment, or folds. */
export type Validation = keyof typeof usualSeeds

/** The settings that stand in the form without being asked for. */
const usualPaths: readonly VariedPath[] = [
  'hidden.activation',
  'optimizer.learningRate',
  'batchSize',
  'regularisation.l2',
  'hidden.dropout',
  'schedule.name'
]

type Entry = number | null

/** What of the form a sweep does not make a list of. */
export interface SweepBase {
  readonly experimentId: number
  readonly hidden: readonly Layer[]
  readonly plan: TrainingPlan
}

export class SweepDraft {
  /** Chosen cells of the matrix, as `depth x width`. */
  cells = $state.raw<ReadonlySet<string>>(new Set())
  /** Further topologies, one a line. */
  text = $state('')
  equalParameters = $state(false)
  parameters = $state<Entry>(1000)
  equalDepths = $state('1, 2, 3, 4')
  /** What is varied, each with its values as they are written; those in sight without a value keep the plan's. */
  lists = $state.raw<ReadonlyMap<VariedPath, string>>(new Map(usualPaths.map((path) => [path, ''])))
  firstSeed = $state<Entry>(1)
  seedCount = $state<Entry>(usualSeeds.part)
  validation = $state<Validation>('part')
  folds = $state<Entry>(5)
  /** Why the lab would not take the sweep, and at which field. */
  refusal = $state.raw<{ readonly field: string | null; readonly message: string } | null>(null)
  strategy = $state<StrategyName>('grid')
  points = $state<Entry>(20)
  factor = $state<Entry>(3)
  /** Of halving with one decision; null for several rungs. */
  firstEpochs = $state<Entry>(null)
  budgetRuns = $state<Entry>(null)
  budgetMinutes = $state<Entry>(null)
  baseline = $state(true)
  /** The NATS server whose workers train it; empty: this lab does. */
  workers = $state('')

  /** Whether folds judge because the table is small, and nobody has said otherwise. */
  isFoldedByDefault = $state(false)

  /** `folds` are those that judge where nobody says otherwise; null for the one part. */
  constructor(folds: number | null = null) {
    this.choosePreset('sizes')
    if (folds === null) return
    this.chooseValidation('folds')
    this.folds = folds
    this.isFoldedByDefault = true
  }

  choosePreset(name: keyof typeof presets): void {
    const { depths, widths } = presets[name]
    this.cells = new Set(depths.flatMap((depth) => widths.map((width) => cellOf(depth, width))))
    this.text = ''
    this.equalParameters = false
  }

  has(depth: number, width: number): boolean {
    return this.cells.has(cellOf(depth, width))
  }

  /** Puts cells into the sweep or takes them out. */
  set(cells: readonly (readonly [depth: number, width: number])[], chosen: boolean): void {
    const next = new Set(this.cells)
    for (const [depth, width] of cells) {
      if (chosen) next.add(cellOf(depth, width))
      else next.delete(cellOf(depth, width))
    }
    this.cells = next
  }

  /** Writes the values of a setting, which then is in sight. */
  vary(path: VariedPath, text: string): void {
    this.lists = new Map(this.lists).set(path, text)
  }

  /** Puts a name into the list of a choice, or takes it out. */
  toggle(path: VariedPath, name: string): void {
    const chosen = this.chosen(path)
    const setting = variedSetting(path)
    const known = 'names' in setting ? Object.keys(setting.names) : []
    this.vary(path, known.filter((each) => chosen.has(each) !== (each === name)).join(', '))
  }

  /** The names that are chosen of a choice. */
  chosen(path: VariedPath): ReadonlySet<string> {
    return new Set(split(this.lists.get(path) ?? ''))
  }

  /** The number of seeds follows where nobody has set another. */
  chooseValidation(next: Validation): void {
    if (this.seedCount === usualSeeds[this.validation]) this.seedCount = usualSeeds[next]
    this.validation = next
    this.isFoldedByDefault = false
  }

  /** Takes the lab's word on the sweep; folds that nobody asked for and that the rows don't allow are given up. */
  refuse(refusal: SweepDraft['refusal']): void {
    if (this.isFoldedByDefault && refusal?.field === 'folds') this.chooseValidation('part')
    else this.refusal = refusal
  }

  get lines(): string[] {
    return this.text
      .split(/[\n;]/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  /** Whether the sweep has sizes of its own; without, it keeps the topology of the form. */
  get hasSizes(): boolean {
    return this.cells.size > 0 || this.lines.length > 0 || this.equalParameters
  }

  /** Whether more than the topology differs between the points. */
  get variesSettings(): boolean {
    return this.#varied().some(({ values }) => values.length > 1)
  }

  /** Whether something of the lists is wrong. */
  get hasWrongList(): boolean {
    return [...this.lists.keys()].some((path) => this.problems.has(path))
  }

  get seeds(): number[] {
    const first = this.firstSeed ?? 0
    return Array.from({ length: this.seedCount ?? 0 }, (_, index) => first + index)
  }

  /** What is wrong, in a sentence each, by the field it stands at. */
  get problems(): ReadonlyMap<string, string> {
    const found: (readonly [field: string, problem: string | null])[] = [
      ['text', this.#textProblem()],
      [
        'parameters',
        this.equalParameters ? wholeProblem(this.parameters, 'Parameters', 1, topologyLimits.parameters) : null
      ],
      ['equalDepths', this.equalParameters ? this.#depthsProblem() : null],
      ...Array.from(this.lists, ([path, text]) => [path, listProblem(variedSetting(path), text)] as const),
      ['firstSeed', wholeProblem(this.firstSeed, 'Seed', 0, 2 ** 31 - 1)],
      ['seedCount', wholeProblem(this.seedCount, 'Seeds', 1, 1000)],
      [
        'folds',
        this.validation === 'folds' ? wholeProblem(this.folds, 'Folds', foldLimits.minimum, foldLimits.maximum) : null
      ],
      ['points', this.strategy === 'random' ? wholeProblem(this.points, 'Points', 1, mostSweepRuns) : null],
      ['factor', this.strategy === 'halving' ? wholeProblem(this.factor, 'Keep one of', 2, 10) : null],
      [
        'firstEpochs',
        this.strategy === 'halving' && this.firstEpochs !== null
          ? wholeProblem(this.firstEpochs, 'Epochs', 1, 1e6)
          : null
      ],
      ['budgetRuns', this.budgetRuns === null ? null : wholeProblem(this.budgetRuns, 'Runs', 1, 1e6)],
      ['budgetMinutes', this.budgetMinutes === null || this.budgetMinutes > 0 ? null : 'Minutes must be above 0.']
    ]
    return new Map(found.filter((entry): entry is [string, string] => entry[1] !== null))
  }

  /** The sweep as the contract takes it, for a draft without problems. */
  settings({ experimentId, hidden, plan }: SweepBase): SweepRequest {
    const vary = this.#varied()
    // A topology that nothing varies is the form's own, sizes and activations as they are.
    const isKept = !this.hasSizes && !vary.some(({ path }) => layerSettingOf(path) !== undefined)
    return {
      experimentId,
      space: {
        hidden: this.hasSizes
          ? [...[...this.cells].map(hiddenOf), ...this.lines]
          : isKept
            ? []
            : [writeHidden(hidden, sharedActivation(hidden))],
        layers: isKept ? [[...hidden]] : [],
        equalParameters: this.equalParameters
          ? { parameters: this.parameters ?? 1, depths: numbers(this.equalDepths) }
          : null,
        activation: shared(hidden),
        vary
      },
      plan,
      seeds: this.seeds,
      folds: this.validation === 'folds' ? this.folds : null,
      strategy: this.#strategy(),
      budget: { runs: this.budgetRuns, minutes: this.budgetMinutes },
      baseline: this.baseline,
      ...(this.workers.trim() !== '' && { workers: this.workers.trim() })
    }
  }

  /** What is varied, of the lists that are filled. */
  #varied(): SweepSpace['vary'] {
    return Array.from(this.lists, ([path, text]) => ({ path, values: valuesIn(variedSetting(path), text) })).filter(
      ({ values }) => values.length > 0
    )
  }

  /** Takes up the settings of an earlier sweep; what the form has no field for is left out. */
  adopt({ space, seeds, folds, strategy, budget, baseline, workers = '' }: SweepSettings): void {
    const grid = (space.grid?.depths ?? []).flatMap((depth) =>
      (space.grid?.widths ?? []).map((width) => [depth, width] as const)
    )
    const isInMatrix = (text: string) =>
      matrixDepths.some((depth) => matrixWidths.some((width) => hiddenOf(cellOf(depth, width)) === text))
    const written = [
      ...space.hidden,
      ...grid.map(([depth, width]) => hiddenOf(cellOf(depth, width))),
      ...space.layers.map((layers) => writeHidden(layers, 'relu'))
    ]
    this.cells = new Set(
      written.filter(isInMatrix).map((text) => cellOf(text.split('x').length, Number(text.split('x')[0])))
    )
    this.text = written.filter((text) => !isInMatrix(text)).join('\n')
    this.equalParameters = space.equalParameters !== null
    if (space.equalParameters) {
      this.parameters = space.equalParameters.parameters
      this.equalDepths = space.equalParameters.depths.join(', ')
    }
    const varied = space.vary.map(({ path, values }) => [path, writeList(variedSetting(path), values)] as const)
    const activation = [['hidden.activation', space.activation]] as const
    this.lists = new Map([...usualPaths.map((path) => [path, ''] as const), ...activation, ...varied])
    this.firstSeed = seeds[0] ?? 1
    this.seedCount = seeds.length
    this.validation = folds === null ? 'part' : 'folds'
    this.isFoldedByDefault = false
    if (folds !== null) this.folds = folds
    this.strategy = strategy.name
    if (strategy.name === 'random') this.points = strategy.points
    if (strategy.name === 'halving') {
      this.factor = strategy.factor
      this.firstEpochs = strategy.firstEpochs ?? null
    }
    this.budgetRuns = budget.runs
    this.budgetMinutes = budget.minutes
    this.baseline = baseline
    this.workers = workers
  }

  #strategy(): SweepRequest['strategy'] {
    if (this.strategy === 'random') return { name: 'random', points: this.points ?? 1 }
    if (this.strategy === 'grid') return { name: 'grid' }
    return { name: 'halving', factor: this.factor ?? 3, ...(this.firstEpochs && { firstEpochs: this.firstEpochs }) }
  }

  #textProblem(): string | null {
    for (const line of this.lines) {
      try {
        readTemplate(line)
      } catch (error) {
        if (error instanceof RangeError) return `${line}: ${error.message}`
        throw error
      }
    }
    return null
  }

  #depthsProblem(): string | null {
    const most = topologyLimits.layers - 1
    if (split(this.equalDepths).length === 0) return 'Name the numbers of hidden layers, such as 1, 2, 3.'
    const wrong = split(this.equalDepths).find((part) => wholeProblem(Number(part), 'Depth', 1, most) !== null)
    return wrong === undefined ? null : `Depths are whole numbers from 1 to ${most}; "${wrong}" is none.`
  }
}

const cellOf = (depth: number, width: number) => `${depth}x${width}`

/** Writes a cell as hidden layers: depth 3 of width 8 as `8x8x8`. */
function hiddenOf(cell: string): string {
  const [depth = '1', width = '1'] = cell.split('x')
  return Array.from({ length: Number(depth) }, () => width).join('x')
}

/** The activation that the layers of a form share; ReLU where there are none. */
const shared = (hidden: readonly Layer[]): ActivationName => hidden[0]?.activation ?? 'relu'

const split = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '')

const numbers = (text: string): number[] => split(text).map(Number)

/** The values of a list; those of weights of classes have commas themselves. */
const partsOf = (setting: Setting, text: string): string[] =>
  hasCommas(setting) ? text.split(';').filter((part) => part.trim() !== '') : split(text)

const writeList = (setting: Setting, values: readonly SettingValue[]): string =>
  values.map(typeValue).join(hasCommas(setting) ? '; ' : ', ')

const hasCommas = (setting: Setting): boolean => !('range' in setting || 'names' in setting)

const valuesIn = (setting: Setting, text: string): SettingValue[] =>
  partsOf(setting, text).map((part) => readValue(setting, part) ?? null)

function listProblem(setting: Setting, text: string): string | null {
  const wrong = partsOf(setting, text).find((part) => readValue(setting, part) === undefined)
  if (wrong === undefined) return null
  return `${setting.label} takes ${describeValues(setting)}, with commas between; "${wrong}" is none.`
}

function wholeProblem(value: number | null, what: string, minimum: number, maximum: number): string | null {
  if (value !== null && Number.isInteger(value) && value >= minimum && value <= maximum) return null
  return `${what} must be a whole number from ${formatCount(minimum)} to ${formatCount(maximum)}.`
}
