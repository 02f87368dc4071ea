/**
 * How much of a best validation error is luck: the more topologies are tried against one validation part,
 * the better the best of them looks, even if all are equal.
 */
import { mean } from '#lab/experiments/selection/statistics.ts'

/**
 * Simulates the optimism that trying `tried` equally good topologies explains, in standard errors of one.
 * Method: `rounds` times, draw one standard normal figure per topology, and keep the lowest; the optimism is how far the
 * mean of the lowest lies below 0. `normal` draws standard normal numbers, seeded by the caller.
 * Source: the winner's curse of selecting by validation; Cawley & Talbot 2010, JMLR 11.
 */
export function simulatedOptimism(tried: number, normal: () => number, rounds = 2000): number {
  if (tried < 2) return 0
  const lowest = Array.from({ length: rounds }, () => {
    let least = Number.POSITIVE_INFINITY
    for (let draw = 0; draw < tried; draw++) least = Math.min(least, normal())
    return least
  })
  return -mean(lowest)
}
