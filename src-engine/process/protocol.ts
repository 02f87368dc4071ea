/**
 * The messages between the lab and the engine process: types only, read by both ends.
 * Everything in them survives a structured clone. Large tables travel as files that the engine reads by itself.
 */
import type { Task } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { OutputLimits } from '#engine/kernels/program.ts'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { TargetScale } from '#engine/training/evaluation.ts'
import type { RunColumns } from '#engine/training/epoch-columns.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { LossSlice, SlicedLoss } from '#engine/training/loss-slice.ts'
import type { RunOutcome } from '#engine/training/outcome.ts'
import type { InputGroup } from '#engine/training/permutation.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import type { RangeTest, RateRange } from '#engine/training/rate-range.ts'
import type { Snapshot } from '#engine/training/snapshots.ts'

/**
 * One part of a prepared table, as a file of little-endian float32: rows x inputs values row by row,
 * then rows targets (the number of the class, or the scaled number).
 */
export interface MatrixFile {
  readonly path: string
  readonly rows: number
  /** Whether what each row counts in training, rows numbers of 0 or more, follows the targets; missing: no. */
  readonly isWeighted?: boolean
}

/** A prepared table: loaded once, read by every run that names its id. The test part is never in it. */
export interface EngineDataset {
  readonly id: string
  readonly inputs: number
  readonly task: Task
  /** Number of classes; 1 for regression. */
  readonly classes: number
  readonly targetScale: TargetScale
  readonly train: MatrixFile
  readonly validation: MatrixFile | null
}

export interface RunRequest {
  readonly runId: number
  readonly datasetId: string
  readonly topology: Topology
  readonly plan: TrainingPlan
  readonly seed: number
  /** Where to go on from; null starts anew. */
  readonly checkpoint: Checkpoint | null
  /** Weights to begin with, in the order of parameters.ts; drawn as the plan says where they are left out. */
  readonly initial?: Float32Array | undefined
  /** Epochs whose weights are sent as `run.snapshot`; 0 is the start. */
  readonly snapshotEpochs?: readonly number[] | undefined
  /** The epoch after which it ends as one that was asked to stop; left out, it goes on to the end of its plan. */
  readonly haltEpoch?: number | undefined
}

export type ToEngine =
  | { readonly type: 'dataset.load'; readonly requestId: number; readonly dataset: EngineDataset }
  | { readonly type: 'dataset.release'; readonly datasetId: string }
  | { readonly type: 'run.start'; readonly run: RunRequest }
  | { readonly type: 'run.pause' | 'run.resume' | 'run.stop'; readonly runId: number }
  /** Asks for the weights as they are now, of a run that is in the engine. */
  | { readonly type: 'run.weights'; readonly requestId: number; readonly runId: number }
  | {
      readonly type: 'evaluate'
      readonly requestId: number
      readonly topology: Topology
      readonly plan: TrainingPlan
      readonly parameters: Float32Array
      readonly dataset: Omit<EngineDataset, 'train' | 'validation'>
      readonly part: MatrixFile
    }
  | {
      readonly type: 'predict'
      readonly requestId: number
      readonly topology: Topology
      readonly parameters: Float32Array
      /** Rows prepared as the training part was: (rows, inputs) row by row, or a part in its file. */
      readonly inputs: Float32Array | MatrixFile
      /** Between which outputs stay; missing: anywhere. */
      readonly limits?: OutputLimits | undefined
    }
  | {
      readonly type: 'permute'
      readonly requestId: number
      readonly topology: Topology
      readonly plan: TrainingPlan
      readonly parameters: Float32Array
      readonly dataset: Omit<EngineDataset, 'train' | 'validation'>
      readonly part: MatrixFile
      /** Stretches of inputs that are put in another order together: those that one column of the table became. */
      readonly groups: readonly InputGroup[]
      readonly repeats: number
      readonly seed: number
    }
  | {
      readonly type: 'rangeTest'
      readonly requestId: number
      readonly datasetId: string
      readonly topology: Topology
      readonly plan: TrainingPlan
      readonly seed: number
      readonly range: RateRange
    }
  | {
      readonly type: 'lossSlice'
      readonly requestId: number
      readonly topology: Topology
      readonly plan: TrainingPlan
      /** The centre of the slice. */
      readonly parameters: Float32Array
      readonly dataset: Omit<EngineDataset, 'train' | 'validation'>
      readonly part: MatrixFile
      readonly slice: LossSlice
    }
  /** The range test or slice that this request asked for is refused then; one that has ended is left alone. */
  | { readonly type: 'work.cancel'; readonly workId: number }
  | { readonly type: 'shutdown' }

export type FromEngine =
  | { readonly type: 'ready'; readonly threads: number }
  | { readonly type: 'dataset.loaded'; readonly requestId: number }
  | { readonly type: 'frame'; readonly runs: readonly RunColumns[] }
  | { readonly type: 'run.started' | 'run.resumed'; readonly runId: number }
  /** Training is over and the parts are being measured; `run.ended` follows. The next run may be sent. */
  | { readonly type: 'run.ending'; readonly runId: number }
  | { readonly type: 'run.paused'; readonly runId: number; readonly checkpoint: Checkpoint }
  | { readonly type: 'run.checkpoint'; readonly runId: number; readonly checkpoint: Checkpoint }
  | { readonly type: 'run.snapshot'; readonly runId: number; readonly snapshot: Snapshot }
  | { readonly type: 'run.ended'; readonly runId: number; readonly outcome: RunOutcome }
  | { readonly type: 'evaluated'; readonly requestId: number; readonly metrics: PartMetrics }
  /** Somewhere in the epoch after `snapshot.epoch`. */
  | { readonly type: 'weights'; readonly requestId: number; readonly snapshot: Snapshot }
  /** Batches of a range test, or places of a slice, done so far. */
  | { readonly type: 'work.progress'; readonly requestId: number; readonly done: number }
  | { readonly type: 'rangeTested'; readonly requestId: number; readonly result: RangeTest }
  | { readonly type: 'lossSliced'; readonly requestId: number; readonly result: SlicedLoss }
  /** (rows, outputs) row by row: probabilities of classes, or the scaled number. */
  | {
      readonly type: 'predicted'
      readonly requestId: number
      readonly outputs: Float32Array
      /** What the prediction alone took, without the way of the data to it and back. */
      readonly seconds: number
    }
  /** (groups, repeats): figures of the part with the inputs of one group in another order over the rows. */
  | { readonly type: 'permuted'; readonly requestId: number; readonly metrics: readonly (readonly PartMetrics[])[] }
  | { readonly type: 'refused'; readonly requestId: number; readonly message: string }
