/**
 * Opens the arena of a run for training: how large it is, how batches are cut into pieces and shared among threads, and
 * what of the plan the kernels are told once.
 */
import type { TrainingNeeds } from '#engine/kernels/arena.ts'
import type { Kernels } from '#engine/kernels/kernels.ts'
import { noSums, type Program } from '#engine/kernels/program.ts'
import type { Task } from '#engine/network/losses.ts'
import { hiddenLayers, parameterCount, type Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { outputLimits, type PartView, rowWeightsOf, type TargetScale, targetsOf } from '#engine/training/evaluation.ts'
import { expectFit } from '#engine/training/fit.ts'
import {
  helperStride,
  type NetworkArena,
  networkArenaBytes,
  networkArenaGaps,
  openNetworkArena,
  type Region
} from '#engine/training/network-arena.ts'
import { optimizers, stepNumbersOf } from '#engine/training/optimizers.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { scaledClassWeights, scaledRowWeights } from '#engine/training/row-weights.ts'

export interface TrainingSetup {
  readonly kernels: Kernels
  /** At least arenaBytes() large; the run alone writes it. */
  readonly arena: Region
  readonly train: PartView
  readonly task: Task
  readonly classes: number
  readonly topology: Topology
  readonly plan: TrainingPlan
  readonly seed: number
  /** Limits what is measured where it has limits. */
  readonly targetScale?: TargetScale | undefined
  /** Bytes left free behind every buffer of the arena, for tests that see whether they stay as they are; missing: 0. */
  readonly guardBytes?: number | undefined
}

/** What else decides the size of an arena. */
export interface ArenaWishes {
  /** Whether the training part has weights of its rows. */
  readonly isWeighted?: boolean
  /** As the run's setup has it. */
  readonly guardBytes?: number | undefined
}

/** Most rows that go through the network at once in training; measured, see src-engine/README.md, "Pieces". */
const largestChunk = 256

/**
 * Computes the bytes of the arena of a run.
 * Units: trainRows is the size of the training part.
 */
export function arenaBytes(topology: Topology, plan: TrainingPlan, trainRows: number, wishes?: ArenaWishes): number {
  return networkArenaBytes(topology, needsOf(topology, plan, trainRows, wishes).needs)
}

/** Lists the stretches of a run's arena that belong to no buffer, by byte offset in the arena. */
export function arenaGaps(topology: Topology, plan: TrainingPlan, trainRows: number, wishes?: ArenaWishes): Region[] {
  return networkArenaGaps(topology, needsOf(topology, plan, trainRows, wishes).needs)
}

/**
 * Lists the addresses that a run's helping threads give to assist() of kernels.ts, one each; empty with one thread.
 * Units: arena is where the run's arena starts.
 */
export function helperAddresses(topology: Topology, plan: TrainingPlan, arena: number): number[] {
  const stride = helperStride(topology)
  return Array.from({ length: (plan.threads ?? 1) - 1 }, (_, helper) => arena + (helper + 1) * stride)
}

/** A batch larger than the largest chunk is cut into pieces of nearly equal size; batch normalisation needs it whole. */
function needsOf(
  topology: Topology,
  plan: TrainingPlan,
  rows: number,
  { isWeighted = false, guardBytes = 0 }: ArenaWishes = {}
): { batch: number; needs: TrainingNeeds } {
  const batch = plan.batchSize === 'full' ? rows : Math.min(plan.batchSize, rows)
  const threads = plan.threads ?? 1
  const isWhole = topology.layers.some((layer) => layer.normalisation === 'batch')
  const pieces = isWhole ? 1 : Math.ceil(batch / (largestChunk * threads))
  const chunk = Math.ceil(batch / pieces)
  const addsGradients = threads > 1 && sharesRows(topology, chunk)
  const needs = {
    rows,
    chunk,
    threads,
    addsGradients,
    keepsGradients:
      addsGradients || pieces > 1 || (plan.regularisation?.clipNorm ?? 0) > 0 || plan.optimizer.name === 'lbfgs',
    states: optimizers[plan.optimizer.name].states,
    isWeighted: isWeighted || plan.classWeights !== undefined,
    guardBytes
  }
  return { batch, needs }
}

/**
 * Whether the threads of a run share the rows of a batch and add up their gradients, or else share the units and read each
 * other's outputs. Either way what one thread has written and another reads goes from cache to cache, and costs its owner
 * as much again at the next write: gradients and weights, or outputs and their gradients.
 */
function sharesRows(topology: Topology, rows: number): boolean {
  if (topology.layers.some((layer) => layer.normalisation)) return true
  const passed = hiddenLayers(topology).reduce((sum, { units }) => sum + 2 * units, 0)
  return 2 * parameterCount(topology) < rows * passed
}

/** What openTraining() makes: all that a step needs but weights, the order of rows and the rate. */
export interface OpenedTraining {
  readonly network: NetworkArena
  readonly batch: number
  /** Most rows that go through the network at once. */
  readonly chunk: number
  /** The run's generator, before its first draw. */
  readonly random: Random
}

/**
 * Opens the arena of a run for training; its weights are 0 still.
 * Errors: throws RangeError with a sentence where setup, plan and topology do not fit together.
 */
export function openTraining(setup: TrainingSetup): OpenedTraining {
  const { kernels, topology, plan, task, train } = setup
  expectFit(topology, plan, task, setup.classes)
  if (train.rows < 1) throw new RangeError('The training part has no rows.')
  const wishes = { isWeighted: train.weights !== undefined, guardBytes: setup.guardBytes }
  const { batch, needs } = needsOf(topology, plan, train.rows, wishes)
  const limits = setup.targetScale && outputLimits(setup.targetScale)
  const network = openNetworkArena(kernels, setup.arena, topology, plan, task, needs, limits)
  const { program } = network
  const noiseSeed = new Random(setup.seed + 1).bits() | 0
  program.prepareTraining({
    ...train,
    needs,
    batch,
    optimizer: optimizers[plan.optimizer.name].loop,
    // AdamW decays in its own step, in the place of the plan's decay.
    numbers: { ...plan.regularisation, ...stepNumbersOf(plan.optimizer) },
    weighsClasses: plan.classWeights !== undefined && (plan.labelSmoothing ?? 0) > 0,
    noiseSeed
  })
  if (needs.isWeighted) weighRows(program, setup)
  return { network, batch, chunk: needs.chunk, random: new Random(setup.seed) }
}

function weighRows(
  program: Program,
  { kernels, train, classes, plan }: Pick<TrainingSetup, 'kernels' | 'train' | 'classes' | 'plan'>
): void {
  const { classWeights, labelSmoothing = 0 } = plan
  if (classWeights && labelSmoothing > 0 && train.weights !== undefined) {
    throw new RangeError(
      'Weights of rows, class weights and label smoothing do not go together; leave one of them out.'
    )
  }
  const targets = targetsOf(kernels, train)
  const ofClasses = classWeights && scaledClassWeights(targets, classes, classWeights)
  program.rowWeights.set(scaledRowWeights(targets, rowWeightsOf(kernels, train), ofClasses))
  if (ofClasses && program.classWeights.length === classes) program.classWeights.set(ofClasses)
}

/** Begins an epoch: draws the order of its rows, from the first one on and with nothing summed. */
export function beginEpoch(program: Program, plan: TrainingPlan, random: Random): void {
  const { order } = program
  for (let row = 0; row < order.length; row++) order[row] = row
  if (plan.order !== 'sequential') random.shuffle(order)
  program.cursor = 0
  program.epochSums = noSums
}
