/** Sweeps in words: what one would take, how far it is, what it tries, and what it cost. */
import type { Sweep, SweepForecast, SweepStatus } from '#contract/sweeps.ts'
import { formatCount, formatNumbered, formatShare } from '#words/numbers.ts'
import { formatRoughRange, formatRoughSeconds, formatSeconds } from '#words/times.ts'

export const sweepStatusLabels: Record<SweepStatus, string> = {
  running: 'Running',
  paused: 'Paused',
  interrupted: 'Interrupted',
  done: 'Done',
  stopped: 'Stopped'
}

/** Runs that have come to an end, whatever it was. */
export const endedRuns = ({ runs }: Sweep): number => runs.done + runs.stopped + runs.failed

/**
 * How many runs a rung of successive halving has, and how many of them are through with it: those that wait there for
 * the others count as stopped, as do those of earlier rungs that were given up.
 */
function rungRuns(sweep: Sweep, rung: NonNullable<Sweep['rung']>): { readonly all: number; readonly through: number } {
  const { planned, settings } = sweep
  const repeats = settings.seeds.length * (settings.folds ?? 1)
  const all = rung.number === 1 ? planned : Math.min(planned, rung.points * repeats)
  return { all, through: Math.max(0, all - (planned - endedRuns(sweep))) }
}

/** The share of a sweep that is behind it. Rungs of successive halving take about as long as each other. */
export function progressOf(sweep: Sweep): number {
  const { rung, planned } = sweep
  if (!rung) return planned === 0 ? 0 : endedRuns(sweep) / planned
  const { all, through } = rungRuns(sweep, rung)
  return (rung.number - 1 + (all === 0 ? 1 : through / all)) / rung.of
}

/** Writes how far a sweep is: `45 of 120 runs, 2 training, about 40 s left`, or `rung 1 of 3: 12 of 40 runs to epoch 30`. */
export function describeProgress(sweep: Sweep): string {
  const { runs, planned, rung, etaSeconds, elapsedSeconds, settings } = sweep
  const { minutes } = settings.budget
  const ofRung = rung && rungRuns(sweep, rung)
  return [
    rung && ofRung
      ? `rung ${rung.number} of ${rung.of}: ${formatCount(ofRung.through)} of ${formatNumbered(ofRung.all, 'run')} to epoch ${formatCount(rung.epochs)}`
      : `${formatCount(endedRuns(sweep))} of ${formatNumbered(planned, 'run')}`,
    runs.running > 0 ? `${formatCount(runs.running)} training` : '',
    runs.failed > 0 ? `${formatCount(runs.failed)} diverged or failed` : '',
    etaSeconds === null ? '' : `about ${formatRoughSeconds(etaSeconds)} left`,
    minutes === null ? '' : `${formatSeconds(elapsedSeconds)} of its ${formatSeconds(minutes * 60)}`
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** Writes what a sweep tried: `9 points x 5 seeds, grid`, or `9 points x 5 folds, grid`. */
export function describeSpace({ points, settings }: Sweep): string {
  const names = { grid: 'grid', random: 'drawn at random', halving: 'successive halving' }
  return `${formatNumbered(points, 'point')} \u00d7 ${describeRepeats(settings.seeds.length, settings.folds)}, ${names[settings.strategy.name]}`
}

/** Writes what an ended sweep cost, and how much of it went to losers; empty while it is not known. */
export function describeCost({ cost }: Sweep): string {
  if (!cost) return ''
  return `${formatSeconds(cost.seconds)} of training, ${formatShare(cost.lostShare)} of it on losers`
}

/** Writes a forecast as `24 topologies x 5 seeds = 120 runs, 3 to 5 min`, or `24 topologies x 5 folds = 120 runs`. */
export function describeForecast(
  { points, runs, seconds }: SweepForecast,
  folds: number | null = null,
  noun = 'topology',
  plural = 'topologies'
): string {
  const repeats = describeRepeats(Math.round(runs / points / (folds ?? 1)), folds)
  const product = `${formatNumbered(points, noun, plural)} \u00d7 ${repeats}`
  return `${product} = ${formatNumbered(runs, 'run')}, ${formatRoughRange(seconds.low, seconds.high)}`
}

/** Writes what every point is trained on: `5 seeds`, `5 folds`, or `5 folds x 2 seeds`. */
export function describeRepeats(seeds: number, folds: number | null): string {
  if (folds === null) return formatNumbered(seeds, 'seed')
  return seeds === 1 ? `${folds} folds` : `${folds} folds \u00d7 ${formatNumbered(seeds, 'seed')}`
}

/** Where the time of a forecast comes from, as the end of a sentence. */
export function describeBasis({ basis }: Pick<SweepForecast, 'basis'>): string {
  return basis === 'measured' ? 'by the speed of earlier runs' : 'a guess until something has been trained'
}
