/** A sweep's space as the points it consists of: hidden layers and a plan each. Pure; knows no seeds and no runs. */
import type { ActivationName } from '#engine/network/activations.ts'
import { type Layer, outputLayer, parameterCount, type Topology, topologyLimits } from '#engine/network/topology.ts'
import { parseHidden } from '#engine/network/topology-text.ts'
import { Random } from '#engine/random.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { checkValues, layerSettingOf, variedLayers, variedPlans } from '#engine/training/varied.ts'
import { LabError } from '#contract/errors.ts'
import { formatCount } from '#words/numbers.ts'
import { mostSweepRuns, type SweepSettings, type SweepSpace } from '#contract/sweeps.ts'
import { networkKey } from '#trials/trials.ts'

/** One thing to try; every seed of the sweep trains it once. */
export interface SweepPoint {
  readonly topology: Topology
  readonly plan: TrainingPlan
}

export interface SweepPlan {
  readonly points: readonly SweepPoint[]
  /** Points of the space that strategy or budget leave out. */
  readonly leftOut: number
}

/**
 * Expands the settings of a sweep into its points, each once, in the order of the space.
 * A budget in runs keeps whole points, all seeds each: where it does not reach, points are drawn at random.
 * `complete` makes hidden layers a whole topology.
 * Errors: LabError 'bad_settings' for a topology that can't be read, an empty space, more than mostSweepRuns runs, or a
 * budget below one point.
 */
export function planSweep(settings: SweepSettings, complete: (hidden: readonly Layer[]) => Topology): SweepPlan {
  const { space, plan, seeds, shares, folds, strategy, budget, baseline } = settings
  if (shares.length > 0 && folds !== null) {
    const message =
      'A learning curve is over shares of the one training part: take shares of the rows or folds, not both.'
    throw new LabError('bad_settings', message, { field: 'folds' })
  }
  if (shares.length > 0 && strategy.name === 'halving') {
    const message = 'Successive halving ranks points by loss, which is unfair between shares of the rows: take a grid.'
    throw new LabError('bad_settings', message, { field: 'strategy' })
  }
  expectCountable(settings)
  const { hiddenLayers, plans } = readable(() => ({
    hiddenLayers: [
      ...(baseline ? [[]] : []),
      ...hiddenLayersOf(space, complete).flatMap((hidden) => variedLayers(hidden, space.vary)),
      ...space.layers
    ],
    plans: variedPlans(plan, space.vary)
  }))
  const all = distinct(
    hiddenLayers.flatMap((hidden) => plans.map((each) => ({ topology: complete(hidden), plan: each })))
  )
  if (all.length === 0) throw badSpace('The sweep has nothing to try: name topologies, or depths and widths.')
  const runsAPoint = seeds.length * Math.max(1, shares.length) * (folds ?? 1)
  const affordable = budget.runs === null ? all.length : Math.floor(budget.runs / runsAPoint)
  if (affordable < 1) {
    const rows = shares.length > 0 ? ` on ${shares.length} shares of the rows` : folds ? ` on ${folds} folds` : ''
    const message = `A budget of ${budget.runs} runs is less than one topology with its ${seeds.length} seeds${rows}.`
    throw new LabError('bad_settings', message, { field: 'budget.runs' })
  }
  const wanted = Math.min(affordable, strategy.name === 'random' ? strategy.points : all.length)
  if (Math.min(wanted, all.length) * runsAPoint > mostSweepRuns) {
    throw badSpace(
      `The sweep would be ${Math.min(wanted, all.length) * runsAPoint} runs; the limit is ${mostSweepRuns}. ` +
        'Try fewer topologies or seeds, or set a budget.'
    )
  }
  const points = wanted < all.length ? draw(all, wanted, strategy.name === 'random' ? strategy.seed : 1) : all
  return { points, leftOut: all.length - points.length }
}

/** Refuses a space by counting its points: to build a hundred thousand of them would take the lab many seconds. */
function expectCountable({ space, baseline }: SweepSettings): void {
  const { hidden, layers, grid, equalParameters, vary } = space
  const byKind = Map.groupBy(vary, ({ path }) => layerSettingOf(path) !== undefined)
  const combinations = (ofLayers: boolean) =>
    (byKind.get(ofLayers) ?? []).reduce((product, { values }) => product * values.length, 1)
  const named =
    hidden.length + (grid ? grid.depths.length * grid.widths.length : 0) + (equalParameters?.depths.length ?? 0)
  const topologies = (baseline ? 1 : 0) + named * combinations(true) + layers.length
  const points = topologies * combinations(false)
  if (points <= mostSweepRuns) return
  throw badSpace(
    `The space has ${formatCount(points)} points; the limit is ${formatCount(mostSweepRuns)}. Take fewer depths, widths or values of a setting.`
  )
}

function hiddenLayersOf(space: SweepSpace, complete: (hidden: readonly Layer[]) => Topology): Layer[][] {
  const bare = complete([])
  const shape = { inputs: bare.inputs, outputs: outputLayer(bare).units }
  return activationsOf(space).flatMap((activation) => [
    ...space.hidden.map((text) => parseHidden(text, shape, activation)),
    ...(space.grid?.depths ?? []).flatMap((depth) =>
      (space.grid?.widths ?? []).map((width) => evenLayers(depth, width, activation))
    ),
    ...(space.equalParameters?.depths ?? []).map((depth) =>
      evenLayers(
        depth,
        widthFor(space.equalParameters?.parameters ?? 1, (width) =>
          parameterCount(complete(evenLayers(depth, width, activation)))
        ),
        activation
      )
    )
  ])
}

/** What layers that name no activation get in turn. */
function activationsOf({ activation, vary }: SweepSpace): readonly ActivationName[] {
  const varied = vary.find(({ path }) => path === 'hidden.activation')
  if (!varied) return [activation]
  checkValues(varied)
  return varied.values as ActivationName[]
}

/** What can't be read of a space is a wrong setting, in the engine's words. */
function readable<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw badSpace(error.message)
    throw error
  }
}

function evenLayers(depth: number, width: number, activation: ActivationName): Layer[] {
  return Array.from({ length: depth }, () => ({ units: width, activation }))
}

/** The width whose count of parameters comes closest to the wanted one; the count grows with the width. */
function widthFor(wanted: number, count: (width: number) => number): number {
  let low = 1
  let high: number = topologyLimits.units
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (count(middle) < wanted) low = middle + 1
    else high = middle
  }
  return low > 1 && wanted - count(low - 1) <= count(low) - wanted ? low - 1 : low
}

function distinct(points: readonly SweepPoint[]): SweepPoint[] {
  return [...new Map(points.map((point) => [networkKey({ ...point, data: { kind: 'whole' } }), point])).values()]
}

/** Draws without replacement, and leaves the drawn in their order. */
function draw(points: readonly SweepPoint[], count: number, seed: number): SweepPoint[] {
  const order = Uint32Array.from(points, (_, index) => index)
  new Random(seed).shuffle(order)
  return [...order.subarray(0, count)].sort((a, b) => a - b).flatMap((index) => points[index] ?? [])
}

function badSpace(message: string): LabError {
  return new LabError('bad_settings', message, { field: 'space' })
}
