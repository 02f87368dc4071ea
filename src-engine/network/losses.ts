/**
 * The table of losses, and which output activation each may stand behind.
 * The arithmetic is in kernels/; where loss and output activation cancel (softmax with cross-entropy,
 * sigmoid with binary cross-entropy) the kernels work on the sums directly, which stays exact for large ones.
 */
import type { ActivationName } from '#engine/network/activations.ts'

/** What a network is asked for: one of several classes, or a number. */
export type Task = 'classification' | 'regression'

export const losses = {
  mean_squared_error: {
    label: 'Mean squared error',
    formula: '1/(2m) sum_i sum_k (a_ik - t_ik)^2',
    tasks: ['regression', 'classification'],
    outputs: ['linear', 'relu', 'sigmoid', 'softplus'],
    startsFromSums: false,
    help: 'Half the mean squared difference, so that its gradient is the plain mean difference.'
  },
  mean_absolute_error: {
    label: 'Mean absolute error',
    formula: '1/m sum_i |a_i - t_i|',
    tasks: ['regression'],
    outputs: ['linear', 'relu', 'softplus'],
    startsFromSums: false,
    help: 'The mean distance; a few wild values move it less than squares would.'
  },
  huber: {
    label: 'Huber',
    formula: '1/m sum_i of e^2/2 up to |e| = d, beyond d (|e| - d/2), with e = a_i - t_i',
    tasks: ['regression'],
    outputs: ['linear', 'relu', 'softplus'],
    startsFromSums: false,
    help: 'Squared for small errors, straight for large ones: smooth at the goal, calm about wild values (Huber 1964).'
  },
  binary_cross_entropy: {
    label: 'Binary cross-entropy',
    formula: '-1/m sum_i (t_i log h_i + (1 - t_i) log(1 - h_i))',
    tasks: ['classification'],
    outputs: ['sigmoid'],
    startsFromSums: true,
    help: 'For two classes on one sigmoid unit.'
  },
  cross_entropy: {
    label: 'Cross-entropy',
    formula: '-1/m sum_i log p_i(class of row i)',
    tasks: ['classification'],
    outputs: ['softmax'],
    startsFromSums: true,
    help: 'For classes that exclude each other, behind softmax.'
  }
} as const satisfies Record<string, LossEntry>

/** One row of the table; m is the number of samples. */
export interface LossEntry {
  readonly label: string
  readonly formula: string
  readonly tasks: readonly Task[]
  readonly outputs: readonly ActivationName[]
  /** Whether it starts from the weighted sums of the output layer, its activation included; else from the outputs. */
  readonly startsFromSums: boolean
  readonly help: string
}

export type LossName = keyof typeof losses
export const lossNames = Object.keys(losses) as LossName[]

/** The output layer and loss that a task asks for, and why, in one sentence. */
export interface OutputChoice {
  readonly units: number
  readonly activation: ActivationName
  readonly loss: LossName
  readonly reason: string
}

/**
 * Chooses the output layer for a task: softmax with one unit a class, or one linear unit for a number.
 * Errors: throws RangeError for a classification with fewer than two classes.
 */
export function outputFor(task: Task, classes: number): OutputChoice {
  if (task === 'regression') {
    return {
      units: 1,
      activation: 'linear',
      loss: 'mean_squared_error',
      reason: 'The target is a number, so one linear unit gives it without bounds.'
    }
  }
  if (classes < 2) throw new RangeError(`A classification needs at least two classes; there is ${classes}.`)
  return {
    units: classes,
    activation: 'softmax',
    loss: 'cross_entropy',
    reason: `The target names one of ${classes} classes, so softmax gives one probability a class.`
  }
}
