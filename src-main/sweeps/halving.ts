/**
 * Successive halving: all points begin with few epochs; at each rung the best share of them goes on to more.
 * Source: Jamieson & Talwalkar 2016, "Non-stochastic best arm identification", AISTATS.
 */
import { mean } from '#trials/statistics.ts'

/** How points are given up. */
export interface Halving {
  readonly factor: number
  /** So many epochs for all, then the best 1/factor train to the end. */
  readonly firstEpochs?: number | undefined
}

/**
 * The epochs at which each rung ends, the last one the whole plan.
 * Each rung keeps 1/factor of the points and gives them factor times the epochs, until no more than factor are left. The
 * first rungs are short, so that slow learners are given up before they show what they come to: with firstEpochs there is
 * one decision alone, after as many epochs as a person thinks fair.
 */
export function rungEpochs(points: number, epochs: number, { factor, firstEpochs }: Halving): number[] {
  if (firstEpochs !== undefined) return firstEpochs < epochs && points > 1 ? [firstEpochs, epochs] : [epochs]
  const rungs = [epochs]
  for (let left = points; left > factor && (rungs[0] ?? 1) > 1; left = Math.ceil(left / factor)) {
    rungs.unshift(Math.ceil((rungs[0] ?? 1) / factor))
  }
  return rungs
}

/** A point's scores over its seeds at the end of a rung; lower is better, and no finite score is worst. */
export interface RungScores {
  readonly point: number
  readonly scores: readonly number[]
}

/** Chooses the points that go on: 1/factor of them, at least one; of equal ones those that come first. */
export function keepBest(points: readonly RungScores[], factor: number): number[] {
  const ranked = points
    .map(({ point, scores }) => ({
      point,
      score: scores.length > 0 && scores.every(Number.isFinite) ? mean(scores) : Infinity
    }))
    .sort((a, b) => (a.score === b.score ? a.point - b.point : a.score - b.score))
  return ranked
    .slice(0, Math.max(1, Math.ceil(points.length / factor)))
    .map(({ point }) => point)
    .sort((a, b) => a - b)
}
