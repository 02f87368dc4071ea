/**
 * How much worse one topology is than another, judged on the same rows: what a row is harder than another, both share,
 * and it cancels. That is 95 % of the noise of a single figure. Pure.
 */
import type { Belief } from '#lab/selection/belief.ts'
import type { RowResult } from '#lab/selection/row-results.ts'

/** A belief with what its variance is made of; `rows + seeds` is the square of its error. */
export interface PairedBelief extends Belief {
  /** What would be left with endlessly many seeds; it shrinks with more rows alone. */
  readonly rowVariance: number
  readonly seedVariance: number
}

type Seeds = ReadonlyMap<number, RowResult>

/**
 * Compares two topologies by row and seed.
 * Method: differences d of seed s and row i are taken as mean + row + seed + rest. With n rows and k seeds the variance of
 * their mean is that of the rows' means over n, plus that of the seeds' means over k, less that of the rest over n k, which
 * both have in them (Searle, Casella & McCulloch 1992, section 4.3, crossed random effects with one observation a cell);
 * the degrees of freedom are those of Satterthwaite 1946. Topologies with other seeds are not paired by seed: their seeds'
 * variances are added. For wrong classes half a row that only the first and half a row that only the second gets wrong are
 * added to the rows, so that two networks that agree on 30 rows are not taken to agree on all (Agresti & Min 2005).
 * Units: those of the error; the centre is the difference of the means over all rows. `rows` is the size of the whole part.
 */
export function pairedDifference(
  first: Seeds,
  second: Seeds,
  { rows, areShares }: { readonly rows: number; readonly areShares: boolean }
): PairedBelief {
  const kept = [...first.values()][0]?.parts.length ?? 0
  const isPaired = first.size === second.size && [...first.keys()].every((seed) => second.has(seed))
  const centre = meanError(first) - meanError(second)
  const difference = subtract(meanParts(first, kept), meanParts(second, kept))
  const byRow = spreadOf(difference, areShares) / rows
  const [bySeed, rest, seeds] = isPaired ? pairedSeeds(first, second) : unpairedSeeds(first, second)
  // A rest larger than the seeds' variance, of which it is a part, is chance.
  const seedVariance = Math.max(0, bySeed - rest / rows)
  const variance = byRow + seedVariance
  const degrees = variance ** 2 / (byRow ** 2 / Math.max(1, kept - 1) + seedVariance ** 2 / Math.max(1, seeds - 1))
  return {
    centre,
    error: Math.sqrt(variance),
    degrees: Number.isFinite(degrees) ? degrees : 1,
    rowVariance: byRow,
    seedVariance
  }
}

/** Variance over the seeds of the difference, over their number; that of the rest, over their number; their number. */
function pairedSeeds(first: Seeds, second: Seeds): [bySeed: number, rest: number, seeds: number] {
  const pairs = [...first].flatMap(([seed, own]) => {
    const other = second.get(seed)
    return other ? [{ error: own.error - other.error, parts: subtract(own.parts, other.parts) }] : []
  })
  const [bySeed, rest] = seedParts(pairs)
  return [bySeed, rest, pairs.length]
}

function unpairedSeeds(first: Seeds, second: Seeds): [bySeed: number, rest: number, seeds: number] {
  const [ownSeeds, ownRest] = seedParts([...first.values()])
  const [otherSeeds, otherRest] = seedParts([...second.values()])
  return [ownSeeds + otherSeeds, ownRest + otherRest, Math.min(first.size, second.size)]
}

interface SeedParts {
  readonly error: number
  readonly parts: Float64Array | Float32Array
}

function seedParts(seeds: readonly SeedParts[]): [bySeed: number, rest: number] {
  const count = seeds.length
  if (count < 2) return [0, 0]
  const centre = seeds.reduce((sum, { error }) => sum + error, 0) / count
  const bySeed = seeds.reduce((sum, { error }) => sum + (error - centre) ** 2, 0) / (count - 1) / count
  const kept = seeds[0]?.parts.length ?? 0
  const rowMeans = new Float64Array(kept)
  for (const { parts } of seeds) addTo(rowMeans, parts, 1 / count)
  let squares = 0
  for (const { parts } of seeds) {
    let shift = 0
    for (let row = 0; row < kept; row++) shift += (parts[row] ?? 0) - (rowMeans[row] ?? 0)
    shift /= kept
    for (let row = 0; row < kept; row++) squares += ((parts[row] ?? 0) - (rowMeans[row] ?? 0) - shift) ** 2
  }
  return [bySeed, kept < 2 ? 0 : squares / (count - 1) / (kept - 1) / count]
}

/** The mean over the seeds of what each row adds. */
export function meanParts(seeds: Seeds, kept: number): Float64Array {
  const sum = new Float64Array(kept)
  for (const { parts } of seeds.values()) addTo(sum, parts, 1 / seeds.size)
  return sum
}

function addTo(sum: Float64Array, values: Float32Array | Float64Array, weight: number): void {
  for (let row = 0; row < sum.length; row++) sum[row] = (sum[row] ?? 0) + weight * (values[row] ?? 0)
}

const meanError = (seeds: Seeds) => [...seeds.values()].reduce((sum, { error }) => sum + error, 0) / seeds.size

function subtract(first: Float32Array | Float64Array, second: Float32Array | Float64Array): Float64Array {
  const result = new Float64Array(first.length)
  for (let row = 0; row < result.length; row++) result[row] = (first[row] ?? 0) - (second[row] ?? 0)
  return result
}

/** The variance of one row's difference; with the half rows of Agresti and Min for shares. */
function spreadOf(differences: Float64Array, areShares: boolean): number {
  const count = differences.length
  let sum = 0
  let squares = 0
  for (const value of differences) {
    sum += value
    squares += value * value
  }
  if (areShares) return (squares + 1) / (count + 2) - (sum / (count + 2)) ** 2
  return count < 2 ? 0 : Math.max(0, squares - (sum * sum) / count) / (count - 1)
}
