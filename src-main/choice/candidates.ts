/** What can be chosen: the points of the complexity curve that are networks, each with the run that stands for it. */
import type { Candidate } from '#contract/choice.ts'
import type { Complexity, ComplexityPoint } from '#contract/selection.ts'
import { quantile } from '#trials/statistics.ts'

/** Lists the candidates, the suggested one first, then the simplest first. */
export function candidatesOf({ points, suggested }: Complexity): Candidate[] {
  return points
    .flatMap((point) => toCandidate(point, point.key === suggested))
    .toSorted((a, b) => Number(b.suggested) - Number(a.suggested))
}

function toCandidate(point: ComplexityPoint, suggested: boolean): Candidate[] {
  const runs = point.trials.flatMap(({ runId, seed, fold, validation, bestEpoch }) =>
    runId === null || !Number.isFinite(validation) ? [] : [{ runId, seed, fold, validation, bestEpoch: bestEpoch ?? 1 }]
  )
  const middle = runs.toSorted(
    (a, b) => Math.abs(a.validation - point.validation.median) - Math.abs(b.validation - point.validation.median)
  )[0]
  if (!middle) return []
  return [
    {
      key: point.key,
      hidden: point.hidden,
      settings: point.settings,
      parameters: point.parameters,
      seeds: point.seeds,
      validation: { mean: point.validation.mean, standardError: point.validation.standardError },
      runId: middle.runId,
      runs: runs.map(({ runId, seed, fold, validation }) => ({ runId, seed, fold, validation })),
      finalEpochs: Math.max(
        1,
        Math.round(
          quantile(
            runs.map(({ bestEpoch }) => bestEpoch),
            0.5
          )
        )
      ),
      suggested
    }
  ]
}
