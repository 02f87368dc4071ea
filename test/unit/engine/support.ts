/** What the engine's tests share: the real kernels over a fresh memory, and small generated tables in it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { instantiateKernels, type Kernels, type TileRows } from '#engine/kernels/kernels.ts'
import type { LayerParameters } from '#engine/kernels/reference/network.ts'
import { unflatten } from '#engine/kernels/reference/parameters.ts'
import { outputFor, type Task } from '#engine/network/losses.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import type { Layer, Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import type { PartView } from '#engine/training/evaluation.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { createTrainer, type Trainer, type TrainerSetup } from '#engine/training/trainer.ts'

export const module = new WebAssembly.Module(
  readFileSync(resolve(import.meta.dirname, '../../../out/wasm/kernels.wasm'))
)

export interface Table {
  readonly inputs: number
  readonly rows: readonly (readonly number[])[]
  readonly targets: readonly number[]
}

/** A shared memory with kernels on it, and a bump allocator whose blocks start at multiples of 64. */
export class Bench {
  readonly kernels: Kernels
  #next = 64

  constructor(megabytes = 16, tileRows?: TileRows) {
    const pages = megabytes * 16
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
    this.kernels = instantiateKernels(module, memory, tileRows)
  }

  take(bytes: number): { offset: number; bytes: number } {
    const offset = this.#next
    this.#next += Math.ceil(bytes / 64) * 64
    return { offset, bytes }
  }

  floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, offset, count)
  }

  /** Writes numbers into the memory; returns their address. */
  putFloats(values: readonly number[]): number {
    const { offset } = this.take(values.length * 4)
    this.floats(offset, values.length).set(values)
    return offset
  }

  put(table: Table): PartView {
    const inputs = this.take(table.rows.length * table.inputs * 4).offset
    const targets = this.take(table.rows.length * 4).offset
    this.floats(inputs, table.rows.length * table.inputs).set(table.rows.flat())
    this.floats(targets, table.targets.length).set(table.targets)
    return { inputs, targets, rows: table.rows.length }
  }
}

export interface Given {
  readonly hidden?: readonly Layer[]
  readonly output?: Layer
  readonly task?: Task
  readonly classes?: number
  readonly plan?: Partial<TrainingPlan>
  readonly seed?: number
  readonly train: Table
  readonly validation?: Table
  readonly checkpoint?: TrainerSetup['checkpoint']
  readonly targetScale?: TrainerSetup['targetScale']
  readonly now?: () => number
  /** Whether the arena has room for weights of rows. */
  readonly isWeighted?: boolean
}

/** Builds the setup of a trainer with the project's defaults where a test does not care. */
export function setupOf(given: Given, bench = new Bench()): TrainerSetup {
  const task = given.task ?? 'classification'
  const classes = given.classes ?? (task === 'classification' ? 2 : 1)
  const choice = outputFor(task, classes)
  const topology: Topology = {
    inputs: given.train.inputs,
    layers: [...(given.hidden ?? []), given.output ?? { units: choice.units, activation: choice.activation }]
  }
  const plan: TrainingPlan = { ...defaultPlan(choice.loss), ...given.plan }
  return {
    kernels: bench.kernels,
    arena: bench.take(arenaBytes(topology, plan, given.train.rows.length, { isWeighted: given.isWeighted ?? false })),
    train: bench.put(given.train),
    validation: given.validation ? bench.put(given.validation) : null,
    task,
    classes,
    targetScale: given.targetScale ?? { mean: 0, deviation: 1 },
    topology,
    plan,
    seed: given.seed ?? 1,
    checkpoint: given.checkpoint ?? null,
    now: given.now ?? (() => performance.now())
  }
}

/** Trains to the end of the plan. */
export function trainToEnd(given: Given, bench?: Bench): Trainer {
  const trainer = createTrainer(setupOf(given, bench))
  while (!trainer.advance(20).finished);
  return trainer
}

/** Parameters in the order of checkpoints as those of the reference, running figures left out. */
export function referenceParameters(topology: Topology, parameters: ArrayLike<number>): LayerParameters[] {
  const learned = parameterSpans(topology).flatMap(({ weights, biases, units, gain }) => {
    const end = gain === null ? biases + units : gain + 2 * units
    return Array.from({ length: end - weights }, (_, index) => parameters[weights + index] ?? NaN)
  })
  return unflatten(topology, learned)
}

/** Random rows with targets by `target`. */
export function generate(rows: number, inputs: number, seed: number, target: (row: number[]) => number): Table {
  const random = new Random(seed)
  const table = Array.from({ length: rows }, () => Array.from({ length: inputs }, () => random.normal()))
  return { inputs, rows: table, targets: table.map(target) }
}

export const xor: Table = {
  inputs: 2,
  rows: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1]
  ],
  targets: [0, 1, 1, 0]
}
