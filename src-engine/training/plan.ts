/**
 * A training plan: everything that decides how a topology is trained, but the seed, as plain data.
 * Ranges and one sentence of help per field are in plan-fields.ts; the checks read the same table as UI and CLI.
 * Fields that may be missing came later; missing means what the field's comment says, so old plans stay as they were.
 */
import { activations } from '#engine/network/activations.ts'
import type { Initialisation } from '#engine/network/initialisations.ts'
import { type LossEntry, type LossName, losses } from '#engine/network/losses.ts'
import { parameterCount, type Topology } from '#engine/network/topology.ts'
import type { Problem } from '#engine/problem.ts'
import { type Optimizer, optimizers } from '#engine/training/optimizers.ts'
import { type PlanField, planFields, planPaths, planRanges, stoppingMetrics } from '#engine/training/plan-fields.ts'
import { valueAt } from '#engine/training/plan-values.ts'
import type { Schedule } from '#engine/training/schedules.ts'

export { planRanges } from '#engine/training/plan-fields.ts'
export type { Initialisation } from '#engine/network/initialisations.ts'
export {
  type Optimizer,
  type OptimizerEntry,
  type OptimizerName,
  optimizerNames,
  optimizers
} from '#engine/training/optimizers.ts'

export interface Stopping {
  /** The most epochs a run may take. */
  readonly epochs: number
  /** Epochs without a better validation loss before the run stops; null never stops early. */
  readonly patience: number | null
  /** By how much the loss must fall to count as better; missing: any amount. */
  readonly minimumImprovement?: number | undefined
  /** The figure of the validation part that decides which epoch is best; missing: its loss. */
  readonly metric?: 'loss' | 'accuracy' | 'rmse' | 'mae' | 'r2' | undefined
  /** Measures the validation part every so many epochs, and at the last; missing: every epoch. */
  readonly evaluateEvery?: number | undefined
  /** Stops once the loss is as low as this; missing or null: never. */
  readonly targetLoss?: number | null | undefined
  /** Stops after so many seconds of training; missing or null: never. */
  readonly seconds?: number | null | undefined
}

/** What holds a network back; a missing number is 0, which is none. Weights only, never biases. */
export interface Regularisation {
  /** Adds l1 * sum |w| to what is minimised. */
  readonly l1?: number | undefined
  /** Adds l2 / 2 * sum w^2 to what is minimised. */
  readonly l2?: number | undefined
  /** Shrinks weights by rate * weightDecay at every step, beside the gradient. */
  readonly weightDecay?: number | undefined
  /** Largest norm of the weights into one unit. */
  readonly maxNorm?: number | undefined
  /** Largest norm of the gradient of all parameters together. */
  readonly clipNorm?: number | undefined
  /** Largest size of a single number of the gradient. */
  readonly clipValue?: number | undefined
  /** Deviation of the normal noise added to inputs in training. */
  readonly inputNoise?: number | undefined
}

export interface TrainingPlan {
  readonly loss: LossName
  readonly optimizer: Optimizer
  readonly initialisation: Initialisation
  /** Samples a step; `full` takes the whole training part. */
  readonly batchSize: number | 'full'
  readonly stopping: Stopping
  /** How the learning rate moves; missing: constant. */
  readonly schedule?: Schedule | undefined
  readonly regularisation?: Regularisation | undefined
  /** Share of the wanted probability that is spread over all classes; missing: 0. Cross-entropy only. */
  readonly labelSmoothing?: number | undefined
  /** Where Huber's loss turns straight; missing: 1. */
  readonly huberDelta?: number | undefined
  /** What a row of each class counts in training, or `balanced`: as much as makes all classes count alike; missing: 1. */
  readonly classWeights?: 'balanced' | readonly number[] | undefined
  /** Order of the rows in an epoch; missing: shuffled. */
  readonly order?: 'shuffled' | 'sequential' | undefined
  /** Threads that share each batch; missing: 1. Part of the plan, because sums depend on it in their last bits. */
  readonly threads?: number | undefined
}

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
  for (const path of planPaths) {
    const { range, whole }: PlanField = planFields[path]
    const value = valueAt(plan, path)
    if (value === undefined || value === null || value === 'full') continue
    const problem = checkNumber(path, planRanges[range], value, whole === true)
    if (problem) problems.push(problem)
  }
  const output = topology.layers.at(-1)
  const allowed: readonly string[] = losses[plan.loss].outputs
  if (output && !allowed.includes(output.activation)) {
    problems.push({
      field: 'loss',
      message: `${losses[plan.loss].label} needs an output layer of ${allowed.join(' or ')}, not ${output.activation}.`
    })
  }
  topology.layers.forEach((layer, index) => {
    const entry = activations[layer.activation]
    if (!('learns' in entry)) return
    problems.push({
      field: `layers.${index}.activation`,
      message: `${entry.label} has derivative 0 almost everywhere, so gradient descent can't train layer ${index + 1}.`
    })
  })
  const isBatchNormalised = topology.layers.some((layer) => layer.normalisation === 'batch')
  if (isBatchNormalised && (plan.threads ?? 1) > 1) {
    problems.push({
      field: 'threads',
      message: 'Batch normalisation needs the whole batch in one thread; set threads to 1.'
    })
  }
  if (isBatchNormalised && plan.batchSize === 1) {
    problems.push({
      field: 'batchSize',
      message: 'Batch normalisation compares the samples of a batch with each other; set the batch size above 1.'
    })
  }
  return [...problems, ...checkLoss(plan), ...checkLbfgs(plan, topology)]
}

/** What only some losses have: smoothed labels, and figures that a loss's tasks know. */
function checkLoss({ loss, labelSmoothing = 0, stopping }: TrainingPlan): Problem[] {
  const problems: Problem[] = []
  const { label, tasks }: LossEntry = losses[loss]
  if (labelSmoothing > 0 && loss !== 'cross_entropy') {
    problems.push({ field: 'labelSmoothing', message: `${label} has no labels to smooth; set label smoothing to 0.` })
  }
  const metric = stoppingMetrics[stopping.metric ?? 'loss']
  if (!metric.tasks.some((task) => tasks.includes(task))) {
    problems.push({
      field: 'stopping.metric',
      message: `${metric.label} is no figure of ${tasks.join(' or ')}, so it can't decide which epoch is best.`
    })
  }
  return problems
}

/** Most numbers that L-BFGS may remember, 160 MB of them. */
const mostRemembered = 40_000_000

/** L-BFGS compares losses and gradients of one step with those of the next, which must be of the same function. */
function checkLbfgs(plan: TrainingPlan, topology: Topology): Problem[] {
  const { optimizer, batchSize, regularisation = {}, threads = 1 } = plan
  if (optimizer.name !== 'lbfgs') return []
  const problems: Problem[] = []
  const refuse = (field: string, message: string) => problems.push({ field, message })
  if (batchSize !== 'full') {
    refuse('batchSize', 'L-BFGS compares one step with the next, which mini-batches blur; it needs the full batch.')
  }
  if (threads > 1) refuse('threads', 'L-BFGS works in one thread; set threads to 1.')
  const unfit = (['l1', 'weightDecay', 'maxNorm', 'clipNorm', 'clipValue', 'inputNoise'] as const).find(
    (name) => (regularisation[name] ?? 0) > 0
  )
  if (unfit) {
    refuse(`regularisation.${unfit}`, `L-BFGS needs a smooth loss without noise and limits; set ${unfit} to 0.`)
  }
  if (topology.layers.some(({ dropout = 0, normalisation }) => dropout > 0 || normalisation === 'batch')) {
    refuse('optimizer.name', 'L-BFGS needs the same loss at each step; leave dropout and batch normalisation out.')
  }
  if (2 * optimizer.history * parameterCount(topology) > mostRemembered) {
    const message = `L-BFGS would remember ${optimizer.history} steps of ${parameterCount(topology)} parameters; take fewer.`
    refuse('optimizer.history', message)
  }
  return problems
}

/** A bound of a range as text: large ones with separators, small ones with all their digits. */
const written = (bound: number) => (Math.abs(bound) < 1000 ? `${bound}` : bound.toLocaleString('en-US'))

function checkNumber(
  path: string,
  range: { readonly minimum: number; readonly maximum: number; readonly open: boolean },
  value: unknown,
  whole: boolean
): Problem | null {
  if (typeof value === 'number' && value <= range.maximum && (!whole || Number.isInteger(value))) {
    if (range.open ? value > range.minimum : value >= range.minimum) return null
  }
  const [minimum, maximum] = [range.minimum, range.maximum].map(written)
  const from = range.open ? `above ${minimum}` : minimum
  const kind = whole ? 'a whole number' : 'a number'
  return { field: path, message: `${path} must be ${kind} from ${from} to ${maximum}; it is ${String(value)}.` }
}
