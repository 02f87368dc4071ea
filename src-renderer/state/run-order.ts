/** Orders of the runs table. */
import type { Run } from '#contract/runs.ts'

export const runOrders = ['id', 'status', 'topology', 'loss', 'score', 'epochs', 'seconds'] as const
export type RunOrder = (typeof runOrders)[number]

export interface Sorting {
  readonly by: RunOrder
  readonly ascending: boolean
}

/** The figure a run is judged by beside its loss: accuracy, or RMSE for numbers. */
export function scoreOf(metrics: Run['validation']): number | undefined {
  return metrics?.accuracy ?? metrics?.rmse
}

/** Sorts runs; those without the figure come last whichever way, equals newest first. */
export function sortRuns(runs: readonly Run[], { by, ascending }: Sorting): Run[] {
  const sign = ascending ? 1 : -1
  return [...runs].sort((a, b) => {
    const [left, right] = [keyOf(a, by), keyOf(b, by)]
    if (left === undefined || right === undefined) {
      return left === right ? b.id - a.id : left === undefined ? 1 : -1
    }
    if (left === right) return b.id - a.id
    return left < right ? -sign : sign
  })
}

function keyOf(run: Run, by: RunOrder): number | string | undefined {
  switch (by) {
    case 'id':
      return run.id
    case 'status':
      return run.status
    case 'topology':
      return run.parameters
    case 'loss':
      return run.validation?.loss
    case 'score':
      return scoreOf(run.validation)
    case 'epochs':
      return run.epochs
    case 'seconds':
      return run.seconds
  }
}
