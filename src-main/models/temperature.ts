/**
 * Temperature scaling: one number that makes all probabilities more or less sure, and changes no label.
 * Source: Guo et al. 2017, section 4.2; after averaging, not before: Rahaman & Thiery 2021.
 */
import { LabError } from '#contract/errors.ts'
import type { MeasuredOutputs } from '#lab/runs/measure-outputs.ts'
import { withTemperature } from '#lab/runs/predictor.ts'

/** Beyond these no network that learned anything lies. */
const range = { least: 0.1, most: 10 }

/** Rows that are taken to say "as it is", so that a few rows do not move it far. */
const priorRows = 10

/**
 * Fits the temperature that makes the log loss of probabilities smallest; few rows leave it near 1.
 * Errors: LabError 'bad_settings' for a number, which has no probabilities.
 */
export function fitTemperature({ task, units, outputs, targets }: MeasuredOutputs): number {
  if (task !== 'classification' || units < 2) {
    throw new LabError('bad_settings', 'A temperature is of probabilities: the experiment predicts a number.')
  }
  const cost = (logTemperature: number) => {
    const scaled = withTemperature(outputs, units, Math.exp(logTemperature))
    let loss = 0
    for (let row = 0; row < targets.length; row++) {
      loss -= Math.log(Math.max(scaled[row * units + (targets[row] ?? 0)] ?? 0, 1e-12))
    }
    return loss + (priorRows / 2) * logTemperature ** 2
  }
  return Math.exp(leastOf(cost, Math.log(range.least), Math.log(range.most)))
}

/** The place of the least value of a function with one valley, by golden section. */
function leastOf(cost: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [low, high] = [from, to]
  while (high - low > 1e-5) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)]
    if (cost(left) < cost(right)) high = right
    else low = left
  }
  return (low + high) / 2
}
