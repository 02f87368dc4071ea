/** What each row of the training part counts, from the weights of classes. */

/**
 * Computes the weight of every row. The mean weight is 1, so that weights do not change how long steps are.
 * Shapes: targets (rows) class numbers; result (rows).
 * Units: `balanced` gives a class the weight rows / (classes * rows of the class), as scikit-learn does.
 */
export function rowWeights(
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
  let sum = 0
  for (const target of targets) sum += weights[target] ?? 0
  if (!(sum > 0)) throw new RangeError('The class weights leave no row that counts.')
  const scale = targets.length / sum
  return targets.map((target) => (weights[target] ?? 0) * scale)
}
