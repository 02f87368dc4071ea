/**
 * How far the runs are that were started by hand: those under way with those that were started together with them.
 * The runs of sweeps are left to their sweep, which tells of itself. Pure.
 */
import type { Run } from '#contract/runs.ts'
import { isActive } from '#trials/run-status.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'
import { formatRoughSeconds } from '#words/times.ts'

export interface TrainingProgress {
  /** Those that train, wait or are paused. */
  readonly underWay: readonly Run[]
  /** With those that were started together with them and have ended. */
  readonly all: readonly Run[]
  /** From 0 to 1, in planned epochs; what has ended counts in full. */
  readonly share: number
  /** To the last planned epoch of all that trains or waits; null where the pace is not known. */
  readonly etaSeconds: number | null
}

/** Tells how far they are; null where none is under way. */
export function trainingProgressOf(runs: readonly Run[]): TrainingProgress | null {
  const own = runs.filter(({ sweepId }) => sweepId === undefined)
  const underWay = own.filter(isActive)
  if (underWay.length === 0) return null
  const starts = new Set(underWay.map(({ createdAt }) => createdAt))
  const all = own.filter(({ createdAt }) => starts.has(createdAt))
  const shares = all.map((run) => (isActive(run) ? Math.min(1, run.epochs / run.plan.stopping.epochs) : 1))
  return { underWay, all, share: shares.reduce((sum, share) => sum + share, 0) / all.length, etaSeconds: eta(underWay) }
}

/** Writes it: `epoch 120 of 500, about 12 s left`, or `1 of 5 runs, 2 in training, about 40 s left`. */
export function describeTraining({ underWay, all, etaSeconds }: TrainingProgress): string {
  const count = (wanted: Run['status']) => underWay.filter(({ status }) => status === wanted).length
  const [only] = all.length === 1 ? all : []
  const parts = only
    ? [`epoch ${formatCount(only.epochs)} of ${formatCount(only.plan.stopping.epochs)}`]
    : [`${formatCount(all.length - underWay.length)} of ${formatNumbered(all.length, 'run')}`]
  if (!only && count('running') > 0) parts.push(`${formatCount(count('running'))} in training`)
  if (count('running') === 0 && count('queued') > 0) parts.push('waiting for a free thread')
  if (count('paused') > 0) parts.push(only ? 'paused' : `${formatCount(count('paused'))} paused`)
  if (etaSeconds !== null) parts.push(`about ${formatRoughSeconds(etaSeconds)} left`)
  return parts.join(', ')
}

/** What waits is taken to need as long an epoch as what trains does on average, and as many threads. */
function eta(runs: readonly Run[]): number | null {
  const training = runs.filter(({ status }) => status === 'running')
  const known = training.flatMap(({ etaSeconds, epochs, plan }) => {
    const left = plan.stopping.epochs - epochs
    return etaSeconds === null || left <= 0 ? [] : [{ etaSeconds, secondsPerEpoch: etaSeconds / left }]
  })
  if (known.length === 0) return null
  const pace = known.reduce((sum, { secondsPerEpoch }) => sum + secondsPerEpoch, 0) / known.length
  const left = runs
    .filter(({ status }) => status !== 'paused')
    .reduce((sum, { etaSeconds, epochs, plan }) => sum + (etaSeconds ?? (plan.stopping.epochs - epochs) * pace), 0)
  return Math.max(left / training.length, ...known.map(({ etaSeconds }) => etaSeconds))
}
