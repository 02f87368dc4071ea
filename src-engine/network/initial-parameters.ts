/** Draws the first weights of a network from the run's generator. */
import { type Initialisation, type Spread, spreadOf } from '#engine/network/initialisations.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import { storedCount, type Topology } from '#engine/network/topology.ts'
import type { Random } from '#engine/random.ts'

/**
 * Draws parameters layer by layer, weights in row-major order.
 * Shapes: result as parameters.ts orders it.
 */
export function initialParameters(topology: Topology, initialisation: Initialisation, random: Random): Float32Array {
  const parameters = new Float32Array(storedCount(topology))
  parameterSpans(topology).forEach(({ inputs, units, weights, biases, gain, running }, index) => {
    const activation = topology.layers[index]?.activation ?? 'linear'
    const spread = spreadOf(initialisation, { inputs, units, activation, index })
    const own = parameters.subarray(weights, biases)
    if (spread) fill(own, spread, random)
    if (spread && 'isOrthogonal' in spread) makeOrthogonal(own, units, inputs)
    parameters.fill(initialisation.biases ?? 0, biases, biases + units)
    if (gain !== null) parameters.fill(1, gain, gain + units)
    if (running !== null) parameters.fill(1, running + units, running + 2 * units)
  })
  return parameters
}

function fill(weights: Float32Array, spread: NonNullable<Spread>, random: Random): void {
  for (let i = 0; i < weights.length; i++) {
    weights[i] = 'uniform' in spread ? (random.uniform() * 2 - 1) * spread.uniform : random.normal() * spread.normal
  }
}

/**
 * Turns normal draws into rows (or, where there are more rows than columns, columns) of length 1 at right angles.
 * Shapes: weights (rows,columns) row-major, in place.
 * Source: Saxe, McClelland & Ganguli 2014; modified Gram-Schmidt.
 */
function makeOrthogonal(weights: Float32Array, rows: number, columns: number): void {
  const [count, length, step, next] = rows <= columns ? [rows, columns, 1, columns] : [columns, rows, columns, 1]
  const vectors = Array.from({ length: count }, (_, vector) =>
    Float64Array.from({ length }, (_, index) => weights[vector * next + index * step] ?? 0)
  )
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
  vectors.forEach((vector, number) => {
    for (const earlier of vectors.slice(0, number)) {
      const along = dot(vector, earlier)
      earlier.forEach((value, index) => (vector[index] = (vector[index] ?? 0) - along * value))
    }
    const size = Math.sqrt(dot(vector, vector))
    vector.forEach((value, index) => (vector[index] = value / size))
    vector.forEach((value, index) => (weights[number * next + index * step] = value))
  })
}
