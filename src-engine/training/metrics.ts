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
 */
export function metricColumns(task: Task, _topology: Topology): string[] {
  const figures = task === 'classification' ? ['Loss', 'Accuracy'] : ['Loss', 'Rmse', 'Mae', 'R2']
  return [
    'seconds',
    'samplesPerSecond',
    'learningRate',
    ...figures.map((figure) => `train${figure}`),
    ...figures.map((figure) => `validation${figure}`)
  ]
}
