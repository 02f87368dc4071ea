/**
 * The full figures of one part, gathered from outputs piece by piece: confusion matrix, figures of classes, areas under
 * ROC curves, residual quantiles. Figures that every epoch records are in figures.ts.
 */
import { averageMetrics, classMetrics } from '#engine/kernels/reference/metrics.ts'
import type { Task } from '#engine/network/losses.ts'
import { spreadOf } from '#engine/training/part-metrics.ts'
import type { PartDetails } from '#engine/training/metrics.ts'

export interface DetailedPart {
  readonly task: Task
  readonly classes: number
  /** Outputs of the network: one a class, or a single one. */
  readonly units: number
  /** (rows) class numbers or scaled numbers. */
  readonly targets: Float32Array
  /** Units of a target: t = scaled * deviation + mean. */
  readonly deviation: number
}

/** Takes a part's outputs in, in the order of its rows, and gives the figures in short steps. */
export interface PartDetailing {
  /** Shapes: outputs (rows, units) of the rows after those taken in before. */
  add(outputs: Float32Array): void
  /** Does the rest of the work; each step takes one class. */
  finish(): Generator<void, PartDetails, void>
}

/** Beyond so many classes nobody reads the matrix, and its square fills the store. */
const mostConfused = 100
/** Most outputs kept for sorting: 64 MB of scores, which is 1.6 million rows of 10 classes. */
const mostScores = 16_000_000
/** Shares whose residual quantiles are given: the ends, the tails and the quarters. */
const residualShares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

/** Starts the figures of a part. */
export function detailPart(part: DetailedPart): PartDetailing {
  return part.task === 'classification' ? detailClasses(part) : detailNumbers(part)
}

function detailClasses({ classes, units, targets }: DetailedPart): PartDetailing {
  const counts = new Float64Array(classes * classes)
  const keepsScores = targets.length * units <= mostScores
  const scores = new Float32Array(keepsScores ? targets.length * units : 0)
  let row = 0
  let surprise = 0
  return {
    add(outputs) {
      if (keepsScores) scores.set(outputs, row * units)
      for (let start = 0; start < outputs.length; start += units, row++) {
        const wanted = targets[row] ?? 0
        const said = predictedClass(outputs, start, units)
        const p = units === 1 ? (outputs[start] ?? 0) : (outputs[start + wanted] ?? 0)
        // As scikit-learn, so that one certain mistake does not make the mean infinite.
        surprise -= Math.log(Math.max(units === 1 && wanted === 0 ? 1 - p : p, Number.EPSILON))
        const place = wanted * classes + said
        counts[place] = (counts[place] ?? 0) + 1
      }
    },
    *finish() {
      const confusion = Array.from({ length: classes }, (_, wanted) => [
        ...counts.subarray(wanted * classes, (wanted + 1) * classes)
      ])
      const figures = classMetrics(confusion)
      const areas: (number | null)[] = []
      for (let index = 0; index < classes; index++) {
        areas.push(keepsScores ? rocAuc(scores, units, targets, index) : null)
        yield
      }
      const known = areas.filter((area) => area !== null)
      return {
        task: 'classification',
        confusion: classes <= mostConfused ? confusion : null,
        classes: figures.map((figure, index) => ({ ...figure, rocAuc: areas[index] ?? null })),
        macro: averageMetrics(figures, 'macro'),
        weighted: averageMetrics(figures, 'weighted'),
        rocAuc: known.length > 0 ? known.reduce((sum, area) => sum + area, 0) / known.length : null,
        logLoss: surprise / targets.length
      }
    }
  }
}

/** The class of one row: its largest output, or 1 where a single output is above 1/2. */
export function predictedClass(outputs: Float32Array, start: number, units: number): number {
  if (units === 1) return (outputs[start] ?? 0) > 0.5 ? 1 : 0
  let best = 0
  for (let unit = 1; unit < units; unit++) {
    if ((outputs[start + unit] ?? 0) > (outputs[start + best] ?? 0)) best = unit
  }
  return best
}

/**
 * Computes the area under the ROC curve of one class against the others; null where one side has no row.
 * Units: the chance that a row of the class scores above a row of another; ties count half.
 * Source: Hanley & McNeil 1982 (the Mann-Whitney form), counted along both sides sorted.
 */
function rocAuc(scores: Float32Array, units: number, targets: Float32Array, index: number): number | null {
  const inside = new Float32Array(targets.length)
  const outside = new Float32Array(targets.length)
  let insideCount = 0
  let outsideCount = 0
  for (let row = 0; row < targets.length; row++) {
    // A single output is the score of class 1; turned round it is that of class 0.
    const score = units === 1 ? (scores[row] ?? 0) * (index === 1 ? 1 : -1) : (scores[row * units + index] ?? 0)
    if (targets[row] === index) inside[insideCount++] = score
    else outside[outsideCount++] = score
  }
  if (insideCount === 0 || outsideCount === 0) return null
  const others = outside.subarray(0, outsideCount).sort()
  let [below, upTo, wins] = [0, 0, 0]
  for (const score of inside.subarray(0, insideCount).sort()) {
    while (below < outsideCount && (others[below] ?? 0) < score) below++
    while (upTo < outsideCount && (others[upTo] ?? 0) <= score) upTo++
    wins += (below + upTo) / 2
  }
  return wins / (insideCount * outsideCount)
}

function detailNumbers({ targets, deviation }: DetailedPart): PartDetailing {
  const residuals = new Float32Array(targets.length)
  let row = 0
  let squared = 0
  let absolute = 0
  return {
    add(outputs) {
      for (const output of outputs) {
        const residual = (output - (targets[row] ?? 0)) * deviation
        residuals[row++] = residual
        squared += residual * residual
        absolute += Math.abs(residual)
      }
    },
    *finish() {
      const spread = spreadOf(targets) * deviation ** 2
      yield
      residuals.sort()
      return {
        task: 'regression',
        rmse: Math.sqrt(squared / targets.length),
        mae: absolute / targets.length,
        r2: spread > 0 ? 1 - squared / spread : null,
        residuals: residualShares.map((share) => ({ share, value: quantileOf(residuals, share) }))
      }
    }
  }
}

/** The quantile of sorted values, linear between neighbours as numpy's default. */
function quantileOf(sorted: Float32Array, share: number): number {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const lower = sorted[below] ?? 0
  return lower + (position - below) * ((sorted[below + 1] ?? lower) - lower)
}
