/**
 * The trials that a person asks for in the chart: what lies between two points, past an end, in an empty cell, or
 * further seeds of points. Each becomes a sweep with the seeds and plan of the points beside it. Pure.
 */
import { hiddenLayers, type Layer, type Topology } from '#engine/network/topology.ts'
import { formatHidden, topologyLimits } from '#engine/network/topology.ts'
import type { Run } from '#contract/runs.ts'
import type { ComplexityPoint } from '#contract/selection.ts'
import type { SweepRequest } from '#renderer/state/forecast.svelte.ts'
import { isToEnd } from '#trials/run-status.ts'
import { nameTopology } from '#words/topologies.ts'

/** Trials that are planned but not started. */
export interface FurtherTrials {
  /** What they are, such as `4 topologies between 16 and 32`. */
  readonly title: string
  readonly requests: readonly SweepRequest[]
}

/** A point with one of its runs, which has the layers and the plan in full. */
export interface PlannedPoint {
  readonly point: ComplexityPoint
  readonly run: Pick<Run, 'experimentId' | 'plan'> & { readonly topology: Topology; readonly data?: Run['data'] }
  /** Those it has a result of, and those that are on their way to one; ascending. */
  readonly seeds: readonly number[]
}

/** As many topologies fill one gap, or go past an end, at most. */
export const mostAtOnce = 4

export const hiddenOf = ({ topology }: { readonly topology: Topology }): readonly Layer[] => hiddenLayers(topology)

/**
 * The seeds of a point, whose runs may have ended since it was computed or be still under way.
 * @param alike the runs that differ from those of the point in nothing but the seed or the fold
 */
export function seedsInSight(point: ComplexityPoint, alike: readonly Pick<Run, 'seed' | 'status'>[]): number[] {
  const promising = alike.filter((run) => run.status === 'done' || isToEnd(run))
  return ascending([...point.trials, ...promising].map(({ seed }) => seed))
}

const ascending = (seeds: readonly number[]): number[] => [...new Set(seeds)].sort((a, b) => a - b)

/**
 * The hidden layers between two of the same depth, evenly spaced on a log scale of units; between two depths, the
 * depths between. Empty where there is no room.
 */
export function layersBetween(from: readonly Layer[], to: readonly Layer[]): Layer[][] {
  if (from.length !== to.length) return depthsBetween(from, to)
  const steps = Array.from({ length: mostAtOnce }, (_, index) => (index + 1) / (mostAtOnce + 1))
  const layers = steps.map((share) =>
    from.map((layer, index) => ({
      ...layer,
      units: Math.round(layer.units * ((to[index]?.units ?? layer.units) / layer.units) ** share)
    }))
  )
  return distinct(layers, [from, to])
}

/** The next hidden layers past one: the width doubled or halved each time, or a layer more or fewer. */
export function layersBeyond(end: readonly Layer[], direction: 'up' | 'down', byDepth: boolean, count = 1): Layer[][] {
  const found: Layer[][] = []
  let current = end
  while (found.length < Math.min(count, mostAtOnce)) {
    const next = byDepth ? deeper(current, direction) : wider(current, direction)
    if (next === null) break
    found.push(next)
    current = next
  }
  return direction === 'down' ? found.reverse() : found
}

/** A sweep of these layers with the plan of a run, judged as that was, each with these seeds. */
export function requestFor(
  run: PlannedPoint['run'],
  layers: readonly (readonly Layer[])[],
  seeds: readonly number[]
): SweepRequest {
  return {
    experimentId: run.experimentId,
    space: { layers: layers.map((hidden) => [...hidden]) },
    plan: run.plan,
    seeds: [...seeds],
    folds: run.data?.kind === 'fold' ? run.data.of : null,
    baseline: false
  }
}

/** Shares of the training part about evenly spaced on a log scale. */
const learningShares = [0.1, 0.2, 0.4, 0.7, 1]
const learningSeeds = [1, 2, 3]

/** The trials of a learning curve: one topology on nested shares of the training rows. */
export function sharesFor(run: PlannedPoint['run'], topology: string): FurtherTrials {
  const request = { ...requestFor(run, [hiddenOf(run)], learningSeeds), shares: learningShares }
  const shares = learningShares.map((share) => share * 100).join(', ')
  return {
    title: `${topology}, as at the left, on ${shares} % of the training rows with ${learningSeeds.length} seeds each:`,
    requests: [request]
  }
}

/** The trials that fill the gap between two points; null where there is no room. */
export function fillGap(from: PlannedPoint, to: PlannedPoint): FurtherTrials | null {
  const layers = layersBetween(hiddenOf(from.run), hiddenOf(to.run))
  if (layers.length === 0) return null
  const what = layers.length === 1 ? '1 topology' : `${layers.length} topologies`
  return {
    title: `${what} between ${nameTopology(from.point)} and ${nameTopology(to.point)}: ${layers.map(formatHidden).join(', ')}`,
    requests: [requestFor(from.run, layers, ascending([...from.seeds, ...to.seeds]))]
  }
}

/** The trials past the end of a line; null where it can't go on. */
export function goBeyond(
  end: PlannedPoint,
  direction: 'up' | 'down',
  byDepth: boolean,
  count: number
): FurtherTrials | null {
  const layers = layersBeyond(hiddenOf(end.run), direction, byDepth, count)
  if (layers.length === 0) return null
  const side = direction === 'up' ? 'past' : 'below'
  return {
    title: `${layers.map(formatHidden).join(', ')}, ${side} ${nameTopology(end.point)}`,
    requests: [requestFor(end.run, layers, end.seeds)]
  }
}

/**
 * Further seeds for points, so that each two share as many as are wanted: first those that some have and others lack,
 * then new ones. Points with the same plan and the same missing seeds become one sweep.
 */
export function furtherSeeds(points: readonly PlannedPoint[], extra: number): FurtherTrials | null {
  const known = ascending(points.flatMap(({ seeds }) => seeds))
  const shared = known.filter((seed) => points.every(({ seeds }) => seeds.includes(seed)))
  const target = [...known]
  while (target.length < shared.length + extra) target.push((target.at(-1) ?? 0) + 1)
  const missing = points
    .map((each) => ({ ...each, seeds: target.filter((seed) => !each.seeds.includes(seed)) }))
    .filter(({ seeds }) => seeds.length > 0)
  if (missing.length === 0) return null
  const groups = Map.groupBy(missing, ({ run, seeds }) => JSON.stringify([run.plan, seeds]))
  const requests = [...groups.values()].flatMap((members) => {
    const [first] = members
    return first
      ? [
          requestFor(
            first.run,
            members.map(({ run }) => hiddenOf(run)),
            first.seeds
          )
        ]
      : []
  })
  return { title: `further seeds for ${points.map(({ point }) => nameTopology(point)).join(', ')}`, requests }
}

function wider(layers: readonly Layer[], direction: 'up' | 'down'): Layer[] | null {
  const factor = direction === 'up' ? 2 : 0.5
  const next = layers.map((layer) => ({ ...layer, units: Math.max(1, Math.round(layer.units * factor)) }))
  const isSame = next.every(({ units }, index) => units === layers[index]?.units)
  return isSame || next.some(({ units }) => units > topologyLimits.units) ? null : next
}

function deeper(layers: readonly Layer[], direction: 'up' | 'down'): Layer[] | null {
  const last = layers.at(-1)
  if (!last) return null
  if (direction === 'down') return layers.length > 1 ? layers.slice(0, -1) : null
  return layers.length < topologyLimits.layers - 1 ? [...layers, last] : null
}

function depthsBetween(from: readonly Layer[], to: readonly Layer[]): Layer[][] {
  const layer = from.at(-1)
  if (!layer) return []
  const count = Math.min(mostAtOnce, to.length - from.length - 1)
  return Array.from({ length: Math.max(0, count) }, (_, index) => [
    ...from,
    ...Array.from({ length: index + 1 }, () => layer)
  ])
}

function distinct(layers: readonly Layer[][], known: readonly (readonly Layer[])[]): Layer[][] {
  const seen = new Set(known.map(formatHidden))
  return layers.filter((hidden) => {
    const text = formatHidden(hidden)
    return !seen.has(text) && seen.add(text)
  })
}
