/** Draws the first weights of a network from the run's generator; biases start at 0. */
import { activations, type ActivationName } from '#engine/network/activations.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import { parameterCount, type Topology } from '#engine/network/topology.ts'
import type { Random } from '#engine/random.ts'
import type { Initialisation } from '#engine/training/plan.ts'

/**
 * Draws parameters layer by layer, weights in row-major order.
 * Shapes: result as parameters.ts orders it.
 */
export function initialParameters(topology: Topology, initialisation: Initialisation, random: Random): Float32Array {
  const parameters = new Float32Array(parameterCount(topology))
  parameterSpans(topology).forEach(({ inputs, units, weights, biases }, index) => {
    const activation = topology.layers[index]?.activation ?? 'linear'
    const draw = drawFor(initialisation, inputs, units, activation, random)
    if (draw) for (let i = weights; i < biases; i++) parameters[i] = draw()
  })
  return parameters
}

/**
 * The draw of one weight, null for zeros.
 * Source: He et al. 2015, eq. 10 (variance 2 / inputs); Glorot & Bengio 2010, eq. 16 (variance 2 / (inputs + units));
 * a uniform draw from -a to a has variance a^2 / 3.
 */
function drawFor(
  initialisation: Initialisation,
  inputs: number,
  units: number,
  activation: ActivationName,
  random: Random
): (() => number) | null {
  const uniform = (limit: number) => () => (random.uniform() * 2 - 1) * limit
  const normal = (deviation: number) => () => random.normal() * deviation
  switch (initialisation.name) {
    case 'auto':
      return drawFor({ name: activations[activation].initialisation }, inputs, units, activation, random)
    case 'he_uniform':
      return uniform(Math.sqrt(6 / inputs))
    case 'he_normal':
      return normal(Math.sqrt(2 / inputs))
    case 'glorot_uniform':
      return uniform(Math.sqrt(6 / (inputs + units)))
    case 'glorot_normal':
      return normal(Math.sqrt(2 / (inputs + units)))
    case 'uniform':
      return uniform(initialisation.limit)
    case 'normal':
      return normal(initialisation.deviation)
    case 'zeros':
      return null
  }
}
