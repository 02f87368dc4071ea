/**
 * A checkpoint: all that a run needs to go on after any step as if it had never stopped.
 * Plain data that survives a structured clone; numbers in it are bit-exact.
 */
import type { Sums } from '#engine/kernels/program.ts'
import { type Optimizer, optimizers } from '#engine/training/plan.ts'

export const checkpointVersion = 1

/** An epoch that is under way, in rows and in its sums. */
export interface UnfinishedEpoch {
  readonly rows: number
  readonly sums: Sums
  /** Squared norms of the gradients of all layers, once its last step is done; not in checkpoints of before. */
  readonly gradientSquares?: readonly number[]
}

/** Parameters are in the order of network/parameters.ts. */
export interface Checkpoint {
  readonly version: typeof checkpointVersion
  /** Epochs completed. */
  readonly epoch: number
  /** Optimizer steps completed. */
  readonly step: number
  readonly elapsedSeconds: number
  readonly parameters: Float32Array
  /**
   * The optimizer's running values, each in the order of parameters; empty for plain gradient descent.
   * With the schedule `plateau`, its factor, best loss and epochs waited follow.
   */
  readonly optimizerState: Float32Array
  /** State of the run's generator before it drew the order of the epoch that comes next or is under way. */
  readonly random: Uint32Array
  /** How far the epoch after `epoch` has come; null between epochs. */
  readonly unfinished: UnfinishedEpoch | null
  /** Weights of the epoch with the best validation loss so far (of the last epoch where there is no validation part). */
  readonly best: { readonly epoch: number; readonly value: number; readonly parameters: Float32Array }
}

/**
 * Checks that a run with this optimizer can go on from a checkpoint.
 * Units: `own` is the length of the optimizer's part of its state. Errors: throws RangeError with a sentence.
 */
export function expectMadeWith({ version, parameters }: Checkpoint, { name }: Optimizer, own: number): void {
  if ((version as number) !== checkpointVersion) {
    throw new RangeError(`This checkpoint has version ${version}; only version ${checkpointVersion} is known.`)
  }
  const { states, label } = optimizers[name]
  // L-BFGS remembers as many steps as it took, and checks its own.
  if (name !== 'lbfgs' && own !== states * parameters.length) {
    throw new RangeError(`This checkpoint was not made with ${label}.`)
  }
}
