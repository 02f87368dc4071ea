import { expect, it } from 'vitest'
import { referenceForward } from '#engine/kernels/reference/network.ts'
import { initialParameters } from '#engine/network/initial-parameters.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import type { Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { cutBehind, holdInputs, type Network } from '#lab/insight/understanding/slice.ts'

const topology: Topology = {
  inputs: 5,
  layers: [
    { units: 4, activation: 'tanh' },
    { units: 3, activation: 'relu' },
    { units: 2, activation: 'softmax' }
  ]
}
const network: Network = {
  topology,
  parameters: initialParameters(topology, { name: 'normal', deviation: 0.7, biases: 0.3 }, new Random(3))
}

/** The outputs for one row, in float64. */
function outputsOf({ topology, parameters }: Network, row: readonly number[]): number[] {
  const layers = parameterSpans(topology).map(({ weights, biases, inputs, units }) => ({
    weights: Array.from({ length: units }, (_, unit) => [
      ...parameters.subarray(weights + unit * inputs, weights + (unit + 1) * inputs)
    ]),
    biases: [...parameters.subarray(biases, biases + units)]
  }))
  return [...(referenceForward(topology, layers, [[...row]]).at(-1)?.output[0] ?? [])]
}

it('says the same with inputs held as with all of them', () => {
  const held = Float32Array.of(0.5, -1.25, 2, 0.75, -0.5)
  const slice = holdInputs(network, held, [3, 1])
  const free = outputsOf(slice, [1.5, -2])
  const whole = outputsOf(network, [0.5, -2, 2, 1.5, -0.5])
  expect(slice.topology.inputs).toBe(2)
  whole.forEach((value, output) => expect(free[output]).toBeCloseTo(value, 6))
})

it('gives what the units of a layer give when it is cut off behind them', () => {
  const row = [0.5, -1.25, 2, 0.75, -0.5]
  const cut = cutBehind(network, 2)
  expect(cut.topology.layers).toHaveLength(2)
  const units = outputsOf(cut, row)
  expect(units).toHaveLength(3)
  const last = parameterSpans(topology)[2]
  const sums = [0, 1].map((output) =>
    units.reduce(
      (sum, value, unit) => sum + value * (network.parameters[(last?.weights ?? 0) + output * 3 + unit] ?? 0),
      network.parameters[(last?.biases ?? 0) + output] ?? 0
    )
  )
  const [first = 0, second = 0] = sums
  expect(outputsOf(network, row)[0]).toBeCloseTo(1 / (1 + Math.exp(second - first)), 10)
})
