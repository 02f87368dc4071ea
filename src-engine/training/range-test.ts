/**
 * The learning-rate range test: trains a fresh network while the rate rises geometrically from batch to batch, and reads
 * from the loss which rate lets it fall fastest. Nothing of the network is kept.
 * Source: Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3 (there the rate rises in equal
 * steps; in equal ratios each decade gets the same number of batches).
 */
import { initialParameters } from '#engine/network/initial-parameters.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { type RangeTest, rangeTestProblem, type RateRange } from '#engine/training/rate-range.ts'
import { beginEpoch, openTraining, type TrainingSetup } from '#engine/training/open-training.ts'

export interface RangeTestSetup extends TrainingSetup {
  readonly range: RateRange
}

/** A loss this many times the lowest so far ends the test. */
const explosion = 4
/** Share of its last value that the running mean of the loss keeps, for the test of explosion alone. */
const kept = 0.9
/** Share of all batches on either side of a point whose straight line smooths it. */
const halfWindow = 0.06
/** The loss must fall by this share of where it was, at least, and by more than the noise, before a rate is suggested. */
const leastFall = 0.03

/** The plan as a range test trains it: on one thread, which the result hardly depends on. */
export function rangeTestPlan(plan: TrainingPlan): TrainingPlan {
  return { ...plan, threads: 1 }
}

/**
 * Trains through the range. The setup's plan is that of rangeTestPlan(), and its arena as arenaBytes() says for that.
 * `report` is called between batches with how many are done.
 * Errors: throws RangeError with a sentence where setup, plan, topology and range do not fit together.
 */
export function runRangeTest(setup: RangeTestSetup, report: (done: number) => void): RangeTest {
  const { topology, plan, train, range } = setup
  const problem = rangeTestProblem(plan, range)
  if (problem !== null) throw new RangeError(problem)
  const training = openTraining(setup)
  const { program } = training.network
  training.network.write('weights', initialParameters(topology, plan.initialisation, training.random))
  program.refreshTranspose()
  beginEpoch(program, plan, training.random)
  const rates: number[] = []
  const losses: number[] = []
  let exploded = false
  let running = 0
  let lowest = Infinity
  while (rates.length < range.steps && !exploded) {
    if (program.cursor >= train.rows) beginEpoch(program, plan, training.random)
    const rate = range.low * (range.high / range.low) ** (rates.length / (range.steps - 1))
    const size = Math.min(training.batch, train.rows - program.cursor)
    const before = program.epochSums.loss
    program.learningRate = rate
    program.train(Math.ceil(size / training.chunk))
    const loss = program.isNotFinite ? NaN : (program.epochSums.loss - before) / size
    exploded = !Number.isFinite(loss)
    if (exploded) break
    rates.push(rate)
    losses.push(loss)
    running = kept * running + (1 - kept) * loss
    const mean = running / (1 - kept ** rates.length)
    lowest = Math.min(lowest, mean)
    exploded = mean > explosion * lowest
    report(rates.length)
  }
  return { rates, losses, exploded, ...suggestRate(rates, losses) }
}

/**
 * Finds the rate at which the loss falls fastest over the logarithm of the rate, before it is lowest.
 * Smoothing: a straight line through the points of a window around each (Savitzky & Golay 1964, of degree 1), which
 * gives the slope as well and, unlike a running mean, does not lag behind.
 * Units: two significant digits.
 */
export function suggestRate(
  rates: readonly number[],
  losses: readonly number[]
): Pick<RangeTest, 'smoothed' | 'suggested' | 'reason'> {
  const half = Math.max(2, Math.round(rates.length * halfWindow))
  const lines = rates.map((_, index) => lineAround(rates, losses, index, half))
  const smoothed = lines.map(({ value }) => value)
  const bottom = smoothed.indexOf(Math.min(...smoothed))
  const inside = lines.slice(0, bottom + 1).map(({ slope }, index) => ({ slope, index }))
  const steepest = inside
    .slice(half)
    .reduce<{ slope: number; index: number } | null>(
      (best, line) => (line.slope < (best?.slope ?? 0) ? line : best),
      null
    )
  const start = Math.max(...smoothed.slice(0, Math.max(1, bottom)))
  const fall = start - (smoothed[bottom] ?? start)
  const noise = residualDeviation(losses, smoothed)
  if (!steepest || !(fall > leastFall * Math.abs(start)) || !(fall > noise)) {
    const reason = 'The loss did not fall clearly at any of these rates, so none stands out; try more batches.'
    return { smoothed, suggested: null, reason }
  }
  const suggested = Number((rates[steepest.index] ?? 0).toPrecision(2))
  const reason = `The loss falls fastest at ${suggested} and is lowest at ${Number((rates[bottom] ?? 0).toPrecision(2))}.`
  return { smoothed, suggested, reason }
}

/** The line of least squares over log(rate) through the points at most `half` from `index`: its value there, its slope. */
function lineAround(rates: readonly number[], losses: readonly number[], index: number, half: number) {
  const from = Math.max(0, index - half)
  const x = rates.slice(from, index + half + 1).map(Math.log)
  const y = losses.slice(from, index + half + 1)
  const meanX = x.reduce((sum, value) => sum + value, 0) / x.length
  const meanY = y.reduce((sum, value) => sum + value, 0) / y.length
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  const slope =
    spread > 0 ? x.reduce((sum, value, at) => sum + (value - meanX) * ((y[at] ?? 0) - meanY), 0) / spread : 0
  return { slope, value: meanY + slope * (Math.log(rates[index] ?? 1) - meanX) }
}

/** How far single batches lie from the smoothed loss, as the median distance, which an explosion at the end leaves alone. */
function residualDeviation(losses: readonly number[], smoothed: readonly number[]): number {
  const distances = losses.map((loss, index) => Math.abs(loss - (smoothed[index] ?? loss))).toSorted((a, b) => a - b)
  return distances[Math.floor(distances.length / 2)] ?? 0
}
