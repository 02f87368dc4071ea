/**
 * The messages between the coordinator and one thread: types only, read by both ends.
 * Large tables are never in them: threads get offsets into the one shared memory.
 */
import type { FromEngine, RunFrame, ToEngine } from '#engine/process/protocol.ts'
import type { TrainerSetup } from '#engine/training/trainer.ts'

/** What a thread is born with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Bytes of checkpoints that this thread may send per millisecond of training. */
  readonly checkpointBytesPerMs: number
}

/** A run as its thread needs it: the rest is the thread's own. */
export type RunSetup = Omit<TrainerSetup, 'kernels' | 'now'>

export type ToThread =
  | { readonly type: 'run.start'; readonly runId: number; readonly setup: RunSetup }
  | Extract<ToEngine, { type: 'run.pause' | 'run.resume' | 'run.stop' }>

export type FromThread =
  | { readonly type: 'thread.ready' }
  | { readonly type: 'epochs'; readonly records: RunFrame }
  | Extract<FromEngine, { type: `run.${string}` }>
