/** The figures of outputs that no network of the engine gives by itself, such as those of an ensemble. */
import { spreadOf } from '#engine/training/part-metrics.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import { figureRows, type RowFigures } from '#engine/training/row-figures.ts'
import type { Task } from '#engine/network/losses.ts'

export interface MeasuredOutputs {
  readonly task: Task
  readonly classes: number
  /** Outputs a row. */
  readonly units: number
  /** (rows, units) row by row: probabilities, or scaled numbers. */
  readonly outputs: Float32Array
  /** (rows) class numbers or scaled numbers. */
  readonly targets: Float32Array
  readonly deviation: number
}

/**
 * Measures outputs as the engine measures those of a network.
 * Units: the loss is the mean of -log of the true class's probability, or half the mean squared error in scaled units.
 */
export function metricsOfOutputs({ task, units, outputs, targets, deviation }: MeasuredOutputs): PartMetrics {
  const figuring = figureRows({ task, units, targets, deviation }, targets.length)
  figuring.add(outputs)
  const { departures, surprises } = figuring.finish()
  const rows = targets.length
  if (task === 'classification') {
    const right = departures.reduce((count, departure) => count + (departure === 0 ? 1 : 0), 0)
    return { loss: sum(surprises) / rows, accuracy: right / rows }
  }
  const squared = sum(departures.map((residual) => residual ** 2))
  const spread = spreadOf(targets) * deviation ** 2
  return {
    loss: squared / deviation ** 2 / rows / 2,
    rmse: Math.sqrt(squared / rows),
    mae: sum(departures.map(Math.abs)) / rows,
    r2: spread > 0 ? 1 - squared / spread : NaN
  }
}

/** What is kept of single rows. */
export function rowsOfOutputs(measured: MeasuredOutputs): RowFigures {
  const figuring = figureRows(measured)
  figuring.add(measured.outputs)
  return figuring.finish()
}

function sum(values: Float32Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
