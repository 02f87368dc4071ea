/** Sweeps in words: how far one is, what it tries, and what it cost. */
import type { Sweep, SweepStatus } from '#contract/sweeps.ts'
import { describeRepeats } from '#renderer/state/forecast.svelte.ts'
import { formatCount, formatNumbered, formatRoughSeconds, formatSeconds, formatShare } from '#renderer/state/format.ts'

export const sweepStatusLabels: Record<SweepStatus, string> = {
  running: 'Running',
  paused: 'Paused',
  interrupted: 'Interrupted',
  done: 'Done',
  stopped: 'Stopped'
}

/** Runs that have come to an end, whatever it was. */
export const endedRuns = ({ runs }: Sweep): number => runs.done + runs.stopped + runs.failed

/** Writes how far a sweep is: `45 of 120 runs, 2 training, rung 1 of 3, about 40 s left`. */
export function describeProgress(sweep: Sweep): string {
  const { runs, planned, rung, etaSeconds, elapsedSeconds, settings } = sweep
  const { minutes } = settings.budget
  return [
    `${formatCount(endedRuns(sweep))} of ${formatNumbered(planned, 'run')}`,
    runs.running > 0 ? `${formatCount(runs.running)} training` : '',
    runs.failed > 0 ? `${formatCount(runs.failed)} diverged or failed` : '',
    rung
      ? `rung ${rung.number} of ${rung.of} with ${formatNumbered(rung.points, 'point')} to epoch ${formatCount(rung.epochs)}`
      : '',
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
