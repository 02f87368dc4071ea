/** How far a run has come, kept up to date record by record. */
import { Best } from '#engine/training/best.ts'
import { type EpochColumns, valueOf } from '#engine/training/epoch-columns.ts'
import { cost } from '#engine/training/part-metrics.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import type { RunProgress } from '#lab/store/runs.ts'

export interface ProgressTracker {
  /** Takes the next records into account. */
  add(piece: EpochColumns): RunProgress
  progress(): RunProgress
  /** Figures of the last epoch; null before the first. */
  latest(): { readonly train: PartMetrics; readonly validation: PartMetrics | null } | null
  /** Seconds to the last planned epoch at the pace since the start or the last resume; null before it is known. */
  eta(plannedEpochs: number): number | null
}

/**
 * Follows a run from where it stands. The best epoch is what the engine will find: the first that is better on the
 * validation figure the plan stops by, by more than its least improvement; the last one where there is no validation part.
 */
export function trackProgress(
  columns: readonly string[],
  hasValidation: boolean,
  { metric = 'loss', minimumImprovement = 0 }: TrainingPlan['stopping'],
  start: RunProgress
): ProgressTracker {
  const bestValue = start.validation ? cost(start.validation, metric) : Infinity
  const best = new Best(minimumImprovement, start.bestEpoch ?? 0, bestValue)
  let progress = start
  let latest: ReturnType<ProgressTracker['latest']> = null
  let paceStart: { readonly epochs: number; readonly seconds: number } | null = null

  /** What the plan stops by in a row, of which lower is better: every epoch is asked, so nothing else is read. */
  function costAt(piece: EpochColumns, row: number): number {
    const figureAt = (name: keyof PartMetrics) => value(columns, piece, `validation${figures[name]}`, row)
    const loss = figureAt('loss')
    return Number.isFinite(loss) ? cost({ loss, [metric]: figureAt(metric) }, metric) : NaN
  }

  function add(piece: EpochColumns): RunProgress {
    let { bestEpoch, train, validation } = progress
    const at = (row: number) => recordOf(columns, piece, row)
    for (let row = 0; row < piece.epochs; row++) {
      const epoch = piece.firstEpoch + row
      const isBetter = hasValidation
        ? best.offer(epoch, costAt(piece, row))
        : row === piece.epochs - 1 && Number.isFinite(value(columns, piece, 'trainLoss', row))
      if (!isBetter) continue
      const record = at(row)
      bestEpoch = epoch
      train = record.train
      validation = record.validation
    }
    const lastRow = piece.epochs - 1
    const last = at(lastRow)
    if (last.train) latest = { train: last.train, validation: last.validation }
    const epochs = piece.firstEpoch + lastRow
    const seconds = value(columns, piece, 'seconds', lastRow)
    // The first piece after a start or a resume tells where the pace begins; its own epochs count from the next on.
    paceStart ??= { epochs, seconds }
    progress = {
      epochs,
      bestEpoch,
      train,
      validation,
      seconds,
      samplesPerSecond: finite(value(columns, piece, 'samplesPerSecond', lastRow))
    }
    return progress
  }

  return {
    add,
    progress: () => progress,
    latest: () => latest,
    eta(plannedEpochs) {
      if (!paceStart || progress.epochs <= paceStart.epochs) return null
      const secondsPerEpoch = (progress.seconds - paceStart.seconds) / (progress.epochs - paceStart.epochs)
      return finite(Math.max(0, (plannedEpochs - progress.epochs) * secondsPerEpoch))
    }
  }
}

/** Leaves out figures that are no finite numbers; null where the loss itself is none. */
export function finiteMetrics(metrics: PartMetrics | null): PartMetrics | null {
  if (!metrics || !Number.isFinite(metrics.loss)) return null
  const kept = Object.entries(metrics).filter(([, figure]) => Number.isFinite(figure))
  return { loss: metrics.loss, ...Object.fromEntries(kept) }
}

const figures = { loss: 'Loss', accuracy: 'Accuracy', rmse: 'Rmse', mae: 'Mae', r2: 'R2' } as const

function recordOf(columns: readonly string[], piece: EpochColumns, row: number) {
  const part = (prefix: 'train' | 'validation') => {
    const entries = Object.entries(figures).map(([name, column]) => [name, value(columns, piece, prefix + column, row)])
    return finiteMetrics(Object.fromEntries(entries) as PartMetrics)
  }
  return { train: part('train'), validation: part('validation') }
}

/** NaN where there is no such column. */
function value(columns: readonly string[], piece: EpochColumns, column: string, row: number): number {
  return valueOf(piece, columns.indexOf(column), row)
}

const finite = (number: number) => (Number.isFinite(number) ? number : null)
