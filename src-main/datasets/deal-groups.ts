/**
 * Deals groups of rows, whole, into parts of given shares: for a split and for folds in which the rows of one patient,
 * machine or user never stand on both sides.
 */
import type { Random } from '#engine/random.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { shuffle } from '#lab/datasets/shuffle.ts'

/** Rows that stay together. */
export interface RowGroup {
  readonly rows: number
  /** How many of them are of each class, by its number; one class where classes play no part. */
  readonly classes: ReadonlyMap<number, number>
}

/**
 * Gives the part of each group, by its place among `shares`, which add up to 1; no group goes to a share of 0.
 * The largest groups are dealt first, equal ones in random order; each goes where it brings the counts of rows and of
 * every class nearest to their shares, by the squares of what is missing over what is wanted.
 * Source: the greedy way of StratifiedGroupKFold (scikit-learn), for parts of any share.
 */
export async function dealGroups(
  groups: readonly RowGroup[],
  shares: readonly number[],
  random: Random
): Promise<Uint8Array<ArrayBuffer>> {
  const pause = createPause()
  const order = Uint32Array.from(groups, (_, index) => index)
  await shuffle(order, random, pause)
  const totals = new Map<number, number>()
  const bySize = new Map<number, number[]>()
  let all = 0
  for (const index of order) {
    const { rows, classes } = groups[index] ?? none
    const alike = bySize.get(rows) ?? []
    if (alike.push(index) === 1) bySize.set(rows, alike)
    for (const [name, count] of classes) totals.set(name, (totals.get(name) ?? 0) + count)
    all += rows
    await pause()
  }
  const parts = shares.flatMap((share, place): Part[] =>
    share > 0 ? [{ place, share, rows: 0, classes: new Map() }] : []
  )
  const dealt = new Uint8Array(groups.length)
  for (const size of [...bySize.keys()].sort((a, b) => b - a)) {
    for (const index of bySize.get(size) ?? []) {
      const group = groups[index] ?? none
      const part = cheapest(parts, group, all, totals)
      if (!part) return dealt
      dealt[index] = part.place
      part.rows += group.rows
      for (const [name, rows] of group.classes) part.classes.set(name, (part.classes.get(name) ?? 0) + rows)
      await pause()
    }
  }
  return dealt
}

interface Part {
  readonly place: number
  readonly share: number
  rows: number
  readonly classes: Map<number, number>
}

const none: RowGroup = { rows: 0, classes: new Map() }

/** The part that a group brings nearest to its share; the first of equal ones. */
function cheapest(
  parts: readonly Part[],
  group: RowGroup,
  all: number,
  totals: ReadonlyMap<number, number>
): Part | undefined {
  let [best] = parts
  let least = Infinity
  for (const part of parts) {
    let cost = costOf(part.rows, group.rows, part.share * all)
    for (const [name, rows] of group.classes) {
      cost += costOf(part.classes.get(name) ?? 0, rows, part.share * (totals.get(name) ?? 0))
    }
    if (cost >= least) continue
    least = cost
    best = part
  }
  return best
}

/** By how much (rows - wanted)^2 / wanted grows with some more rows. */
function costOf(rows: number, more: number, wanted: number): number {
  return (more * (2 * (rows - wanted) + more)) / Math.max(wanted, 1)
}
