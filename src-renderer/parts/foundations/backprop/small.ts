/** The station's own network: a small one that learns XOR row by row, by the engine's reference. Pure. */
import { targetVector } from '#engine/graph/backpropagation.ts'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import {
  type LayerParameters,
  referenceGradients,
  referenceOutputs,
  type ReferenceTopology
} from '#engine/kernels/reference/network.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { parameterCount } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'

export const hiddenNames = ['tanh', 'sigmoid', 'relu'] as const
export type HiddenName = (typeof hiddenNames)[number]

export interface SmallSettings {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[]
  readonly activation: HiddenName
  readonly loss: 'binary_cross_entropy' | 'mean_squared_error'
  readonly seed: number
  readonly rate: number
}

/** XOR with inputs of -1 and 1, which tanh likes better than 0 and 1. */
export const xorRows = [
  { x: [-1, -1], t: 0 },
  { x: [-1, 1], t: 1 },
  { x: [1, -1], t: 1 },
  { x: [1, 1], t: 0 }
] as const

export function topologyOf({ hidden, activation }: SmallSettings): ReferenceTopology {
  return { inputs: 2, layers: [...hidden.map((units) => ({ units, activation })), { units: 1, activation: 'sigmoid' }] }
}

export const lossOf = ({ loss }: SmallSettings): ReferenceLoss => ({ name: loss })

/** A network that was shown rows 0, 1, 2, 3, 0, ... and does one step of plain descent for each. */
export class SmallNetwork {
  readonly settings: SmallSettings
  readonly topology: ReferenceTopology
  parameters: LayerParameters[]
  updates = 0
  /** Mean loss over the four rows, before the first step and then after each pass. */
  readonly losses: number[]

  constructor(settings: SmallSettings) {
    this.settings = settings
    this.topology = topologyOf(settings)
    const random = new Random(settings.seed)
    // Glorot & Bengio 2010: uniform, by the number of links of a unit; biases a little off zero, so that XOR's symmetry breaks.
    let inputs = 2
    const limits = this.topology.layers.flatMap(({ units }) => {
      const limit = Math.sqrt(6 / (inputs + units))
      const own = [...Array<number>(units * inputs).fill(limit), ...Array<number>(units).fill(0.2)]
      inputs = units
      return own
    })
    const drawn = limits.slice(0, parameterCount(this.topology)).map((limit) => limit * (2 * random.uniform() - 1))
    this.parameters = unflatten(this.topology, drawn)
    this.losses = [this.meanLoss()]
  }

  get row(): number {
    return this.updates % xorRows.length
  }

  /** One row, one step. */
  update(): void {
    const { x, t } = xorRows[this.row] ?? xorRows[0]
    const loss = lossOf(this.settings)
    const { layers } = referenceGradients(this.topology, loss, this.parameters, [[...x]], [targetVector(t, 1)])
    const moves = flatten(layers)
    const { rate } = this.settings
    this.parameters = unflatten(
      this.topology,
      flatten(this.parameters).map((value, index) => value - rate * (moves[index] ?? 0))
    )
    this.updates++
    if (this.row === 0) this.losses.push(this.meanLoss())
  }

  outputs(): number[] {
    return referenceOutputs(
      this.topology,
      this.parameters,
      xorRows.map(({ x }) => [...x])
    ).map(([a = NaN]) => a)
  }

  /** Whether all four rows are on the right side of 1/2. */
  get solved(): boolean {
    return this.outputs().every((a, row) => a > 0.5 === (xorRows[row]?.t === 1))
  }

  meanLoss(): number {
    const rows = xorRows.map(({ x }) => [...x])
    const targets = xorRows.map(({ t }) => [t])
    return referenceGradients(this.topology, lossOf(this.settings), this.parameters, rows, targets).loss
  }
}
