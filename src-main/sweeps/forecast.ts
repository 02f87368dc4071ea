/** How long a sweep will take, as a range, from the speed of earlier runs or, without any, from counted operations. */
import { quantile } from '#trials/statistics.ts'

/** The speed of an earlier run, of all its threads together. */
export interface SpeedSample {
  readonly multiplyAdds: number
  readonly samplesPerSecond: number
}

/** Runs of the sweep that are alike in what decides their time. */
export interface ForecastPoint {
  readonly multiplyAdds: number
  /** Samples that training one run to its last epoch takes. */
  readonly samples: number
  readonly runs: number
}

export interface TimeForecast {
  readonly seconds: { readonly low: number; readonly high: number }
  readonly basis: 'measured' | 'assumed'
}

/** What a sample costs beside its multiply-adds, in multiply-adds: measured on networks of 1 to 64 units. */
const overhead = 1000
/**
 * Seconds that a run takes of its thread beside training: starting, measuring, storing. Seen in sweeps of small networks
 * on two cores, the upper one while the machine was busy.
 */
const perRun = { least: 0.005, most: 0.05 }
/** Multiply-adds of training a second on a slow and a fast core; used only before anything was measured. */
const assumedSpeed = { slow: 5e8, fast: 1e10 }
/** The earlier runs nearest in size that tell the speed of a point. */
const neighbours = 9

/**
 * Forecasts the time on the clock for points whose runs share `parallel` threads.
 * `leastShare` is the least share of the planned epochs that runs are likely to take: early stopping ends some sooner.
 * Units: seconds.
 */
export function forecastTime(
  points: readonly ForecastPoint[],
  history: readonly SpeedSample[],
  parallel: number,
  leastShare: number
): TimeForecast {
  const measured = measuredOf(history)
  const totals = points.reduce(
    (sum, point) => {
      const { speed } = speedOf(point, measured)
      const work = workOf(point) * point.runs
      return {
        low: sum.low + (leastShare * work) / speed.fast + perRun.least * point.runs,
        high: sum.high + work / speed.slow + perRun.most * point.runs
      }
    },
    { low: 0, high: 0 }
  )
  return {
    seconds: { low: totals.low / parallel, high: totals.high / parallel },
    basis: measured.length > 0 ? 'measured' : 'assumed'
  }
}

/** Forecasts the time that one epoch trains, without what a run takes beside training. Units: seconds. */
export function forecastEpoch(point: Omit<ForecastPoint, 'runs'>, history: readonly SpeedSample[]): TimeForecast {
  const { speed, basis } = speedOf(point, measuredOf(history))
  const work = workOf(point)
  return { seconds: { low: work / speed.fast, high: work / speed.slow }, basis }
}

const measuredOf = (history: readonly SpeedSample[]) => history.filter(({ samplesPerSecond }) => samplesPerSecond > 0)

const workOf = ({ multiplyAdds, samples }: Omit<ForecastPoint, 'runs'>) => samples * (multiplyAdds + overhead)

function speedOf(point: Pick<ForecastPoint, 'multiplyAdds'>, measured: readonly SpeedSample[]) {
  return measured.length > 0
    ? { speed: measuredSpeed(point, measured), basis: 'measured' as const }
    : { speed: assumedSpeed, basis: 'assumed' as const }
}

/** The quartiles of the speed of the runs nearest in size, in multiply-adds a second with the overhead. */
function measuredSpeed({ multiplyAdds }: Pick<ForecastPoint, 'multiplyAdds'>, history: readonly SpeedSample[]) {
  const distance = (sample: SpeedSample) =>
    Math.abs(Math.log((sample.multiplyAdds + overhead) / (multiplyAdds + overhead)))
  const speeds = history
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, neighbours)
    .map((sample) => sample.samplesPerSecond * (sample.multiplyAdds + overhead))
  return { slow: quantile(speeds, 0.25), fast: quantile(speeds, 0.75) }
}
