/** The part that all historical units share: a weighted sum with a bias. */

export interface LinearUnit {
  readonly weights: readonly number[]
  readonly bias: number
}

/** Computes the weighted sum w x + b. Errors: throws RangeError where x has not one number for each weight. */
export function weightedSum({ weights, bias }: LinearUnit, x: readonly number[]): number {
  if (x.length !== weights.length) {
    throw new RangeError(`A unit with ${weights.length} weights can't take ${x.length} inputs.`)
  }
  return weights.reduce((sum, weight, index) => sum + weight * (x[index] ?? NaN), bias)
}

/** Moves weights and bias by `step` along the inputs; the bias belongs to an input that is always 1. */
export function moved({ weights, bias }: LinearUnit, x: readonly number[], step: number): LinearUnit {
  return { weights: weights.map((weight, index) => weight + step * (x[index] ?? NaN)), bias: bias + step }
}

/** A unit with all weights and its bias 0. */
export function zeroUnit(inputs: number): LinearUnit {
  return { weights: Array<number>(inputs).fill(0), bias: 0 }
}
