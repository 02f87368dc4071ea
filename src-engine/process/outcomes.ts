/** The outcome of a run that its trainer could not bring to an end. */
import type { RunOutcome } from '#engine/training/outcome.ts'

/**
 * Makes the outcome of a failed run; it goes on, if at all, from the last checkpoint that was posted before.
 * Units: `epochs` is the last epoch whose records were posted.
 */
export function failedOutcome(epochs: number, message: string): RunOutcome {
  return {
    status: 'failed',
    reason: 'failed',
    epochs,
    bestEpoch: 0,
    seconds: 0,
    train: null,
    validation: null,
    details: null,
    rows: null,
    checkpoint: null,
    divergence: null,
    message
  }
}
