/**
 * A problem whose truth is known: noisy points of a curve, and networks of one hidden layer that learn them. What the lab
 * can only estimate, with a part of the rows it has not learned from, can be computed here. Pure.
 */
import { MultilayerPerceptron } from '#engine/graph/multilayer-perceptron.ts'
import type { ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import { Random } from '#engine/random.ts'
import { optimizers } from '#engine/training/optimizers.ts'

export interface CurvePoint {
  readonly x: number
  readonly y: number
}

/** The truth. Units: x from -1 to 1. */
export const truth = (x: number): number => 0.8 * Math.sin(3.2 * x) + 0.3 * x

export interface CurveProblem {
  readonly train: readonly CurvePoint[]
  readonly validation: readonly CurvePoint[]
}

/** Draws points with normal noise of a deviation about the truth, as many to learn from as to validate with. */
export function drawProblem(seed: number, rows: number, noise: number): CurveProblem {
  const random = new Random(seed)
  const draw = () => {
    const x = 2 * random.uniform() - 1
    return { x, y: truth(x) + noise * random.normal() }
  }
  return { train: Array.from({ length: rows }, draw), validation: Array.from({ length: rows }, draw) }
}

/** Places at which curves are drawn, and the error against the truth is taken. */
export const places: readonly number[] = Array.from({ length: 81 }, (_, step) => -1 + step / 40)

export interface CurveSettings {
  /** Hidden units; 0 for a straight line. */
  readonly units: number
  readonly seed: number
  /** Rows of a batch; all rows where there are fewer. */
  readonly batch: number
  readonly rate: number
}

/** A network of one hidden layer of tanh that learns by Adam. */
export class CurveNetwork {
  readonly network: MultilayerPerceptron
  epochs = 0
  readonly #data: { readonly x: Float64Array; readonly t: Float64Array }
  readonly #batch: number
  readonly #optimizer: ReferenceOptimizer
  readonly #random: Random
  readonly #order: Uint32Array

  constructor(points: readonly CurvePoint[], { units, seed, batch, rate }: CurveSettings) {
    const hidden = units > 0 ? [{ units, activation: 'tanh' as const }] : []
    this.#random = new Random(seed)
    this.network = new MultilayerPerceptron(
      { inputs: 1, layers: [...hidden, { units: 1, activation: 'linear' }] },
      this.#first(units)
    )
    this.#data = { x: Float64Array.from(points, ({ x }) => x), t: Float64Array.from(points, ({ y }) => y) }
    this.#batch = Math.max(1, Math.min(batch, points.length))
    this.#optimizer = { ...optimizers.adam.defaults, learningRate: rate }
    this.#order = Uint32Array.from(points, (_, row) => row)
  }

  /** One pass over all points, in another order each time where there are batches. */
  epoch(): void {
    if (this.#batch < this.#order.length) this.#random.shuffle(this.#order)
    for (let from = 0; from < this.#order.length; from += this.#batch) {
      this.network.learn(this.#data, this.#order.subarray(from, from + this.#batch), this.#optimizer)
    }
    this.epochs++
  }

  /** Slopes of both signs with their bends within sight, as one hidden layer over -1 to 1 needs them. */
  #first(units: number): number[] {
    const draw = (limit: number) => limit * (2 * this.#random.uniform() - 1)
    if (units === 0) return [0, 0]
    const slopes = Array.from({ length: units }, () => draw(4))
    const bends = slopes.map((slope) => slope * draw(1))
    return [...slopes, ...bends, ...slopes.map(() => draw(1 / Math.sqrt(units))), 0]
  }
}

/** The curve of a network at all places; with other parameters, where they are given. */
export function curveOf(
  network: MultilayerPerceptron,
  parameters: readonly number[] = network.parameters
): [x: number, y: number][] {
  const own = parameters === network.parameters ? network : new MultilayerPerceptron(network.topology, parameters)
  return places.map((x) => [x, own.output([x])[0] ?? NaN])
}

/** The root of the mean squared error of a network on points; 0 without points. */
export function errorOn(network: MultilayerPerceptron, points: readonly CurvePoint[]): number {
  return points.length === 0 ? 0 : rootMean(points.map(({ x, y }) => ((network.output([x])[0] ?? NaN) - y) ** 2))
}

/** The same on endlessly many new points: the distance from the truth, and the noise that nobody can foresee. */
export function trueError(network: MultilayerPerceptron, noise: number): number {
  return Math.hypot(rootMean(curveOf(network).map(([x, y]) => (y - truth(x)) ** 2)), noise)
}

const rootMean = (squares: readonly number[]) =>
  Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length)
