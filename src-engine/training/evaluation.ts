/** A network with given parameters over rows: the figures of a part, and outputs for new rows. */
import { evaluationRows } from '#engine/kernels/arena.ts'
import type { Kernels } from '#engine/kernels/kernels.ts'
import { noSums, type OutputLimits } from '#engine/kernels/program.ts'
import { outputFor, type Task } from '#engine/network/losses.ts'
import { outputLayer, type Topology } from '#engine/network/topology.ts'
import { metricsOf, type PartScale, spreadOf } from '#engine/training/part-metrics.ts'
import { expectFit } from '#engine/training/fit.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import { type NetworkArena, networkArenaBytes, openNetworkArena, type Region } from '#engine/training/network-arena.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

/** One part of a data set in the shared memory: byte offsets of inputs (rows, I) and targets (rows), float32. */
export interface PartView {
  readonly inputs: number
  readonly targets: number
  /** Byte offset of what each row counts in training (rows), float32, at least 0; missing where all count alike. */
  readonly weights?: number
  readonly rows: number
}

export interface Evaluation {
  readonly kernels: Kernels
  /** At least evaluationArenaBytes() large. */
  readonly arena: Region
  readonly topology: Topology
  readonly plan: TrainingPlan
  /** In the order of parameters.ts. */
  readonly parameters: Float32Array
  readonly part: PartView
  readonly task: Task
  readonly classes: number
  readonly targetScale: TargetScale
}

/** How a scaled target goes back to its own units: t = scaled * deviation + mean. */
export interface TargetScale {
  readonly mean: number
  readonly deviation: number
  /** Between which predictions stay, in the target's own units; missing: anywhere. */
  readonly limits?: { readonly minimum: number; readonly maximum: number } | undefined
}

/** The limits of predictions in the units of the network's outputs. */
export function outputLimits({ mean, deviation, limits }: TargetScale): OutputLimits | undefined {
  return limits && { lowest: (limits.minimum - mean) / deviation, highest: (limits.maximum - mean) / deviation }
}

type MeasuredScale = Omit<PartScale, 'rows'>

export interface Prediction {
  readonly kernels: Kernels
  /** At least evaluationArenaBytes() large. */
  readonly arena: Region
  readonly topology: Topology
  readonly parameters: Float32Array
  /** Byte offset of the inputs (rows, I) float32. */
  readonly inputs: number
  readonly rows: number
  /** Byte offset of the outputs (rows, O) float32, overwritten. */
  readonly outputs: number
  /** Between which outputs stay; missing: anywhere. */
  readonly limits?: OutputLimits | undefined
}

/** Computes the bytes of the arena that evaluate() and predict() need. */
export function evaluationArenaBytes(topology: Topology): number {
  return networkArenaBytes(topology, null)
}

/**
 * Measures a part with given parameters.
 * Errors: throws RangeError where topology, plan, parameters and data do not fit together.
 */
export function evaluate(evaluation: Evaluation): PartMetrics {
  const { network, scale } = openEvaluation(evaluation)
  return measurePart(network, evaluation.part, evaluation.topology.inputs, scale)
}

/**
 * Puts the network of an evaluation into its arena, ready for measurePart() with what figures need besides.
 * Errors: as evaluate().
 */
export function openEvaluation(evaluation: Evaluation): { network: NetworkArena; scale: MeasuredScale } {
  const { kernels, topology, plan, part, task } = evaluation
  expectFit(topology, plan, task, evaluation.classes)
  const limits = outputLimits(evaluation.targetScale)
  const network = openNetworkArena(kernels, evaluation.arena, topology, plan, task, null, limits)
  network.write('weights', evaluation.parameters)
  const { deviation } = evaluation.targetScale
  return { network, scale: { task, deviation, spread: spreadOf(targetsOf(kernels, part)) } }
}

/** Measures a whole part with the weights that are in the arena, in pieces of the arena's capacity. */
export function measurePart(network: NetworkArena, part: PartView, inputs: number, scale: MeasuredScale): PartMetrics {
  network.program.measuredSums = noSums
  for (let row = 0; row < part.rows; row += network.map.capacity) measureRows(network, part, inputs, row)
  return metricsOf(network.program.measuredSums, { ...scale, rows: part.rows })
}

/** Adds the rows from `row` on, as many as the arena holds, to the measured sums; returns the row after them. */
export function measureRows(network: NetworkArena, part: PartView, inputs: number, row: number): number {
  const count = Math.min(network.map.capacity, part.rows - row)
  network.program.measure(part.inputs + row * inputs * 4, part.targets + row * 4, count)
  return row + count
}

/** The targets of a part where they lie. */
export function targetsOf(kernels: Kernels, part: PartView): Float32Array {
  return new Float32Array(kernels.memory.buffer, part.targets, part.rows)
}

/** What the rows of a part count, where it lies; null where all count alike. */
export function rowWeightsOf(kernels: Kernels, { weights, rows }: PartView): Float32Array | null {
  return weights === undefined ? null : new Float32Array(kernels.memory.buffer, weights, rows)
}

/**
 * Computes the outputs of the network for new rows: probabilities of classes, or the scaled number.
 * Errors: throws RangeError where the parameters do not belong to the topology.
 */
export function predict(prediction: Prediction): void {
  const { kernels, topology, inputs, outputs, rows } = prediction
  const { units } = outputLayer(topology)
  const { loss } = outputFor('regression', 1)
  const network = openNetworkArena(kernels, prediction.arena, topology, { loss }, 'regression', null, prediction.limits)
  network.write('weights', prediction.parameters)
  for (let row = 0; row < rows; row += evaluationRows) {
    const count = Math.min(evaluationRows, rows - row)
    network.program.predict(inputs + row * topology.inputs * 4, count, outputs + row * units * 4)
  }
}
