/** A network in float64 and nothing but loops: what the kernels are compared with, and central differences on it. */
import type { ActivationName } from '#engine/network/activations.ts'
import type { LossName } from '#engine/network/losses.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { Table } from '#test/unit/engine/support.ts'

const scalar: Record<Exclude<ActivationName, 'softmax'>, (z: number) => number> = {
  linear: (z) => z,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
  leaky_relu: (z) => (z > 0 ? z : 0.01 * z)
}

function activate(name: ActivationName, z: number[]): number[] {
  if (name !== 'softmax') return z.map(scalar[name])
  const top = Math.max(...z)
  const powers = z.map((value) => Math.exp(value - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** The outputs of one row. */
export function outputsOf(topology: Topology, parameters: ArrayLike<number>, row: readonly number[]): number[] {
  let values = [...row]
  parameterSpans(topology).forEach(({ inputs, units, weights, biases }, index) => {
    const sums = Array.from({ length: units }, (_, unit) => {
      let sum = parameters[biases + unit] ?? 0
      for (let input = 0; input < inputs; input++) {
        sum += (parameters[weights + unit * inputs + input] ?? 0) * (values[input] ?? 0)
      }
      return sum
    })
    values = activate(topology.layers[index]?.activation ?? 'linear', sums)
  })
  return values
}

/** The mean loss over a table; a class is compared one-hot where there are several outputs. */
export function lossOf(
  topology: Topology,
  parameters: ArrayLike<number>,
  loss: LossName,
  isClass: boolean,
  { rows, targets }: Table
): number {
  let total = 0
  rows.forEach((row, index) => {
    const outputs = outputsOf(topology, parameters, row)
    const target = targets[index] ?? 0
    const first = outputs[0] ?? 0
    if (loss === 'cross_entropy') total -= Math.log(outputs[target] ?? 0)
    else if (loss === 'binary_cross_entropy') total -= target * Math.log(first) + (1 - target) * Math.log(1 - first)
    else {
      outputs.forEach((output, unit) => {
        const wanted = isClass && outputs.length > 1 ? (unit === target ? 1 : 0) : target
        total += (output - wanted) ** 2 / 2
      })
    }
  })
  return total / rows.length
}

/** The gradient of a function of numbers by central differences. */
export function centralDifferences(f: (p: Float64Array) => number, at: ArrayLike<number>, h = 1e-5): number[] {
  const point = Float64Array.from(at)
  return Array.from(at, (value, index) => {
    point[index] = value + h
    const above = f(point)
    point[index] = value - h
    const below = f(point)
    point[index] = value
    return (above - below) / (2 * h)
  })
}
