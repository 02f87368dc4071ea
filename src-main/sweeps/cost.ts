/** What a sweep cost, and how much of it went to topologies that lost. Pure. */
import { mean, standardError } from '#trials/statistics.ts'
import type { SweepTrial } from '#lab/store/sweeps.ts'

export interface SweepCost {
  readonly seconds: number
  readonly lostSeconds: number
  readonly lostShare: number
}

/**
 * Adds up the training time. A point has lost where it has no finished run, or where its mean validation loss is above
 * the best point's by more than the standard error of that. Points are compared among as many as were trained on the same
 * rows: `alike` of them, one set after the other.
 * Units: seconds of training, of all runs together.
 */
export function costOf(trials: readonly SweepTrial[], alike = Infinity): SweepCost {
  const sets = [...Map.groupBy(trials, ({ point }) => Math.floor(point / alike)).values()].map(costOfSet)
  const seconds = sum(sets.map((set) => set.seconds))
  const lostSeconds = sum(sets.map((set) => set.lostSeconds))
  return { seconds, lostSeconds, lostShare: seconds > 0 ? lostSeconds / seconds : 0 }
}

function costOfSet(trials: readonly SweepTrial[]): Omit<SweepCost, 'lostShare'> {
  const points = [...Map.groupBy(trials, ({ point }) => point).values()].map((runs) => {
    const losses = runs.flatMap(({ status, validationLoss }) =>
      status === 'done' && validationLoss !== null ? [validationLoss] : []
    )
    return { seconds: sum(runs.map(({ seconds }) => seconds)), losses }
  })
  const finished = points.filter(({ losses }) => losses.length > 0)
  const best = finished.toSorted((a, b) => mean(a.losses) - mean(b.losses))[0]
  const error = best ? standardError(best.losses) : 0
  const limit = best ? mean(best.losses) + (Number.isNaN(error) ? 0 : error) : -Infinity
  const lost = points.filter(({ losses }) => losses.length === 0 || mean(losses) > limit)
  return { seconds: sum(points.map((point) => point.seconds)), lostSeconds: sum(lost.map((point) => point.seconds)) }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
