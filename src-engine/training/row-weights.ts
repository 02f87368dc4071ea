/** What classes and rows of the training part count. */

/**
 * Computes the weight of every class. Scaled so that the mean over the rows is 1: weights do not change how long steps
 * are, and a batch of all rows has the mean that PyTorch gives.
 * Shapes: targets (rows) class numbers; result (classes).
 * Units: `balanced` gives a class the weight rows / (classes * rows of the class), as scikit-learn does.
 * Errors: throws RangeError where no row would count.
 */
export function scaledClassWeights(
  targets: Float32Array,
  classes: number,
  classWeights: 'balanced' | readonly number[]
): Float32Array {
  const counts = new Float64Array(classes)
  for (const target of targets) counts[target] = (counts[target] ?? 0) + 1
  const weights =
    classWeights === 'balanced'
      ? [...counts].map((count) => (count > 0 ? targets.length / (classes * count) : 0))
      : classWeights
  const sum = weights.reduce((total, weight, index) => total + weight * (counts[index] ?? 0), 0)
  if (!(sum > 0)) throw new RangeError('The class weights leave no row that counts.')
  return Float32Array.from(weights, (weight) => (weight * targets.length) / sum)
}

/**
 * Computes what each row counts: its own weight times that of its class, scaled so that the mean over the rows is 1, as
 * scaledClassWeights() does and for the same reasons.
 * Shapes: targets and result (rows); ofRows (rows) and ofClasses (classes), null and undefined where all count alike.
 * Errors: throws RangeError where no row would count, or a weight is no number from 0 on.
 */
export function scaledRowWeights(
  targets: Float32Array,
  ofRows: Float32Array | null,
  ofClasses: Float32Array | undefined
): Float32Array {
  const weights = new Float64Array(targets.length)
  let sum = 0
  for (let row = 0; row < weights.length; row++) {
    const weight = (ofRows?.[row] ?? 1) * (ofClasses?.[targets[row] ?? 0] ?? 1)
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`Training row ${row + 1} has the weight ${weight}.`)
    weights[row] = weight
    sum += weight
  }
  if (sum === 0) throw new RangeError('All rows of the training part have the weight 0, so none of them counts.')
  return Float32Array.from(weights, (weight) => (weight * weights.length) / sum)
}
