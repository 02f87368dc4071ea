/** What both Madaline rules share: first weights, and the move of one Adaline towards a wanted output. */
import type { Random } from '#engine/random.ts'
import { type LinearUnit, moved, weightedSum } from '#engine/units/linear-unit.ts'

/** Draws a unit with weights and a bias from -1/2 to 1/2. */
export function randomUnit(inputs: number, random: Random): LinearUnit {
  const draw = () => random.uniform() - 0.5
  return { weights: Array.from({ length: inputs }, draw), bias: draw() }
}

/** Draws a layer of units. Errors: throws RangeError for none. */
export function randomLayer(units: number, inputs: number, random: Random): LinearUnit[] {
  if (!(units >= 1)) throw new RangeError(`A Madaline needs at least one Adaline; ${units} were asked for.`)
  return Array.from({ length: units }, () => randomUnit(inputs, random))
}

/** What to try after a run of either rule that was not enough: both can get stuck. */
export const stuckHint = 'The rule can get stuck: try another seed, or more Adalines.'

/**
 * Moves an Adaline towards a wanted output: w <- w + a (wanted - z) x / |x|^2, the bias counted as an input of 1.
 * Units: a = 1 brings its sum exactly to `wanted`, whatever the length of x.
 * Source: Widrow & Lehr 1990, the alpha-LMS rule.
 */
export function towards(unit: LinearUnit, x: readonly number[], wanted: number, rate: number): LinearUnit {
  const squaredLength = x.reduce((sum, value) => sum + value * value, 1)
  return moved(unit, x, (rate * (wanted - weightedSum(unit, x))) / squaredLength)
}
