/**
 * A training plan: everything that decides how a topology is trained, but the seed, as plain data.
 * Defaults, ranges and one sentence of help per field; the checks read the same table as UI and CLI.
 */
import { type LossName, losses } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { Problem } from '#engine/problem.ts'

export type Optimizer =
  | { readonly name: 'sgd'; readonly learningRate: number }
  | { readonly name: 'momentum'; readonly learningRate: number; readonly momentum: number }
  | {
      readonly name: 'adam'
      readonly learningRate: number
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
    }

export type OptimizerName = Optimizer['name']

/** `auto` takes the usual choice of each layer's activation (activations table). */
export type Initialisation =
  | { readonly name: 'auto' | 'he_uniform' | 'he_normal' | 'glorot_uniform' | 'glorot_normal' | 'zeros' }
  | { readonly name: 'uniform'; readonly limit: number }
  | { readonly name: 'normal'; readonly deviation: number }

export interface Stopping {
  /** The most epochs a run may take. */
  readonly epochs: number
  /** Epochs without a better validation loss before the run stops; null never stops early. */
  readonly patience: number | null
}

export interface TrainingPlan {
  readonly loss: LossName
  readonly optimizer: Optimizer
  readonly initialisation: Initialisation
  /** Samples a step; `full` takes the whole training part. */
  readonly batchSize: number | 'full'
  readonly stopping: Stopping
}

export const optimizers = {
  sgd: {
    label: 'Gradient descent',
    formula: 'w <- w - r g',
    defaults: { name: 'sgd', learningRate: 0.01 },
    help: 'A step against the gradient, as long as the learning rate says.'
  },
  momentum: {
    label: 'Momentum',
    formula: 'v <- u v + g; w <- w - r v',
    defaults: { name: 'momentum', learningRate: 0.01, momentum: 0.9 },
    help: 'Keeps part of the last step, which carries it through flat stretches and damps zigzag.'
  },
  adam: {
    label: 'Adam',
    formula: 'm, v: running means of g and g^2; w <- w - r m^ / (sqrt(v^) + e)',
    defaults: { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    help: 'Gives every weight its own step length from running means of its gradient (Kingma & Ba 2015).'
  }
} as const satisfies Record<OptimizerName, OptimizerEntry>

export interface OptimizerEntry {
  readonly label: string
  readonly formula: string
  readonly defaults: Optimizer
  readonly help: string
}

export const optimizerNames = Object.keys(optimizers) as OptimizerName[]

/** Bounds of the plan's numbers: `minimum` and `maximum` inclusive unless `open`, which leaves the minimum out. */
export const planRanges = {
  learningRate: { minimum: 0, maximum: 10, open: true },
  momentum: { minimum: 0, maximum: 0.9999, open: false },
  epochs: { minimum: 1, maximum: 1_000_000, open: false },
  patience: { minimum: 1, maximum: 1_000_000, open: false },
  batchSize: { minimum: 1, maximum: 1_000_000, open: false }
} as const

/** The plan a new experiment starts from. */
export function defaultPlan(loss: LossName): TrainingPlan {
  return {
    loss,
    optimizer: optimizers.adam.defaults,
    initialisation: { name: 'auto' },
    batchSize: 32,
    stopping: { epochs: 200, patience: 20 }
  }
}

/** Finds what is wrong with a plan for this topology, in words; an empty list means it can be trained. */
export function checkPlan(plan: TrainingPlan, topology: Topology): Problem[] {
  const problems: Problem[] = []
  const check = (field: keyof typeof planRanges, path: string, value: number, whole: boolean) => {
    const range = planRanges[field]
    const inside = range.open ? value > range.minimum : value >= range.minimum
    if (inside && value <= range.maximum && (!whole || Number.isInteger(value))) return
    const from = range.open ? `above ${range.minimum}` : `${range.minimum}`
    problems.push({
      field: path,
      message: `${path} must be ${whole ? 'a whole number' : 'a number'} from ${from} to ${range.maximum}; it is ${value}.`
    })
  }
  check('learningRate', 'optimizer.learningRate', plan.optimizer.learningRate, false)
  if (plan.optimizer.name === 'momentum') check('momentum', 'optimizer.momentum', plan.optimizer.momentum, false)
  if (plan.batchSize !== 'full') check('batchSize', 'batchSize', plan.batchSize, true)
  check('epochs', 'stopping.epochs', plan.stopping.epochs, true)
  if (plan.stopping.patience !== null) check('patience', 'stopping.patience', plan.stopping.patience, true)

  const output = topology.layers.at(-1)
  const allowed: readonly string[] = losses[plan.loss].outputs
  if (output && !allowed.includes(output.activation)) {
    problems.push({
      field: 'loss',
      message: `${losses[plan.loss].label} needs an output layer of ${allowed.join(' or ')}, not ${output.activation}.`
    })
  }
  return problems
}
