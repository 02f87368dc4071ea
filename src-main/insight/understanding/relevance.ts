/** Which columns alone tell most of the target: a guess at what is worth a first look, not a measure of importance. */
import type { Slot } from '#lab/insight/understanding/columns.ts'
import type { TrainingRows } from '#lab/insight/understanding/training-rows.ts'

/**
 * Names the two columns (or the only one) whose best input explains most of the target's variance, in table order.
 * Units: the correlation ratio between classes, or the squared correlation with a number.
 */
export function tellingColumns(
  slots: readonly Slot[],
  { inputs, targets }: Pick<TrainingRows, 'inputs' | 'targets'>,
  width: number,
  classes: number | null
): string[] {
  const scores = slots.map(({ offset, count }) =>
    Math.max(
      ...Array.from({ length: count }, (_, input) => {
        const values = Float64Array.from(targets, (_, row) => inputs[row * width + offset + input] ?? 0)
        return classes === null ? squaredCorrelation(values, targets) : betweenShare(values, targets, classes)
      })
    )
  )
  const order = slots.map((_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  const chosen = order.slice(0, 2).sort((a, b) => a - b)
  return chosen.flatMap((index) => slots[index]?.encoding.column ?? [])
}

/** The share of the variance that lies between the classes. */
function betweenShare(values: Float64Array, targets: Float32Array, classes: number): number {
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  values.forEach((value, row) => {
    const target = targets[row] ?? 0
    sums[target] = (sums[target] ?? 0) + value
    counts[target] = (counts[target] ?? 0) + 1
  })
  const mean = meanOf(values)
  const total = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const between = sums.reduce((all, sum, index) => {
    const count = counts[index] ?? 0
    return count > 0 ? all + count * (sum / count - mean) ** 2 : all
  }, 0)
  return total > 0 ? between / total : 0
}

function squaredCorrelation(values: Float64Array, targets: Float32Array): number {
  const [x, y] = [meanOf(values), meanOf(targets)]
  let [xx, yy, xy] = [0, 0, 0]
  values.forEach((value, row) => {
    const target = (targets[row] ?? 0) - y
    xx += (value - x) ** 2
    yy += target ** 2
    xy += (value - x) * target
  })
  return xx > 0 && yy > 0 ? xy ** 2 / (xx * yy) : 0
}

function meanOf(values: Float64Array | Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
