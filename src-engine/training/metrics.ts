/**
 * What a run measures: the columns of its epoch records, and the metrics of one part at one epoch.
 * Pure data; the trainer fills it, the store keeps it, the charts read it.
 */
import type { Task } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'

/**
 * Figures of one part of the data. `loss` is the plan's loss without penalties;
 * accuracy is a share from 0 to 1; rmse and mae are in the target's own units.
 */
export interface PartMetrics {
  readonly loss: number
  readonly accuracy?: number
  readonly rmse?: number
  readonly mae?: number
  readonly r2?: number
}

/** Figures of one class against all others; shares from 0 to 1. */
export interface ClassDetails {
  /** Of the rows said to be of this class, the share that are; 0 where none was said to be. */
  readonly precision: number
  /** Of the rows of this class, the share found; 0 where there is none. */
  readonly recall: number
  readonly f1: number
  /** Rows of this class. */
  readonly support: number
  /** Area under the ROC curve; null where the part has only rows of the class, or none, or is too large to sort. */
  readonly rocAuc: number | null
}

export type ClassAverages = Pick<ClassDetails, 'precision' | 'recall' | 'f1'>

/** All metrics of one part with the weights of the best epoch. */
export type PartDetails =
  | {
      readonly task: 'classification'
      /** Rows counted by true class, then by predicted class; null for more than 100 classes. */
      readonly confusion: readonly (readonly number[])[] | null
      readonly classes: readonly ClassDetails[]
      /** Each class counts alike. */
      readonly macro: ClassAverages
      /** Each class counts as its rows. */
      readonly weighted: ClassAverages
      /** Mean over the classes that have one; null where none has. */
      readonly rocAuc: number | null
      readonly logLoss: number
    }
  | {
      readonly task: 'regression'
      /** As mae and the residuals in the target's own units. */
      readonly rmse: number
      readonly mae: number
      /** Null where the targets do not vary. */
      readonly r2: number | null
      /** The residual (prediction - target) below which a share of the rows lies. */
      readonly residuals: readonly { readonly share: number; readonly value: number }[]
    }

export interface RunDetails {
  /** The best epoch, whose weights were measured. */
  readonly epoch: number
  readonly train: PartDetails
  readonly validation: PartDetails | null
}

/**
 * Names the columns of a run's epoch records, in order. Record i of a run belongs to epoch i + 1.
 * `train*` columns are means over the epoch's own batches while the weights moved; `validation*` columns are
 * measured at the end of the epoch, NaN where it was not measured. `seconds` is training time since the start, pauses left out.
 * Layers count from 1: `gradientNormL` is the norm at the epoch's last step, before penalties and clipping; `weightNormL`
 * leaves biases out; `quietL` of a hidden layer is the share of dead units (ReLU: not one validation row gets through) or
 * of saturated outputs (sigmoid, tanh: slope below a twentieth of its largest), NaN for other activations.
 */
export function metricColumns(task: Task, topology: Topology): string[] {
  const names = task === 'classification' ? ['Loss', 'Accuracy'] : ['Loss', 'Rmse', 'Mae', 'R2']
  const layers = topology.layers.map((_, index) => index + 1)
  return [
    'seconds',
    'samplesPerSecond',
    'learningRate',
    ...names.map((name) => `train${name}`),
    ...names.map((name) => `validation${name}`),
    ...layers.map((layer) => `gradientNorm${layer}`),
    ...layers.map((layer) => `weightNorm${layer}`),
    ...layers.slice(0, -1).map((layer) => `quiet${layer}`)
  ]
}
