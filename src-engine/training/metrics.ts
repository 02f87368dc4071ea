/**
 * What a run measures: the columns of its epoch records, and the figures of one part at one epoch.
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

/**
 * Names the columns of a run's epoch records, in order. Record i of a run belongs to epoch i + 1.
 * `train*` columns are means over the epoch's own batches while the weights moved; `validation*` columns are
 * measured at the end of the epoch, NaN where it was not measured. `seconds` is training time since the start, pauses left out.
 * Layers count from 1: `gradientNormL` is the norm at the epoch's last step, before penalties and clipping; `weightNormL`
 * leaves biases out; `quietL` of a hidden layer is the share of dead units (ReLU: not one validation row gets through) or
 * of saturated outputs (sigmoid, tanh: slope below a twentieth of its largest), NaN for other activations.
 */
export function metricColumns(task: Task, topology: Topology): string[] {
  const figures = task === 'classification' ? ['Loss', 'Accuracy'] : ['Loss', 'Rmse', 'Mae', 'R2']
  const layers = topology.layers.map((_, index) => index + 1)
  return [
    'seconds',
    'samplesPerSecond',
    'learningRate',
    ...figures.map((figure) => `train${figure}`),
    ...figures.map((figure) => `validation${figure}`),
    ...layers.map((layer) => `gradientNorm${layer}`),
    ...layers.map((layer) => `weightNorm${layer}`),
    ...layers.slice(0, -1).map((layer) => `quiet${layer}`)
  ]
}
