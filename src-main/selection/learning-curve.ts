/** Learning curves: error over the number of training rows, and whether more rows or more units would help. Pure. */
import type { Trial } from '#lab/selection/complexity.ts'
import { kindsOf, settingsApart, type RunTrial, trialsOf } from '#lab/selection/groups.ts'
import { mean, quartiles, standardError } from '#trials/statistics.ts'
import type { LearningCurve } from '#contract/selection.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import { hiddenLayers } from '#engine/network/topology.ts'
import type { Measure } from '#trials/measure.ts'
import { trialKeys } from '#trials/trial-keys.ts'
import { formatSetShare } from '#words/numbers.ts'

/** The gap between training and validation error is small where the training error is at least so much of the other. */
const smallGapShare = 0.8

export const adviceRule =
  'More rows, if the validation error still fell from the second largest share of the rows to the largest by more than ' +
  'the standard error of that fall over the seeds they share. Else more units, if at least ' +
  `${smallGapShare * 100} % of the validation error is there on the training rows too. Else neither.`

/** The results on one share of the training rows. */
export interface SharePoint {
  readonly share: number
  readonly trials: readonly Trial[]
}

/**
 * The curve of each topology and plan that some runs trained on a share of the rows; the newest first. One without a
 * result is left out, and puts no word to the names of the others.
 */
export function learningCurvesOf(
  runs: readonly TrialRun[],
  measure: Measure,
  rowsOf: (share: number) => number,
  format: (error: number) => string
): LearningCurve[] {
  const kinds = kindsOf(runs.filter((run) => shareOf(run) !== null)).filter((members) =>
    members.some(({ data }) => data.kind === 'share')
  )
  const drawn = kinds
    .map((members) => {
      const shares = [...Map.groupBy(members, (run) => shareOf(run) ?? 1)].sort(([a], [b]) => a - b)
      const points = shares
        .map(([share, own]) => ({ share, ...trialsOf(own, measure) }))
        .filter(({ trials }) => trials.length > 0)
      return { members, points }
    })
    .filter(({ points }) => points.length > 0)
  const firsts = drawn.flatMap(({ members: [first] }) => first ?? [])
  const settings = settingsApart(firsts)
  const curves = drawn.map(({ members, points }, index) => {
    const first = firsts[index]
    return {
      id: Math.max(...members.map(({ id }) => id)),
      key: first ? trialKeys(first).key : '',
      hidden: first ? [...hiddenLayers(first.topology)] : [],
      settings: settings[index] ?? [],
      points: points.map(({ share, unfinished, trials }) => ({
        share,
        rows: rowsOf(share),
        seeds: trials.length,
        unfinished,
        train: quartiles(trials.map(({ trainError }) => trainError)),
        validation: quartiles(trials.map(({ validationError }) => validationError)),
        trials: trials.flatMap(toContract)
      })),
      advice: { ...adviseOn(points, format), rule: adviceRule }
    }
  })
  return curves.sort((a, b) => b.id - a.id).map(({ id: _, ...curve }) => curve)
}

/** Tells whether more rows or more units would help, from points in the order of their shares. */
export function adviseOn(
  points: readonly SharePoint[],
  format: (error: number) => string
): Pick<LearningCurve['advice'], 'helps' | 'reason'> {
  const [fewer, most] = points.slice(-2)
  const pairs = (most?.trials ?? []).flatMap(({ seed, trainError, validationError }) => {
    const other = fewer?.trials.find((each) => each.seed === seed)
    return other ? [{ fall: other.validationError - validationError, trainError, validationError }] : []
  })
  if (!fewer || !most || pairs.length < 2) {
    return {
      helps: 'unknown',
      reason: 'It takes the two largest shares with two seeds in common to tell what would help.'
    }
  }
  const fall = mean(pairs.map((pair) => pair.fall))
  const noise = standardError(pairs.map((pair) => pair.fall))
  const validation = mean(pairs.map(({ validationError }) => validationError))
  const training = mean(pairs.map(({ trainError }) => trainError))
  const shares = `from ${formatSetShare(fewer.share)} to ${formatSetShare(most.share)} of the rows`
  if (fall > noise) {
    const reason = `More rows would help: ${shares} the validation error still fell by ${format(fall)}, and the noise of that is ${format(noise)}.`
    return { helps: 'rows', reason }
  }
  const flat = `${shares} the validation error fell by no more than the noise`
  const figures = `${format(training)} in training, ${format(validation)} in validation`
  if (validation > 0 && training >= smallGapShare * validation) {
    const reason = `More units may help, more rows hardly: ${flat}, and the error is nearly as high on the training rows (${figures}). Noise in the data looks the same, so try and see.`
    return { helps: 'units', reason }
  }
  const reason = `Neither more rows nor more units would help as it looks: ${flat}, and the training rows are learned far better (${figures}). Regularisation or other inputs are next.`
  return { helps: 'neither', reason }
}

/** The share of the training part that a run learned; null where it learned other rows. */
function shareOf({ data }: TrialRun): number | null {
  if (data.kind === 'share') return data.share
  return data.kind === 'whole' ? 1 : null
}

function toContract({ runId, seed, bestEpoch, trainError, validationError }: RunTrial) {
  return runId === null ? [] : [{ runId, seed, bestEpoch, train: trainError, validation: validationError }]
}
