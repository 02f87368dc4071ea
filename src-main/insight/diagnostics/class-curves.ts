/**
 * ROC and precision-recall curves of one class against the others, and calibration. Pure functions of scores; areas come
 * from all rows, the curves are thinned for the screen.
 */

export interface Curve {
  readonly x: number[]
  readonly y: number[]
}

/** Counts after each threshold, from the highest score down; rows with equal scores share one. */
interface Thresholds {
  readonly found: Float64Array
  readonly mistaken: Float64Array
  readonly inside: number
  readonly outside: number
}

/** Points of a curve that a screen can show. */
const mostPoints = 300
const binCount = 10

/**
 * Makes both curves of a class; a curve is null where its rows or the others are none.
 * Shapes: scores and members (rows); `members` is 1 for rows of the class.
 * Source: Fawcett 2006, An introduction to ROC analysis, algorithms 1 and 2; Davis & Goadrich 2006 on why the area under
 * precision-recall is summed in steps (average precision), not along straight lines.
 */
export function classCurves(
  scores: Float32Array,
  members: Uint8Array
): { roc: (Curve & { area: number }) | null; precisionRecall: (Curve & { area: number }) | null } {
  const thresholds = countByThreshold(scores, members)
  const { inside, outside } = thresholds
  if (inside === 0) return { roc: null, precisionRecall: null }
  return { roc: outside === 0 ? null : rocOf(thresholds), precisionRecall: precisionRecallOf(thresholds) }
}

function countByThreshold(scores: Float32Array, members: Uint8Array): Thresholds {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const found: number[] = []
  const mistaken: number[] = []
  let [hits, misses] = [0, 0]
  order.forEach((row, place) => {
    if (members[row] === 1) hits++
    else misses++
    if (scores[row] === scores[order[place + 1] ?? -1]) return
    found.push(hits)
    mistaken.push(misses)
  })
  return { found: Float64Array.from(found), mistaken: Float64Array.from(mistaken), inside: hits, outside: misses }
}

function rocOf({ found, mistaken, inside, outside }: Thresholds): Curve & { area: number } {
  const x = [0, ...Array.from(mistaken, (count) => count / outside)]
  const y = [0, ...Array.from(found, (count) => count / inside)]
  let area = 0
  for (let at = 1; at < x.length; at++) {
    area += ((x[at] ?? 0) - (x[at - 1] ?? 0)) * (((y[at] ?? 0) + (y[at - 1] ?? 0)) / 2)
  }
  return { ...thin(x, y), area }
}

function precisionRecallOf({ found, mistaken, inside }: Thresholds): Curve & { area: number } {
  const x = [0, ...Array.from(found, (count) => count / inside)]
  const y = [1, ...Array.from(found, (count, at) => count / (count + (mistaken[at] ?? 0)))]
  let area = 0
  for (let at = 1; at < x.length; at++) area += ((x[at] ?? 0) - (x[at - 1] ?? 0)) * (y[at] ?? 0)
  return { ...thin(x, y), area }
}

/** Leaves out points on a straight line between their neighbours, then all but an even choice; keeps both ends. */
function thin(x: readonly number[], y: readonly number[]): Curve {
  const kept = x.map((_, at) => at).filter((at) => at === 0 || at === x.length - 1 || isCorner(x, y, at))
  const step = Math.max(1, (kept.length - 1) / (mostPoints - 1))
  const chosen = Array.from({ length: Math.min(kept.length, mostPoints) }, (_, at) => kept[Math.round(at * step)] ?? 0)
  return { x: chosen.map((at) => x[at] ?? 0), y: chosen.map((at) => y[at] ?? 0) }
}

function isCorner(x: readonly number[], y: readonly number[], at: number): boolean {
  const [left, here, right] = [at - 1, at, at + 1].map((index) => [x[index] ?? 0, y[index] ?? 0] as const)
  if (!left || !here || !right) return true
  return (here[0] - left[0]) * (right[1] - here[1]) !== (right[0] - here[0]) * (here[1] - left[1])
}

export interface CalibrationBin {
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly confidence: number
  readonly accuracy: number
}

/**
 * Compares how sure a network was of the classes it named with how often it was right.
 * Shapes: confidences and right (rows).
 * Source: Guo et al. 2017, On calibration of modern neural networks, equations 2 to 5: ten bins of equal width over the
 * probability of the predicted class; the expected calibration error weighs each bin by its rows.
 */
export function calibrationOf(
  confidences: Float32Array,
  right: Uint8Array
): { bins: CalibrationBin[]; expectedError: number } {
  const sums = Array.from({ length: binCount }, () => ({ rows: 0, confidence: 0, right: 0 }))
  confidences.forEach((confidence, row) => {
    // Its right edge belongs to a bin, as in the source and in scikit-learn.
    const bin = sums[Math.min(binCount, Math.max(1, Math.ceil(confidence * binCount))) - 1]
    if (!bin) return
    bin.rows++
    bin.confidence += confidence
    bin.right += right[row] ?? 0
  })
  const bins = sums.flatMap(({ rows, confidence, right: hits }, at) =>
    rows === 0
      ? []
      : [{ from: at / binCount, to: (at + 1) / binCount, rows, confidence: confidence / rows, accuracy: hits / rows }]
  )
  const total = confidences.length
  const expectedError = bins.reduce(
    (sum, { rows, confidence, accuracy }) => sum + (rows / total) * Math.abs(confidence - accuracy),
    0
  )
  return { bins, expectedError }
}
