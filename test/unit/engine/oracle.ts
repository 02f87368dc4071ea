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
  leaky_relu: (z) => (z > 0 ? z : 0.01 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  selu: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  gelu: (z) => z * normalDistribution(z),
  silu: (z) => z / (1 + Math.exp(-z)),
  softplus: (z) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0),
  hard_sigmoid: (z) => Math.min(1, Math.max(0, z / 6 + 0.5)),
  threshold: (z) => (z >= 0 ? 1 : 0),
  sign: Math.sign
}

/** Phi(z) by its power series, which converges everywhere and is exact in float64 for the |z| below 6 of tests. */
function normalDistribution(z: number): number {
  let term = z
  let sum = z
  // All terms have one sign: after one that is too small to change the sum, none does.
  for (let k = 1; k < 200 && sum + term !== sum; k++) {
    term *= (z * z) / (2 * k + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

function activate(name: ActivationName, z: number[]): number[] {
  if (name !== 'softmax') return z.map(scalar[name])
  const top = Math.max(...z)
  const powers = z.map((value) => Math.exp(value - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** The outputs of rows that are one batch: batch normalisation takes their own mean and variance. */
export function batchOutputs(topology: Topology, parameters: ArrayLike<number>, rows: Table['rows']): number[][] {
  let values = rows.map((row) => [...row])
  parameterSpans(topology).forEach(({ inputs, units, weights, biases, gain }, index) => {
    const layer = topology.layers[index]
    let sums = values.map((row) => {
      const sumsOfRow: number[] = []
      for (let unit = 0; unit < units; unit++) {
        let sum = parameters[biases + unit] ?? 0
        const from = weights + unit * inputs
        for (let i = 0; i < inputs; i++) sum += (parameters[from + i] ?? 0) * (row[i] ?? 0)
        sumsOfRow.push(sum)
      }
      return sumsOfRow
    })
    if (layer?.normalisation && gain !== null) {
      const normalised =
        layer.normalisation === 'batch' ? transpose(transpose(sums).map(standardise)) : sums.map(standardise)
      sums = normalised.map((row) =>
        row.map((n, unit) => n * (parameters[gain + unit] ?? 0) + (parameters[gain + units + unit] ?? 0))
      )
    }
    values = sums.map((row) => activate(layer?.activation ?? 'linear', row))
  })
  return values
}

/** The outputs of one row. */
export function outputsOf(topology: Topology, parameters: ArrayLike<number>, row: readonly number[]): number[] {
  return batchOutputs(topology, parameters, [row])[0] ?? []
}

function standardise(values: number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-5))
}

function transpose(rows: number[][]): number[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0))
}

export interface LossShape {
  readonly smoothing?: number
  readonly delta?: number
  readonly rowWeights?: readonly number[]
  /** By class, in place of row weights: PyTorch's meaning, smoothing included. */
  readonly classWeights?: readonly number[]
}

/** The mean loss over a table; a class is compared one-hot where there are several outputs. */
export function lossOf(
  topology: Topology,
  parameters: ArrayLike<number>,
  loss: LossName,
  isClass: boolean,
  { rows, targets }: Table,
  { smoothing = 0, delta = 1, rowWeights = [], classWeights }: LossShape = {}
): number {
  let total = 0
  batchOutputs(topology, parameters, rows).forEach((outputs, index) => {
    const target = targets[index] ?? 0
    const first = outputs[0] ?? 0
    let rowLoss = 0
    if (loss === 'cross_entropy') {
      outputs.forEach((output, unit) => {
        const wanted = (unit === target ? 1 - smoothing : 0) + smoothing / outputs.length
        if (wanted > 0) rowLoss -= wanted * (classWeights?.[unit] ?? 1) * Math.log(output)
      })
    } else if (loss === 'binary_cross_entropy') rowLoss -= target * Math.log(first) + (1 - target) * Math.log(1 - first)
    else {
      outputs.forEach((output, unit) => {
        const e = Math.abs(output - (isClass && outputs.length > 1 ? (unit === target ? 1 : 0) : target))
        if (loss === 'mean_absolute_error') rowLoss += e
        else if (loss === 'huber' && e > delta) rowLoss += delta * (e - delta / 2)
        else rowLoss += e ** 2 / 2
      })
    }
    total += rowLoss * (rowWeights[index] ?? 1)
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
