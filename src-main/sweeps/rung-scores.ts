/** What the points of a sweep had reached at an epoch, read from the stored curves, so that all are compared there. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { columnOf } from '#engine/training/epoch-columns.ts'
import type { RungScores } from '#lab/sweeps/halving.ts'
import type { MetricQueries } from '#lab/store/metrics.ts'
import type { SweepTrial } from '#lab/store/sweeps.ts'
import { hasFailed } from '#trials/run-status.ts'

/** Pieces read at once. */
const pagePieces = 64

/** Reads the lowest validation loss of each trial up to an epoch; a trial without one has the score Infinity. */
export async function readRungScores(
  metrics: MetricQueries,
  columnsOf: (runId: number) => readonly string[],
  trials: readonly SweepTrial[],
  epoch: number
): Promise<RungScores[]> {
  const points = new Map<number, number[]>()
  for (const { point, runId, status } of trials) {
    const score = hasFailed({ status })
      ? Infinity
      : lowestLoss(metrics, columnsOf(runId).indexOf('validationLoss'), runId, epoch)
    points.set(point, [...(points.get(point) ?? []), score])
    await nextTurn()
  }
  return [...points].map(([point, scores]) => ({ point, scores }))
}

function lowestLoss(metrics: MetricQueries, column: number, runId: number, epoch: number): number {
  let lowest = Infinity
  for (let last = 0; column >= 0;) {
    const page = metrics.after([runId], last, pagePieces)
    for (const piece of page) {
      const rows = Math.max(0, epoch - piece.firstEpoch + 1)
      for (const loss of columnOf(piece, column).subarray(0, rows)) if (loss < lowest) lowest = loss
    }
    const end = page.at(-1)
    if (!end) break
    last = end.sequence
  }
  return lowest
}
