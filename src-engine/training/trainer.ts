/**
 * One run of training as a pure stepper: it owns an arena of the shared memory, never a clock, a thread or a file.
 * Pausing is not calling advance(); where a call ends never changes a number.
 */
import type { Kernels } from '#engine/kernels/kernels.ts'
import type { Task } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { RunOutcome } from '#engine/training/outcome.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

/** A stretch of the shared memory, in bytes; offsets are multiples of 64. */
export interface Region {
  readonly offset: number
  readonly bytes: number
}

/** One part of a data set in the shared memory: byte offsets of inputs (rows, I) and targets (rows), float32. */
export interface PartView {
  readonly inputs: number
  readonly targets: number
  readonly rows: number
}

export interface TrainerSetup {
  readonly kernels: Kernels
  /** At least arenaBytes() large; the trainer alone writes it. */
  readonly arena: Region
  readonly train: PartView
  readonly validation: PartView | null
  readonly task: Task
  readonly classes: number
  readonly targetScale: { readonly mean: number; readonly deviation: number }
  readonly topology: Topology
  readonly plan: TrainingPlan
  readonly seed: number
  readonly checkpoint: Checkpoint | null
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** The epochs that one call of advance() completed. */
export interface Advance {
  readonly firstEpoch: number
  readonly epochs: number
  /** Column-major, as RunFrame has them. */
  readonly values: Float32Array
  /** Whether the run has come to its end, by plan or by divergence. */
  readonly finished: boolean
}

export interface Trainer {
  /** Trains for about `budgetMs` of work, at least one call of the kernel, and returns what was completed. */
  advance(budgetMs: number): Advance
  /** The state at the end of the last completed epoch. */
  checkpoint(): Checkpoint
  /** Measures both parts with the kept weights; `asked` is for a run that a person stopped. */
  finish(reason?: 'asked'): RunOutcome
}
