/**
 * The training plan that a person is editing. Numbers may be absent while a field is empty; `problems` says so beside
 * the field, in the same words as the engine's own checks.
 */
import type { InitialisationName } from '#engine/network/initialisations.ts'
import type { LossName } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { Problem } from '#engine/problem.ts'
import {
  checkPlan,
  defaultPlan,
  type Initialisation,
  type Optimizer,
  type OptimizerName,
  optimizers,
  type TrainingPlan
} from '#engine/training/plan.ts'

/** Labels of the plan's fields by their path, for the form and for the sentences of its problems. */
export const planLabels: Record<string, string> = {
  'optimizer.learningRate': 'Learning rate',
  'optimizer.momentum': 'Momentum',
  'optimizer.beta1': 'Beta 1',
  'optimizer.beta2': 'Beta 2',
  'optimizer.epsilon': 'Epsilon',
  batchSize: 'Batch size',
  threads: 'Threads',
  'stopping.epochs': 'Epochs',
  'stopping.patience': 'Patience',
  labelSmoothing: 'Label smoothing',
  'initialisation.limit': 'Limit',
  'initialisation.deviation': 'Deviation'
}

/** A number field's value: null while it is empty. */
type Entry = number | null

export class PlanDraft {
  loss: LossName
  optimizer = $state<OptimizerName>('adam')
  learningRate = $state<Entry>(null)
  momentum = $state<Entry>(optimizers.momentum.defaults.momentum)
  beta1 = $state<Entry>(optimizers.adam.defaults.beta1)
  beta2 = $state<Entry>(optimizers.adam.defaults.beta2)
  epsilon = $state<Entry>(optimizers.adam.defaults.epsilon)
  fullBatch = $state(false)
  batchSize = $state<Entry>(32)
  epochs = $state<Entry>(null)
  stopEarly = $state(true)
  patience = $state<Entry>(20)
  initialisation = $state<InitialisationName>('auto')
  threads = $state<Entry>(1)
  limit = $state<Entry>(0.5)
  deviation = $state<Entry>(0.1)
  labelSmoothing = $state<Entry>(0)
  balanceClasses = $state(false)
  /** What the form shows no field for stays as it was in the plan that was put in. */
  #replaced = $state.raw<TrainingPlan | null>(null)

  constructor(loss: LossName) {
    this.loss = loss
    this.replace(defaultPlan(loss))
  }

  replace(plan: TrainingPlan): void {
    this.#replaced = plan
    this.optimizer = plan.optimizer.name
    this.learningRate = plan.optimizer.learningRate
    if ('momentum' in plan.optimizer) this.momentum = plan.optimizer.momentum
    if ('beta1' in plan.optimizer) {
      this.beta1 = plan.optimizer.beta1
      this.beta2 = plan.optimizer.beta2
      this.epsilon = plan.optimizer.epsilon
    }
    this.fullBatch = plan.batchSize === 'full'
    if (plan.batchSize !== 'full') this.batchSize = plan.batchSize
    this.threads = plan.threads ?? 1
    this.epochs = plan.stopping.epochs
    this.stopEarly = plan.stopping.patience !== null
    if (plan.stopping.patience !== null) this.patience = plan.stopping.patience
    this.labelSmoothing = plan.labelSmoothing ?? 0
    this.balanceClasses = plan.classWeights === 'balanced'
    this.initialisation = plan.initialisation.name
    if (plan.initialisation.name === 'uniform') this.limit = plan.initialisation.limit
    if (plan.initialisation.name === 'normal') this.deviation = plan.initialisation.deviation
  }

  /** Changes the optimizer; a learning rate still at the old optimizer's default follows to the new one's. */
  chooseOptimizer(name: OptimizerName): void {
    if (this.learningRate === optimizers[this.optimizer].defaults.learningRate) {
      this.learningRate = optimizers[name].defaults.learningRate
    }
    this.optimizer = name
  }

  /** The plan as it stands; an empty field stands as NaN, which no check lets pass. */
  get plan(): TrainingPlan {
    return {
      ...this.#replaced,
      ...this.#classes(),
      loss: this.loss,
      optimizer: this.#optimizer(),
      initialisation: this.#initialisation(),
      batchSize: this.fullBatch ? 'full' : (this.batchSize ?? NaN),
      // Left out where it is one, as in plans from before it was a field: equal plans stay equal.
      threads: this.threads === 1 ? undefined : (this.threads ?? NaN),
      stopping: {
        ...this.#replaced?.stopping,
        epochs: this.epochs ?? NaN,
        patience: this.stopEarly ? (this.patience ?? NaN) : null
      }
    }
  }

  /** What is wrong with the plan for a topology, by field; sentences name fields as the form does. */
  problems(topology: Topology): Map<string, string> {
    const plan = this.plan
    const found = [...checkPlan(plan, topology), ...this.#emptyFields(plan)]
    return new Map(found.map(({ field, message }) => [field, spell(field, message)]))
  }

  #optimizer(): Optimizer {
    const { defaults } = optimizers[this.optimizer]
    const replaced = this.#replaced?.optimizer
    const kept: Optimizer = replaced?.name === this.optimizer ? replaced : defaults
    const learningRate = this.learningRate ?? NaN
    if ('momentum' in kept) return { ...kept, learningRate, momentum: this.momentum ?? NaN }
    if ('beta1' in kept) {
      const [beta1, beta2, epsilon] = [this.beta1 ?? NaN, this.beta2 ?? NaN, this.epsilon ?? NaN]
      return { ...kept, learningRate, beta1, beta2, epsilon }
    }
    return { ...kept, learningRate }
  }

  /** Whether the loss is one of classes as probabilities, for which labels can be smoothed. */
  get smoothsLabels(): boolean {
    return this.loss === 'cross_entropy'
  }

  /** Weights of single classes, which the form does not show, stay as they were put in. */
  #classes(): Pick<TrainingPlan, 'labelSmoothing' | 'classWeights'> {
    const replaced = this.#replaced?.classWeights
    const kept = replaced === 'balanced' ? undefined : replaced
    const classWeights = this.balanceClasses ? 'balanced' : kept
    const labelSmoothing = this.labelSmoothing === 0 ? undefined : (this.labelSmoothing ?? NaN)
    return this.smoothsLabels ? { labelSmoothing, classWeights } : {}
  }

  #initialisation(): Initialisation {
    const name = this.initialisation
    if (name === 'uniform') return { name, limit: this.limit ?? NaN }
    if (name === 'normal') return { name, deviation: this.deviation ?? NaN }
    return { name }
  }

  #emptyFields(plan: TrainingPlan): Problem[] {
    const values: Record<string, number | null | 'full'> = {
      ...prefixed('optimizer', plan.optimizer),
      ...prefixed('initialisation', plan.initialisation),
      ...prefixed('stopping', plan.stopping),
      batchSize: plan.batchSize,
      threads: plan.threads ?? 1,
      labelSmoothing: plan.labelSmoothing ?? 0
    }
    return Object.entries(values)
      .filter(([, value]) => Number.isNaN(value))
      .map(([field]) => ({ field, message: `${field} needs a number.` }))
  }
}

function prefixed(prefix: string, values: object): Record<string, number | null> {
  const numbers = Object.entries(values).filter(([, value]) => typeof value === 'number')
  return Object.fromEntries(numbers.map(([name, value]) => [`${prefix}.${name}`, value as number]))
}

function spell(field: string, message: string): string {
  const label = planLabels[field]
  return label ? message.replace(field, label) : message
}
