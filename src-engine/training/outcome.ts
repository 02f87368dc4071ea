/** How a run ended, and what it came to: plain data. */
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { PartMetrics, RunDetails } from '#engine/training/metrics.ts'
import type { RowFigures } from '#engine/training/row-figures.ts'

/** Why a run ended. */
export type StopReason = 'epochs' | 'patience' | 'target' | 'time' | 'asked' | 'diverged' | 'failed'

/** Divergence is a result: where the first number that is not finite appeared, and what to try, in a sentence. */
export interface Divergence {
  readonly epoch: number
  /** 1 for the first hidden layer; the output layer has the highest number. */
  readonly layer: number
  readonly quantity: 'loss' | 'weights' | 'gradients' | 'activations'
  /** A learning rate to try instead. */
  readonly calmerRate: number
  readonly message: string
}

export interface RunOutcome {
  readonly status: 'done' | 'stopped' | 'diverged' | 'failed'
  readonly reason: StopReason
  readonly epochs: number
  readonly bestEpoch: number
  readonly seconds: number
  /** Both parts measured with the weights of the best epoch; null where there is no finite epoch. */
  readonly train: PartMetrics | null
  readonly validation: PartMetrics | null
  /** Their full figures; null where there is no finite epoch. */
  readonly details: RunDetails | null
  /** The rows of the validation part, with those weights; null where there is no such part or no finite epoch. */
  readonly rows: RowFigures | null
  readonly checkpoint: Checkpoint | null
  readonly divergence: Divergence | null
  /** A sentence for `failed`. */
  readonly message: string | null
}
