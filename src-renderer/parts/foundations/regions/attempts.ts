/** Topologies that try to learn a region beside each other, from points of the plane. Pure. */
import { MultilayerPerceptron } from '#engine/graph/multilayer-perceptron.ts'
import type { ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import { parameterCount } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import { gridOf } from '#renderer/parts/foundations/plane.ts'
import { isInside, type Part } from '#renderer/parts/foundations/regions/region.ts'

/** Hidden layers that try, the fewest parameters first. */
export const candidates: readonly (readonly number[])[] = [[1], [2], [3], [4], [6], [10], [6, 3], [12, 6]]
/** The plane that is seen, and the side of the grid that the regions are compared on. */
export const plane = [-3, 3] as const
export const gridSize = 32
/** Share of the plane from which on a region counts as fitted. */
export const fitting = 0.97
export const mostSteps = 2400
const pointCount = 400
const batch = 40
/** Looking at a network over the whole grid costs more than a step of it. */
const stepsALook = 5
const optimizer: ReferenceOptimizer = { ...optimizers.adam.defaults, learningRate: 0.03 }

export interface Attempt {
  readonly hidden: readonly number[]
  readonly parameters: number
  /** What the network says over the grid, from the lowest y. */
  readonly grid: readonly number[]
  /** Share of the grid that it has right. */
  readonly right: number
  readonly isFitting: boolean
}

/** All candidates learn the same points, batch by batch; one of them after the other is looked at. */
export class Attempts {
  steps = 0
  readonly all: Attempt[]
  readonly #networks: readonly MultilayerPerceptron[]
  readonly #data: { readonly x: Float64Array; readonly t: Float64Array }
  readonly #wanted: readonly number[]
  readonly #random: Random

  constructor(parts: readonly Part[], seed: number) {
    this.#random = new Random(seed)
    const side = () => plane[0] + (plane[1] - plane[0]) * this.#random.uniform()
    const points = Array.from({ length: pointCount }, () => [side(), side()] as const)
    this.#data = {
      x: Float64Array.from(points.flat()),
      t: Float64Array.from(points, ([x, y]) => (isInside(parts, x, y) ? 1 : 0))
    }
    this.#wanted = gridOf((x, y) => (isInside(parts, x, y) ? 1 : 0), plane, plane, gridSize)
    this.#networks = candidates.map((hidden) => this.#start(hidden))
    this.all = candidates.map((_, place) => this.#look(place))
  }

  /** The fitting one of fewest parameters. */
  get smallest(): Attempt | null {
    return this.all.find(({ isFitting }) => isFitting) ?? null
  }

  get isOver(): boolean {
    return this.steps >= mostSteps || this.all.every(({ isFitting }) => isFitting)
  }

  /** One batch for each that does not fit yet; false where it is over. */
  step(): boolean {
    if (this.isOver) return false
    const rows = Array.from({ length: batch }, () => this.#random.below(pointCount))
    this.#networks.forEach((network, place) => {
      if (!this.all[place]?.isFitting) network.learn(this.#data, rows, optimizer)
    })
    this.steps++
    const place = (this.steps / stepsALook) % candidates.length
    if (Number.isInteger(place) && !this.all[place]?.isFitting) this.all[place] = this.#look(place)
    return !this.isOver
  }

  #look(place: number): Attempt {
    const network = this.#networks[place]
    const hidden = candidates[place] ?? []
    const grid = gridOf((x, y) => network?.output([x, y])[0] ?? NaN, plane, plane, gridSize)
    const right = grid.filter((value, at) => value >= 0.5 === (this.#wanted[at] === 1)).length / grid.length
    const parameters = network?.parameters.length ?? 0
    return { hidden, parameters, grid, right, isFitting: this.steps > 0 && right >= fitting }
  }

  /** Lines through the midst of the plane in all directions, and small weights behind them. */
  #start(hidden: readonly number[]): MultilayerPerceptron {
    const topology = {
      inputs: 2,
      layers: [
        ...hidden.map((units) => ({ units, activation: 'tanh' as const })),
        { units: 1, activation: 'sigmoid' as const }
      ]
    }
    const draw = (limit: number) => limit * (2 * this.#random.uniform() - 1)
    let inputs = 2
    const parameters = topology.layers.flatMap(({ units }) => {
      const limit = Math.sqrt(6 / (inputs + units))
      const own = [
        ...Array.from({ length: units * inputs }, () => draw(limit)),
        ...Array.from({ length: units }, () => draw(inputs === 2 ? 1 : 0.1))
      ]
      inputs = units
      return own
    })
    return new MultilayerPerceptron(topology, parameters.slice(0, parameterCount(topology)))
  }
}
