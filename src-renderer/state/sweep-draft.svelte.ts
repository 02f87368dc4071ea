/**
 * The sweep that a person is planning: what becomes a list, with which seeds, by which strategy and budget. Everything
 * that is no list is taken from the topology and plan of the form. Sentences of what is wrong belong to a field each.
 */
import { type ActivationName, hiddenActivationNames } from '#engine/network/activations.ts'
import { layerSettings } from '#engine/network/layer-settings.ts'
import { type Layer, topologyLimits } from '#engine/network/topology.ts'
import { readTemplate, sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { describeValues, readValue, type Setting } from '#engine/setting.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { settings } from '#engine/training/settings.ts'
import { type ScheduleName, scheduleNames, schedules } from '#engine/training/schedules.ts'
import { foldLimits } from '#contract/runs.ts'
import { mostSweepRuns, type SweepSettings } from '#contract/sweeps.ts'
import type { SweepRequest } from '#renderer/state/forecast.svelte.ts'
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
    help: 'Starts all, and only the best share goes on to more epochs: for many, when bad ones show early. Stopped runs count as unfinished.'
  }
}

const presets = {
  sizes: { depths: [1], widths: [1, 2, 4, 8, 16, 32, 64, 128] },
  map: { depths: [1, 2, 3], widths: [4, 8, 16, 32, 64, 128, 256] }
}

/** Seeds a point: five tell the luck of one. Folds tell their own, so one seed each is enough to begin with. */
const usualSeeds = { part: 5, folds: 1 } as const

/** What judges every epoch: the validation part of the experiment, or folds. */
export type Validation = keyof typeof usualSeeds

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
  activations = $state.raw<ReadonlySet<ActivationName>>(new Set())
  learningRates = $state('')
  batchSizes = $state('')
  l2 = $state('')
  dropout = $state('')
  schedules = $state.raw<ReadonlySet<ScheduleName>>(new Set())
  firstSeed = $state<Entry>(1)
  seedCount = $state<Entry>(usualSeeds.part)
  validation = $state<Validation>('part')
  folds = $state<Entry>(5)
  /** Why the lab would not take the sweep, and at which field. */
  refusal = $state.raw<{ readonly field: string | null; readonly message: string } | null>(null)
  strategy = $state<StrategyName>('grid')
  points = $state<Entry>(20)
  factor = $state<Entry>(3)
  budgetRuns = $state<Entry>(null)
  budgetMinutes = $state<Entry>(null)
  baseline = $state(true)

  constructor() {
    this.choosePreset('sizes')
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

  toggleActivation(name: ActivationName): void {
    this.activations = toggled(this.activations, name)
  }

  toggleSchedule(name: ScheduleName): void {
    this.schedules = toggled(this.schedules, name)
  }

  /** The number of seeds follows where nobody has set another. */
  chooseValidation(next: Validation): void {
    if (this.seedCount === usualSeeds[this.validation]) this.seedCount = usualSeeds[next]
    this.validation = next
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
    const lists = [this.learningRates, this.batchSizes, this.l2, this.dropout].map((text) => split(text).length)
    return [...lists, this.activations.size, this.schedules.size].some((count) => count > 1)
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
      ['learningRates', listProblem(settings['optimizer.learningRate'], this.learningRates)],
      ['batchSizes', listProblem(settings.batchSize, this.batchSizes)],
      ['l2', listProblem(settings['regularisation.l2'], this.l2)],
      ['dropout', listProblem(layerSettings.dropout, this.dropout)],
      ['firstSeed', wholeProblem(this.firstSeed, 'Seed', 0, 2 ** 31 - 1)],
      ['seedCount', wholeProblem(this.seedCount, 'Seeds', 1, 1000)],
      [
        'folds',
        this.validation === 'folds' ? wholeProblem(this.folds, 'Folds', foldLimits.minimum, foldLimits.maximum) : null
      ],
      ['points', this.strategy === 'random' ? wholeProblem(this.points, 'Points', 1, mostSweepRuns) : null],
      ['factor', this.strategy === 'halving' ? wholeProblem(this.factor, 'Keep one of', 2, 10) : null],
      ['budgetRuns', this.budgetRuns === null ? null : wholeProblem(this.budgetRuns, 'Runs', 1, 1e6)],
      ['budgetMinutes', this.budgetMinutes === null || this.budgetMinutes > 0 ? null : 'Minutes must be above 0.']
    ]
    return new Map(found.filter((entry): entry is [string, string] => entry[1] !== null))
  }

  /** The sweep as the contract takes it, for a draft without problems. */
  settings({ experimentId, hidden, plan }: SweepBase): SweepRequest {
    const dropout = numbers(this.dropout)
    // A topology that nothing varies is the form's own, sizes and activations as they are.
    const isKept = !this.hasSizes && this.activations.size === 0 && dropout.length === 0
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
        activations: this.activations.size > 0 ? ordered(this.activations, hiddenActivationNames) : [shared(hidden)],
        learningRates: numbers(this.learningRates),
        batchSizes: split(this.batchSizes).map((part) => (part === 'full' ? part : Number(part))),
        l2: numbers(this.l2),
        dropout,
        schedules: ordered(this.schedules, scheduleNames).map((name) =>
          plan.schedule?.name === name ? plan.schedule : schedules[name].defaults
        )
      },
      plan,
      seeds: this.seeds,
      folds: this.validation === 'folds' ? this.folds : null,
      strategy: this.#strategy(),
      budget: { runs: this.budgetRuns, minutes: this.budgetMinutes },
      baseline: this.baseline
    }
  }

  /** Takes up the settings of an earlier sweep; what the form has no field for is left out. */
  adopt({ space, seeds, folds, strategy, budget, baseline }: SweepSettings): void {
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
    this.activations = new Set(space.activations)
    this.learningRates = space.learningRates.join(', ')
    this.batchSizes = space.batchSizes.join(', ')
    this.l2 = space.l2.join(', ')
    this.dropout = space.dropout.join(', ')
    this.schedules = new Set(space.schedules.map(({ name }) => name))
    this.firstSeed = seeds[0] ?? 1
    this.seedCount = seeds.length
    this.validation = folds === null ? 'part' : 'folds'
    if (folds !== null) this.folds = folds
    this.strategy = strategy.name
    if (strategy.name === 'random') this.points = strategy.points
    if (strategy.name === 'halving') this.factor = strategy.factor
    this.budgetRuns = budget.runs
    this.budgetMinutes = budget.minutes
    this.baseline = baseline
  }

  #strategy(): SweepRequest['strategy'] {
    if (this.strategy === 'random') return { name: 'random', points: this.points ?? 1 }
    return this.strategy === 'halving' ? { name: 'halving', factor: this.factor ?? 3 } : { name: 'grid' }
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

function toggled<Item>(items: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(items)
  if (!next.delete(item)) next.add(item)
  return next
}

const ordered = <Item>(items: ReadonlySet<Item>, order: readonly Item[]): Item[] =>
  order.filter((item) => items.has(item))

const split = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '')

const numbers = (text: string): number[] => split(text).map(Number)

function listProblem(setting: Setting, text: string): string | null {
  const wrong = split(text).find((part) => readValue(setting, part) === undefined)
  if (wrong === undefined) return null
  return `${setting.label} takes ${describeValues(setting)}, with commas between; "${wrong}" is none.`
}

function wholeProblem(value: number | null, what: string, minimum: number, maximum: number): string | null {
  if (value !== null && Number.isInteger(value) && value >= minimum && value <= maximum) return null
  return `${what} must be a whole number from ${formatCount(minimum)} to ${formatCount(maximum)}.`
}
