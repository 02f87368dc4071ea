/** The mean curve of runs that differ in nothing but the seed, with its deviation, epoch by epoch. Pure. */
import type { Run } from '#contract/runs.ts'
import type { ShownRun } from '#renderer/parts/curves/shown-run.ts'
import { formatSpread } from '#renderer/pure/runs/run-columns.ts'
import type { RunKinds } from '#renderer/pure/runs/run-groups.ts'

export interface MeanPart {
  readonly mean: Float32Array
  /** Standard deviation of the sample; 0 where a single run is left. */
  readonly deviation: Float32Array
}

export interface MeanCurve {
  readonly label: string
  readonly runs: number
  readonly epochs: number
  /** Mean training time at the end of each epoch. */
  readonly seconds: Float32Array
  readonly training: MeanPart
  readonly validation: MeanPart
}

const ended: readonly Run['status'][] = ['stopped', 'interrupted', 'diverged', 'failed']

/** Whether a run counts in a mean: those that broke off would bend it. */
export function countsInMean({ run }: ShownRun): boolean {
  return !ended.includes(run.status)
}

/** Whether there is a mean to draw: of one run, or of runs that all broke off, the curves themselves are shown. */
export function hasMeans(shown: readonly ShownRun[]): boolean {
  return shown.length > 1 && shown.some(countsInMean)
}

/** What the mean is over, as the choice of lines names it. */
export function nameOfMeans(runs: readonly Pick<Run, 'data'>[]): string {
  const folds = runs.filter(({ data }) => data.kind === 'fold').length
  return folds === 0 ? 'Mean of seeds' : folds === runs.length ? 'Mean of folds' : 'Means'
}

/**
 * Groups runs by all but the seed and takes their mean. A mean goes on as long as at least half of the runs have the
 * epoch, so that the last few that train longest do not speak for all.
 */
export function meanCurves(shown: readonly ShownRun[], column: string, kinds: RunKinds): MeanCurve[] {
  const groups = Map.groupBy(shown.filter(countsInMean), ({ run }) => kinds.of(run))
  const names = [...groups.keys()].map(({ topology }) => topology)
  return [...groups].map(([kind, members], index) => {
    const lengths = members.map(({ curve }) => curve.epochs).sort((a, b) => b - a)
    const epochs = lengths[Math.ceil(lengths.length / 2) - 1] ?? 0
    const columnsOf = (name: string) => members.map(({ curve }) => curve.column(name))
    const isNamedTwice = names.indexOf(kind.topology) !== names.lastIndexOf(kind.topology)
    return {
      label: isNamedTwice ? `${kind.topology} (${index + 1})` : kind.topology,
      runs: members.length,
      epochs,
      seconds: meanOf(columnsOf('seconds'), epochs).mean,
      training: meanOf(columnsOf(`train${column}`), epochs),
      validation: meanOf(columnsOf(`validation${column}`), epochs)
    }
  })
}

/** Writes a mean with its deviation at an epoch, counted from 1. */
export function writeMean(part: MeanPart, runs: number, epoch: number, write: (value: number) => string): string {
  const deviation = runs > 1 ? (part.deviation[epoch - 1] ?? null) : null
  return formatSpread({ mean: part.mean[epoch - 1] ?? NaN, deviation, count: runs }, write)
}

function meanOf(columns: readonly Float32Array[], epochs: number): MeanPart {
  const mean = new Float32Array(epochs)
  const deviation = new Float32Array(epochs)
  for (let index = 0; index < epochs; index++) {
    let [count, sum, squares] = [0, 0, 0]
    for (const values of columns) {
      const value = values[index] ?? NaN
      if (!Number.isFinite(value)) continue
      // Running mean and squares (Welford): a small spread on a large loss is not lost.
      count++
      const before = value - sum
      sum += before / count
      squares += before * (value - sum)
    }
    mean[index] = count === 0 ? NaN : sum
    deviation[index] = count < 2 ? 0 : Math.sqrt(squares / (count - 1))
  }
  return { mean, deviation }
}
