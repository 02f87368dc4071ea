/** The learning-rate range test as plain data: its range with limits, and what it comes to. The work is in range-test.ts. */
import type { TrainingPlan } from '#engine/training/plan.ts'

export interface RateRange {
  readonly low: number
  readonly high: number
  /** Batches, each at the next rate. */
  readonly steps: number
}

/** One entry a batch that was trained; shorter than the range where the loss exploded. */
export interface RangeTest {
  readonly rates: readonly number[]
  /** Of each batch, before the step at its rate. */
  readonly losses: readonly number[]
  readonly smoothed: readonly number[]
  /** Whether the loss exploded before the end of the range. */
  readonly exploded: boolean
  /** Null where the loss did not fall enough to tell. */
  readonly suggested: number | null
  /** How it was found, or why it was not, in a sentence. */
  readonly reason: string
}

/** Rates that tell a usable one from a useless one for every optimizer here, from 1e-6 to the most a plan may have. */
export const defaultRange: RateRange = { low: 1e-6, high: 10, steps: 200 }
export const rangeLimits = { low: 1e-10, high: 1000, minimumSteps: 20, maximumSteps: 10_000 } as const

/** Finds what keeps a plan from being tested, in a sentence; null where it can be. */
export function rangeTestProblem({ optimizer }: TrainingPlan, { low, high, steps }: RateRange): string | null {
  if (optimizer.name === 'lbfgs') {
    return 'L-BFGS searches the length of each step by itself, so there is no rate to find; choose another optimizer.'
  }
  if (!(low >= rangeLimits.low && high <= rangeLimits.high && low < high)) {
    return `The rates must rise from ${rangeLimits.low} at least to ${rangeLimits.high} at most; they are ${low} and ${high}.`
  }
  const { minimumSteps, maximumSteps } = rangeLimits
  if (!Number.isInteger(steps) || steps < minimumSteps || steps > maximumSteps) {
    return `The number of batches must be a whole number from ${minimumSteps} to ${maximumSteps}; it is ${steps}.`
  }
  return null
}
