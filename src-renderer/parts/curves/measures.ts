/** What can be drawn of a run: a measure with its name, its columns and how its values are written. */
import type { Task } from '#engine/network/losses.ts'
import { formatFigure, formatShare } from '#words/numbers.ts'

export interface Measure {
  /** As in the columns of a run's records: `Loss` is in `trainLoss` and `validationLoss`. */
  readonly column: 'Loss' | 'Accuracy' | 'Rmse' | 'Mae' | 'R2'
  readonly label: string
  readonly help: string
  readonly format: (value: number) => string
  /** Of the axis; left out for numbers without one. */
  readonly unit?: string
  readonly formatTick?: (value: number) => string
  readonly bounds?: { readonly minimum?: number; readonly maximum?: number }
}

const loss: Measure = {
  column: 'Loss',
  label: 'Loss',
  help: 'What training makes small. Training: mean over the batches of the epoch; validation: at its end.',
  format: formatFigure
}

const scores: Record<Task, readonly Measure[]> = {
  classification: [
    {
      column: 'Accuracy',
      label: 'Accuracy',
      help: 'The share of rows whose class is named rightly.',
      format: formatShare,
      formatTick: (value) => `${Number((value * 100).toFixed(1))}%`,
      bounds: { maximum: 1 }
    }
  ],
  regression: [
    {
      column: 'Rmse',
      label: 'RMSE',
      help: "Root of the mean squared error, in the target's own units.",
      format: formatFigure
    },
    { column: 'Mae', label: 'MAE', help: "Mean absolute error, in the target's own units.", format: formatFigure },
    {
      column: 'R2',
      label: 'R2',
      help: 'Share of the variance that is explained: 1 is perfect, 0 no better than the mean.',
      format: formatFigure,
      bounds: { maximum: 1 }
    }
  ]
}

/** The loss, and the scores a task is judged by. */
export function measuresOf(task: Task): { loss: Measure; scores: readonly Measure[] } {
  return { loss, scores: scores[task] }
}
