/**
 * The suggestion with its price: which topology has the lowest expected error, which is the simplest that is as good in
 * practice, and how sure that is. Pure.
 *
 * Rule: best is the point with the lowest mean error; suggested is the simplest network that is worse by no more than the
 * zone of practical equality, once the luck of having been the lowest is taken off the difference. The lowest of many looks
 * better than it is by its luck (luck.ts), a simpler one that was not picked for its error does not. A topology that is surely
 * worse by more than the zone is never suggested. The zone is a share of the best's error (select_by_pct_loss of R's tune
 * has one of 2 %).
 *
 * Answers: each point is laid beside the best (comparison.ts): as good, worse, or open. Decided means that nothing is open
 * that matters: the suggestion is the best or as good, every simpler point is worse, and all of these have converged. A
 * point whose runs were still learning when they ended may look worse than it is, so nothing is decided over it.
 *
 * Signal: where no network has a lower error than the model that sees no input, nothing is suggested.
 */
import type { Answer } from '#lab/selection/belief.ts'
import { type Comparison, comparePoints, type Help, helpFor, type Judgement } from '#lab/selection/comparison.ts'
import type { ComplexityPoint } from '#lab/selection/complexity.ts'
import { luckOf, type Pick } from '#lab/selection/luck.ts'
import { meanParts } from '#lab/selection/paired-difference.ts'

export const defaultZone = 0.02

export interface SuggestionFacts<Point extends ComplexityPoint = ComplexityPoint> extends Judgement {
  /** The simplest first, as complexityPoints() gives them. */
  readonly points: readonly Point[]
  /** The key of the model that sees no input, where it is among the points. */
  readonly constant: string | null
  /** The share of the best's error that makes no difference in practice. */
  readonly zone: number
  /** Keys of the points whose runs ended while they were still learning. */
  readonly unconverged: ReadonlySet<string>
  /** How many times as many rows judge where folds do; null where folds are no way to more of them. */
  readonly foldFactor: number | null
  /** Whether more is to be known of the rows soon: nothing is decided then. */
  readonly isPending: boolean
  readonly pause?: (() => Promise<void> | undefined) | undefined
}

/** found: some network is surely better than the model that sees no input. none: no network is better at all. */
export type Signal = 'found' | 'open' | 'none' | 'unknown'

export interface Luck {
  /** By how much the lowest mean flatters its topology. */
  readonly mean: number
  /** By how much the lowest single run flatters itself. */
  readonly single: number
}

export interface Suggestion<Point extends ComplexityPoint = ComplexityPoint> {
  /** The network with the lowest mean error. */
  readonly best: Point
  /** Null where no signal was found. */
  readonly suggested: Point | null
  /** In units of the error. */
  readonly zone: number
  readonly luck: Luck
  readonly signal: Signal
  /** Each other point beside the best; those of which nothing can be said are missing. */
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly decided: boolean
  /** What is open or unconverged and matters, with the best and the suggestion; empty where decided. */
  readonly contested: readonly Point[]
  /** Contested or simpler points that have not converged. */
  readonly unconverged: readonly Point[]
  /** What would tell the most telling open comparison; null where none is open. */
  readonly help: { readonly point: Point; readonly other: Point; readonly help: Help } | null
}

/** What makes five seeds of one: the least that tells a spread. */
export const firstExtraSeeds = 4

/** Chooses among the points; null where there is no network. */
export async function suggest<Point extends ComplexityPoint>(
  facts: SuggestionFacts<Point>
): Promise<Suggestion<Point> | null> {
  const { points, constant, unconverged } = facts
  const networks = points.filter(({ key }) => key !== constant)
  const repeated = networks.filter(({ repeats }) => repeats > 1)
  const candidates = repeated.length > 0 ? repeated : networks
  const best = lowestOf(candidates)
  if (!best) return null
  const zone = facts.zone * best.validation.mean
  const luck = await luckAmong(candidates, facts)
  await facts.pause?.()
  const comparisons = new Map<string, Comparison>()
  for (const point of points) {
    const found = point === best ? null : comparePoints(point, best, facts, zone)
    if (found) comparisons.set(point.key, found)
    await facts.pause?.()
  }
  const answerFor = (point: Point): Answer =>
    point === best ? 'as_good' : (comparisons.get(point.key)?.answer ?? 'open')
  const without = points.find(({ key }) => key === constant)
  const signal = without ? signalBeside(without, best, comparisons.get(without.key) ?? null, zone) : 'unknown'
  const isNear = (point: Point) => point.validation.mean - best.validation.mean - luck.mean <= zone
  const first = candidates.find((point) => point === best || (isNear(point) && answerFor(point) !== 'worse')) ?? best
  const suggested = signal === 'none' ? null : first
  const simpler = points.slice(0, points.indexOf(first))
  const lucky = points.filter(
    (point) => point.repeats < 2 && best.repeats > 1 && point.validation.mean < best.validation.mean
  )
  const open = [...new Set([...simpler, first, ...lucky])].filter((point) => answerFor(point) === 'open')
  const slow = networks.filter(
    (point) =>
      unconverged.has(point.key) &&
      (point === best || point === first || simpler.includes(point) || open.includes(point))
  )
  const isSettled = open.length === 0 && slow.length === 0 && best.repeats > 1 && networks.length > 1
  const decided = isSettled && !facts.isPending && signal !== 'none'
  const matters = new Set([best, first, ...open, ...slow])
  return {
    best,
    suggested,
    zone,
    luck,
    signal,
    comparisons,
    decided,
    contested: decided ? [] : points.filter((point) => matters.has(point)),
    unconverged: slow,
    help: helpAmong(open, { best, first, comparisons, zone, foldFactor: facts.foldFactor })
  }
}

const lowestOf = <Point extends ComplexityPoint>(points: readonly Point[]): Point | null =>
  points.reduce<Point | null>(
    (lowest, point) => (lowest === null || point.validation.mean < lowest.validation.mean ? point : lowest),
    null
  )

/** The luck of the lowest mean, and of the lowest run; 0 where nothing is known row by row. */
async function luckAmong(candidates: readonly ComplexityPoint[], { rows, pause }: SuggestionFacts): Promise<Luck> {
  if (!rows) return { mean: 0, single: 0 }
  const known = candidates.flatMap(({ key, validation }) => {
    const seeds = rows.points.get(key)
    return seeds && seeds.size > 0 ? [{ seeds, error: validation.mean }] : []
  })
  const options = { rows: rows.rows, pause }
  const means = known.map(({ seeds, error }): Pick => {
    const kept = [...seeds.values()][0]?.parts.length ?? 0
    return { error, parts: meanParts(seeds, kept) }
  })
  const single = known.flatMap(({ seeds }): Pick[] => [...seeds.values()])
  return { mean: await luckOf(means, options), single: await luckOf(single, options) }
}

/** Whether the inputs tell anything of the target: the model that sees none, beside the best network. */
export function signalBeside(
  constant: ComplexityPoint,
  best: ComplexityPoint,
  beside: Comparison | null,
  zone: number
): Signal {
  if (constant.validation.mean <= best.validation.mean) return 'none'
  if (!beside) return 'unknown'
  if (beside.high <= zone) return 'none'
  return beside.low > 0 ? 'found' : 'open'
}

interface HelpFacts<Point> {
  readonly best: Point
  readonly first: Point
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly zone: number
  readonly foldFactor: number | null
}

/** The suggestion beside the best where that is open, else the open point with the lowest error. */
function helpAmong<Point extends ComplexityPoint>(
  open: readonly Point[],
  { best, first, comparisons, zone, foldFactor }: HelpFacts<Point>
): Suggestion<Point>['help'] {
  const point = open.includes(first) ? first : lowestOf(open)
  if (!point) return null
  const comparison = comparisons.get(point.key)
  const help: Help = comparison
    ? helpFor(comparison, zone, foldFactor)
    : { by: 'seeds', seeds: firstExtraSeeds, factor: 1 }
  return { point, other: best, help }
}
