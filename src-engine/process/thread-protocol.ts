/**
 * The messages between the coordinator and one thread: types only, read by both ends.
 * Large tables are never in them: threads get offsets into the one shared memory.
 */
import type { TileRows } from '#engine/kernels/kernels.ts'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import type { RunColumns } from '#engine/training/epoch-columns.ts'
import type { Evaluation, Prediction } from '#engine/training/evaluation.ts'
import type { LossSlice } from '#engine/training/loss-slice.ts'
import type { RangeTestSetup } from '#engine/training/range-test.ts'
import type { Permutation } from '#engine/training/permutation.ts'
import type { TrainerSetup } from '#engine/training/trainer.ts'

/** What a thread is born with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly tileRows: TileRows
  /** Bytes of checkpoints that this thread may send per millisecond of training. */
  readonly checkpointBytesPerMs: number
  /** Where a thread that only helps at another's run finds its work; left out for all others. */
  readonly helps?: number
}

/** A run as its thread needs it: the rest is the thread's own. */
export type RunSetup = Omit<TrainerSetup, 'kernels' | 'now'>

/** Messages about one run, for the thread that it is on. */
export type RunMessage =
  | { readonly type: 'run.start'; readonly runId: number; readonly setup: RunSetup }
  | Extract<ToEngine, { type: 'run.pause' | 'run.resume' | 'run.stop' | 'run.weights' }>

/** Requests for the thread that measures. */
export type MeasureMessage =
  | { readonly type: 'evaluate'; readonly requestId: number; readonly evaluation: Omit<Evaluation, 'kernels'> }
  | {
      readonly type: 'permute'
      readonly requestId: number
      readonly evaluation: Omit<Evaluation, 'kernels'>
      readonly permutation: Permutation
    }
  | { readonly type: 'predict'; readonly requestId: number; readonly prediction: Omit<Prediction, 'kernels'> }

/** For a thread that does nothing else. */
export type SoloMessage =
  | { readonly type: 'rangeTest'; readonly requestId: number; readonly setup: Omit<RangeTestSetup, 'kernels'> }
  | {
      readonly type: 'lossSlice'
      readonly requestId: number
      readonly evaluation: Omit<Evaluation, 'kernels'>
      readonly slice: LossSlice
    }

/** What such a thread ends with, unless it refuses. */
export type SoloAnswer = Extract<FromEngine, { type: 'rangeTested' | 'lossSliced' }>

export type ToThread = RunMessage | MeasureMessage | SoloMessage

export type FromThread =
  | { readonly type: 'thread.ready' }
  | { readonly type: 'epochs'; readonly records: RunColumns }
  | SoloAnswer
  | Extract<FromEngine, { type: `run.${string}` | 'work.progress' | 'evaluated' | 'permuted' | 'weights' | 'refused' }>
  /** The outputs are in the shared memory. */
  | { readonly type: 'predicted'; readonly requestId: number; readonly seconds: number }

/** What a thread says once it is up. */
export type ThreadMessage = Exclude<FromThread, { type: 'thread.ready' }>
