/** What classes, and by them the rows of the training part, count. */

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
