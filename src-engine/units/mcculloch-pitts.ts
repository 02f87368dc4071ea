/**
 * The unit of McCulloch and Pitts: binary inputs, weights and a threshold that a person sets by hand; it does not learn.
 * A positive weight excites, a negative one inhibits.
 */

export interface McCullochPittsUnit {
  readonly weights: readonly number[]
  readonly threshold: number
}

/**
 * Tells whether the unit fires: 1 where the weighted sum reaches the threshold, else 0.
 * Errors: throws RangeError for an input that is not 0 or 1, or a count that is not that of the weights.
 * Source: McCulloch & Pitts 1943; there any inhibitory input vetoes, which is a weight below -(sum of the others).
 */
export function fire({ weights, threshold }: McCullochPittsUnit, inputs: readonly number[]): 0 | 1 {
  if (inputs.length !== weights.length) {
    throw new RangeError(`A unit with ${weights.length} weights can't take ${inputs.length} inputs.`)
  }
  const wrong = inputs.find((input) => input !== 0 && input !== 1)
  if (wrong !== undefined) throw new RangeError(`A McCulloch-Pitts unit takes 0 and 1 only, not ${wrong}.`)
  const sum = weights.reduce((total, weight, index) => total + weight * (inputs[index] ?? NaN), 0)
  return sum >= threshold ? 1 : 0
}
