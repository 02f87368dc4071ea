/**
 * How much of a lowest validation error is luck: the more is tried on the same rows, the better the best of it looks, even
 * if all are equally good. Pure.
 */
import { Random } from '#engine/random.ts'

/** Something that could be picked: a topology with the mean of its seeds, or a single run. */
export interface Pick {
  /** On all rows. */
  readonly error: number
  /** Shapes: what each kept row adds to it, as RowResult has it; one order for all. */
  readonly parts: Float32Array | Float64Array
}

export interface LuckOptions {
  /** Rows of the whole part, of which the kept ones are a sample. */
  readonly rows: number
  /** Called now and then in long work. */
  readonly pause?: (() => Promise<void> | undefined) | undefined
}

/** Rounds at most, and multiplications at most: about 60 ms of work. */
const mostRounds = 500
const mostWork = 60e6
const leastRounds = 50

/** What lies so many errors of its difference above the lowest is never picked. */
const outOfReach = 5

/**
 * Estimates by how much the lowest error flatters what was picked for it.
 * Method: bootstrap bias correction (BBC-CV): rows are drawn with replacement; the lowest error on the drawn rows is picked,
 * and judged on the rows that were not drawn. The mean over the rounds is what picking by the lowest error comes to; the
 * luck is how far it lies above the lowest error on all rows. Where only a sample of the rows is kept, deviations are
 * shrunk to those that all rows would have. Never below 0. Seeded: the same picks give the same luck.
 * Source: Tsamardinos, Greasidou & Borboudakis 2018, Machine Learning 107, algorithm 3.
 * Units: those of the errors; 0 for fewer than two picks.
 */
export async function luckOf(picks: readonly Pick[], { rows, pause }: LuckOptions): Promise<number> {
  const able = withinReach(picks, rows)
  const lowest = Math.min(...able.map(({ error }) => error))
  const kept = able[0]?.parts.length ?? 0
  if (able.length < 2 || kept < 2) return 0
  const rounds = Math.min(mostRounds, Math.max(leastRounds, Math.floor(mostWork / (able.length * kept))))
  const draws = drawRounds(kept, rounds)
  const shrink = Math.sqrt(kept / rows)
  // The lowest so far of each round, on the drawn rows, and what the same pick comes to on the others.
  const drawn = new Float64Array(rounds).fill(Infinity)
  const judged = new Float64Array(rounds)
  for (const { error, parts } of able) {
    const centre = meanOf(parts)
    for (let round = 0; round < rounds; round++) {
      const { counts, left, leftCount } = draws[round] ?? noDraw
      let inside = 0
      let outside = 0
      for (let row = 0; row < kept; row++) {
        const part = parts[row] ?? 0
        inside += (counts[row] ?? 0) * part
        outside += (left[row] ?? 0) * part
      }
      const own = error + shrink * (inside / kept - centre)
      if (own >= (drawn[round] ?? Infinity)) continue
      drawn[round] = own
      judged[round] = error + shrink * (outside / leftCount - centre)
    }
    await pause?.()
  }
  return Math.max(0, meanOf(judged) - lowest)
}

interface Draw {
  /** How often each row was drawn, and 1 for those that were not. */
  readonly counts: Float64Array
  readonly left: Float64Array
  readonly leftCount: number
}

const noDraw: Draw = { counts: new Float64Array(), left: new Float64Array(), leftCount: 1 }

/** Draws so many rows with replacement, round by round; a round that leaves none out is drawn again. */
function drawRounds(kept: number, rounds: number): Draw[] {
  const random = new Random(1)
  const draws: Draw[] = []
  while (draws.length < rounds) {
    const counts = new Float64Array(kept)
    for (let draw = 0; draw < kept; draw++) {
      const row = random.below(kept)
      counts[row] = (counts[row] ?? 0) + 1
    }
    const left = counts.map((count) => Number(count === 0))
    const leftCount = left.reduce((sum, one) => sum + one, 0)
    if (leftCount > 0) draws.push({ counts, left, leftCount })
  }
  return draws
}

/** Leaves out what lies so far above the lowest that no draw of rows would pick it. */
function withinReach(picks: readonly Pick[], rows: number): Pick[] {
  const lowest = picks.reduce<Pick | null>((low, pick) => (low === null || pick.error < low.error ? pick : low), null)
  if (!lowest) return []
  return picks.filter((pick) => {
    const differences = Float64Array.from(pick.parts, (part, row) => part - (lowest.parts[row] ?? 0))
    const centre = meanOf(differences)
    const spread = Math.sqrt(meanOf(differences.map((value) => (value - centre) ** 2)) / rows)
    return pick.error - lowest.error <= outOfReach * spread
  })
}

const meanOf = (values: Float32Array | Float64Array) => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
