/**
 * A small multilayer perceptron in float64 for figures that train while one looks, where the WASM of the trainer
 * can't come. Flat buffers, no options; held to kernels/reference by its tests.
 */
import { scalarActivations, type ScalarActivationName } from '#engine/kernels/reference/activations.ts'
import {
  newOptimizerState,
  optimizerStep,
  type OptimizerState,
  type ReferenceOptimizer
} from '#engine/kernels/reference/optimizers.ts'
import { parameterCount } from '#engine/network/topology.ts'

export interface PerceptronLayer {
  readonly units: number
  readonly activation: ScalarActivationName
}

export interface PerceptronTopology {
  readonly inputs: number
  readonly layers: readonly PerceptronLayer[]
}

/** Rows to learn from. Shapes: x (m, inputs), t (m, outputs), row-major. */
export interface PerceptronRows {
  readonly x: Float64Array
  readonly t: Float64Array
}

/** A layer with where its numbers lie: weights (O,I) then biases (O) among the parameters, sums and outputs among the units. */
interface PlacedLayer {
  readonly inputs: number
  readonly units: number
  readonly value: (z: number) => number
  readonly derivative: (z: number) => number
  readonly weights: number
  readonly biases: number
  /** Of its units in `#z` and `#delta`; its outputs lie behind its inputs in `#a`. */
  readonly first: number
}

export class MultilayerPerceptron {
  readonly topology: PerceptronTopology
  /** In the order of checkpoints: for each layer weights (O,I), then biases (O). */
  parameters: number[]
  readonly #layers: readonly PlacedLayer[]
  readonly #z: Float64Array
  readonly #a: Float64Array
  readonly #delta: Float64Array
  readonly #gradients: number[]
  #state: OptimizerState = newOptimizerState

  /** Errors: throws RangeError where the count of parameters is not that of the topology. */
  constructor(topology: PerceptronTopology, parameters: readonly number[]) {
    const count = parameterCount(topology)
    if (parameters.length !== count) {
      throw new RangeError(`This network has ${count} parameters; ${parameters.length} were given.`)
    }
    this.topology = topology
    this.parameters = [...parameters]
    this.#layers = placed(topology)
    const units = topology.layers.reduce((sum, layer) => sum + layer.units, 0)
    this.#z = new Float64Array(units)
    this.#a = new Float64Array(topology.inputs + units)
    this.#delta = new Float64Array(units)
    this.#gradients = Array<number>(count).fill(0)
  }

  get outputs(): number {
    return this.#layers.at(-1)?.units ?? 0
  }

  /** Computes all layers for one row. Shapes: x (inputs); returns the outputs, which the next call overwrites. */
  output(x: ArrayLike<number>): Float64Array {
    for (let input = 0; input < this.topology.inputs; input++) this.#a[input] = x[input] ?? 0
    this.#forward()
    return this.#a.subarray(this.#a.length - this.outputs)
  }

  /**
   * Computes the gradients of the mean loss of some rows. Shapes: returns (P), which the next call overwrites.
   * Units: with a sigmoid at the end the loss is binary cross-entropy, else the squared error, both as evaluateLoss() has
   * them: half the squares, a mean over rows.
   * Source: Goodfellow, Bengio & Courville 2016, algorithm 6.4.
   */
  gradients({ x, t }: PerceptronRows, rows: ArrayLike<number>): readonly number[] {
    const { inputs } = this.topology
    const { outputs } = this
    this.#gradients.fill(0)
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] ?? 0
      for (let input = 0; input < inputs; input++) this.#a[input] = x[row * inputs + input] ?? 0
      this.#forward()
      this.#backward(t, row * outputs, 1 / rows.length)
    }
    return this.#gradients
  }

  /** Does one step on some rows. */
  learn(data: PerceptronRows, rows: ArrayLike<number>, optimizer: ReferenceOptimizer): void {
    this.gradients(data, rows)
    const { parameters, state } = optimizerStep(optimizer, this.#state, this.parameters, this.#gradients)
    this.parameters = parameters
    this.#state = state
  }

  #forward(): void {
    const { parameters } = this
    let from = 0
    for (const { inputs, units, weights, biases, first, value } of this.#layers) {
      for (let unit = 0; unit < units; unit++) {
        let z = parameters[biases + unit] ?? 0
        const row = weights + unit * inputs
        for (let input = 0; input < inputs; input++) z += (parameters[row + input] ?? 0) * (this.#a[from + input] ?? 0)
        this.#z[first + unit] = z
        this.#a[from + inputs + unit] = value(z)
      }
      from += inputs
    }
  }

  #backward(t: Float64Array, target: number, share: number): void {
    const last = this.#layers.length - 1
    let from = this.#a.length - this.outputs
    for (let index = last; index >= 0; index--) {
      const layer = this.#layers[index]
      if (!layer) return
      const { inputs, units, weights, biases, first, derivative } = layer
      from -= inputs
      for (let unit = 0; unit < units; unit++) {
        const z = this.#z[first + unit] ?? 0
        if (index === last) {
          const miss = (this.#a[from + inputs + unit] ?? 0) - (t[target + unit] ?? 0)
          this.#delta[first + unit] = share * miss * (this.#isLogistic ? 1 : derivative(z))
        } else {
          this.#delta[first + unit] = this.#fromNext(index, unit) * derivative(z)
        }
        const delta = this.#delta[first + unit] ?? 0
        const row = weights + unit * inputs
        for (let input = 0; input < inputs; input++) {
          this.#gradients[row + input] = (this.#gradients[row + input] ?? 0) + delta * (this.#a[from + input] ?? 0)
        }
        this.#gradients[biases + unit] = (this.#gradients[biases + unit] ?? 0) + delta
      }
    }
  }

  /** What comes back to a unit from the layer behind its own. */
  #fromNext(index: number, unit: number): number {
    const next = this.#layers[index + 1]
    if (!next) return 0
    let sum = 0
    for (let above = 0; above < next.units; above++) {
      sum += (this.parameters[next.weights + above * next.inputs + unit] ?? 0) * (this.#delta[next.first + above] ?? 0)
    }
    return sum
  }

  get #isLogistic(): boolean {
    return this.topology.layers.at(-1)?.activation === 'sigmoid'
  }
}

function placed({ inputs, layers }: PerceptronTopology): PlacedLayer[] {
  let [into, at, first] = [inputs, 0, 0]
  return layers.map(({ units, activation }) => {
    const { value, derivative } = scalarActivations[activation]
    const own = { inputs: into, units, value, derivative, weights: at, biases: at + units * into, first }
    at += units * (into + 1)
    first += units
    into = units
    return own
  })
}
