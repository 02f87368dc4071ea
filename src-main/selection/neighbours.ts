/** A topology beside those of the neighbouring sizes: what a verdict on its runs rests on. Pure. */
import { answerOf } from '#lab/selection/belief.ts'
import { type Comparison, comparePoints, type Judgement } from '#lab/selection/comparison.ts'
import type { ComplexityPoint } from '#lab/selection/complexity.ts'
import { signalBeside, type Signal } from '#lab/selection/suggestion.ts'
import { nameTopology } from '#words/topologies.ts'

/** Sizes on either side that are looked at. */
export const neighbourCount = 4

export interface Neighbour {
  readonly name: string
  readonly parameters: number
  /** How much worse it is than the topology asked about. */
  readonly comparison: Comparison
}

export interface Neighbours {
  readonly name: string
  readonly parameters: number
  /** Whether a network is better than the model that sees no input: the best of those looked at. */
  readonly signal: Signal
  /** The name of the model that sees no input, and whether the topology itself is surely better. */
  readonly constant: { readonly name: string; readonly isBeaten: boolean } | null
  /** The simplest of the smaller ones that is as good in practice, or better. */
  readonly asGood: Neighbour | null
  /** A smaller one that is surely better by more than the zone. */
  readonly smallerBetter: Neighbour | null
  /** A larger one that is surely better by more than the zone. */
  readonly largerBetter: Neighbour | null
}

/** The points whose rows are needed: so many smaller and larger ones, and the one with the lowest error. */
export function pointsNear<Point extends ComplexityPoint>(own: Point, networks: readonly Point[]): Point[] {
  const at = networks.indexOf(own)
  const lowest = networks.reduce((low, point) => (point.validation.mean < low.validation.mean ? point : low), own)
  const near = networks.slice(Math.max(0, at - neighbourCount), at + neighbourCount + 1)
  return networks.filter((point) => near.includes(point) || point === lowest)
}

/**
 * Lays the neighbours beside a topology; `networks` are sorted by complexity, the simplest first. The zone is a share of
 * the lowest error among them.
 */
export function neighboursOf(
  own: ComplexityPoint,
  networks: readonly ComplexityPoint[],
  constant: ComplexityPoint | null,
  { zone, ...judgement }: Judgement & { readonly zone: number }
): Neighbours {
  const lowest = networks.reduce((low, point) => (point.validation.mean < low.validation.mean ? point : low), own)
  const width = zone * lowest.validation.mean
  const beside = (point: ComplexityPoint): Neighbour[] => {
    const comparison = point === own ? null : comparePoints(point, own, judgement, width)
    return comparison ? [{ name: nameTopology(point), parameters: point.parameters, comparison }] : []
  }
  const smaller = networks.filter(({ parameters }) => parameters < own.parameters).flatMap(beside)
  const larger = networks.filter(({ parameters }) => parameters > own.parameters).flatMap(beside)
  const constantBeside = constant && comparePoints(constant, own, judgement, width)
  const best = constant && comparePoints(constant, lowest, judgement, width)
  return {
    name: nameTopology(own),
    parameters: own.parameters,
    signal: constant ? signalBeside(constant, lowest, best, width) : 'unknown',
    constant: constantBeside && { name: nameTopology(constant), isBeaten: constantBeside.low > 0 },
    asGood: smaller.find(({ comparison }) => comparison.answer === 'as_good') ?? null,
    smallerBetter: lowestOf(smaller.filter(({ comparison }) => isBetter(comparison, width))),
    largerBetter: lowestOf(larger.filter(({ comparison }) => isBetter(comparison, width)))
  }
}

/** Surely better by more than the zone: seen from there, the topology is worse. */
const isBetter = (comparison: Comparison, zone: number) =>
  answerOf({ ...comparison, centre: -comparison.centre }, zone) === 'worse'

const lowestOf = (neighbours: readonly Neighbour[]) =>
  neighbours.toSorted((a, b) => a.comparison.centre - b.comparison.centre)[0] ?? null
