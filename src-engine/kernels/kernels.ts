/**
 * Loads the kernel module and gives it types; the only file that knows its exports and offsets.
 * All instances share one memory and keep no state of their own: kernels are pure functions of pointers, and a run's
 * state is in its arena, behind the Program that this file opens on it.
 */
import type { ArenaMap } from '#engine/kernels/arena.ts'
import * as at from '#engine/kernels/assembly/layout.ts'
import { transposedRows } from '#engine/kernels/panels.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import type { LossName } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { Optimizer } from '#engine/training/plan.ts'

interface Exports {
  train(program: number, pieces: number): void
  measure(program: number, inputs: number, targets: number, rows: number): void
  predict(program: number, inputs: number, rows: number, outputs: number, activation: number): void
  transposeAll(program: number): void
}

export interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly exports: Exports
}

/**
 * Instantiates the kernels over a shared memory.
 * Errors: WebAssembly's own LinkError where the memory is not shared.
 */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const abort = () => {
    throw new RangeError('A kernel stopped.')
  }
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } })
  return { memory, exports: instance.exports as unknown as Exports }
}

/** Sums over some rows: the loss not yet divided by their number, rows with the right class, squared and absolute error. */
export interface Sums {
  readonly loss: number
  readonly correct: number
  readonly squared: number
  readonly absolute: number
}

/** What the loss compares with: the one-hot row of a class, or the number itself. */
export interface TargetKind {
  readonly isOneHot: boolean
  readonly classifies: boolean
}

/** What a program trains on and how; addresses are byte offsets in the memory. */
export interface TrainingSettings {
  readonly inputs: number
  readonly targets: number
  readonly rows: number
  readonly batch: number
  readonly chunk: number
  readonly keepsGradient: boolean
  readonly optimizer: Optimizer
}

/** Bytes of the program of a network. */
export function programBytes(layers: number): number {
  return at.P_LAYERS + layers * at.LAYER_BYTES
}

const activationCodes = {
  linear: at.ACTIVATION_LINEAR,
  sigmoid: at.ACTIVATION_SIGMOID,
  tanh: at.ACTIVATION_TANH,
  relu: at.ACTIVATION_RELU,
  leaky_relu: at.ACTIVATION_LEAKY_RELU,
  softmax: at.ACTIVATION_SOFTMAX
} as const satisfies Record<ActivationName, number>

const lossCodes = {
  mean_squared_error: at.LOSS_MEAN_SQUARED_ERROR,
  binary_cross_entropy: at.LOSS_BINARY_CROSS_ENTROPY,
  cross_entropy: at.LOSS_CROSS_ENTROPY
} as const satisfies Record<LossName, number>

const optimizerCodes = {
  sgd: at.OPTIMIZER_SGD,
  momentum: at.OPTIMIZER_MOMENTUM,
  adam: at.OPTIMIZER_ADAM
} as const satisfies Record<Optimizer['name'], number>

/** A program in an arena: the typed side of layout.ts. One at a time may write an arena. */
export class Program {
  readonly #kernels: Kernels
  readonly #base: number
  readonly #map: ArenaMap
  readonly #view: DataView
  readonly #outputActivation: ActivationName

  /** Clears the arena from `base` on and writes the program of a network into it; weights are 0. */
  constructor(kernels: Kernels, base: number, map: ArenaMap, topology: Topology, loss: LossName, target: TargetKind) {
    const output = topology.layers.at(-1)
    if (!output) throw new RangeError('A network has at least one layer.')
    this.#kernels = kernels
    this.#base = base
    this.#map = map
    this.#view = new DataView(kernels.memory.buffer, base, map.bytes)
    this.#outputActivation = output.activation
    new Uint8Array(kernels.memory.buffer, base, map.bytes).fill(0)

    this.#set(at.P_LAYER_COUNT, map.layers.length)
    this.#set(at.P_INPUTS, topology.inputs)
    this.#set(at.P_LOSS, lossCodes[loss])
    this.#set(at.P_ONE_HOT, target.isOneHot ? 1 : 0)
    this.#set(at.P_CLASSIFIES, target.classifies ? 1 : 0)
    // A loss that is fused with its output activation starts from the weighted sums.
    const isFused = loss === 'cross_entropy' || loss === 'binary_cross_entropy'
    map.layers.forEach((layer, index) => {
      const activation = isFused && index === map.layers.length - 1 ? 'linear' : topology.layers[index]?.activation
      this.#setLayer(index, at.L_INPUTS, layer.inputs)
      this.#setLayer(index, at.L_UNITS, layer.units)
      this.#setLayer(index, at.L_ACTIVATION, activationCodes[activation ?? 'linear'])
      this.#setLayer(index, at.L_WEIGHTS, base + layer.weights)
      this.#setLayer(index, at.L_OUTPUT, base + layer.output)
      this.#setLayer(index, at.L_STRIDE, layer.stride)
    })
  }

  /** Adds what training needs; the order of rows and the learning rate are set epoch by epoch. */
  prepareTraining(settings: TrainingSettings): void {
    const { optimizer } = settings
    const base = this.#base
    const map = this.#map
    this.#set(at.P_DATA_INPUTS, settings.inputs)
    this.#set(at.P_DATA_TARGETS, settings.targets)
    this.#set(at.P_ORDER, base + map.order)
    this.#set(at.P_ROWS, settings.rows)
    this.#set(at.P_BATCH, settings.batch)
    this.#set(at.P_CHUNK, settings.chunk)
    this.#set(at.P_OPTIMIZER, optimizerCodes[optimizer.name])
    this.#setFloat(at.P_RATE_F32, optimizer.learningRate)
    if (optimizer.name === 'momentum') this.#setFloat(at.P_DECAY1_F32, optimizer.momentum)
    if (optimizer.name === 'adam') {
      this.#setFloat(at.P_DECAY1_F32, optimizer.beta1)
      this.#setFloat(at.P_DECAY2_F32, optimizer.beta2)
      this.#setFloat(at.P_EPSILON_F32, optimizer.epsilon)
    }
    this.#set(at.P_BATCH_INPUTS, base + map.batchInputs)
    this.#set(at.P_BATCH_STRIDE, map.batchStride)
    this.#set(at.P_BATCH_TARGETS, base + map.batchTargets)
    this.#set(at.P_DELTA_A, base + map.deltaA)
    this.#set(at.P_DELTA_B, base + map.deltaB)
    map.layers.forEach((layer, index) => {
      if (index > 0) this.#setLayer(index, at.L_TRANSPOSED, base + layer.transposed)
      this.#setLayer(index, at.L_TRANSPOSED_ROWS, transposedRows(layer.units))
      this.#setLayer(index, at.L_GRADIENT, base + layer.gradient)
      this.#setLayer(index, at.L_KEEPS_GRADIENT, settings.keepsGradient ? 1 : 0)
      this.#setLayer(index, at.L_STATE1, base + layer.state1)
      this.#setLayer(index, at.L_STATE2, base + layer.state2)
    })
  }

  /** Where training stands: rows of the epoch done in whole steps, and steps done in all. */
  get cursor(): number {
    return this.#get(at.P_CURSOR)
  }
  set cursor(rows: number) {
    this.#set(at.P_CURSOR, rows)
    this.#set(at.P_WITHIN, 0)
  }
  get step(): number {
    return this.#get(at.P_STEP)
  }
  set step(steps: number) {
    this.#set(at.P_STEP, steps)
  }

  /** Whether the loss of a batch was not finite; training stopped before its update. */
  get isNotFinite(): boolean {
    return this.#get(at.P_NOT_FINITE) !== 0
  }

  /** Sums of the epoch's whole steps, while the weights moved. */
  get epochSums(): Sums {
    return this.#sums(at.P_EPOCH_SUMS)
  }
  set epochSums(sums: Sums) {
    this.#setSums(at.P_EPOCH_SUMS, sums)
  }

  /** Sums of the rows measured since they were last set. */
  get measuredSums(): Sums {
    return this.#sums(at.P_MEASURED_SUMS)
  }
  set measuredSums(sums: Sums) {
    this.#setSums(at.P_MEASURED_SUMS, sums)
  }

  /** The row numbers of the epoch, in the order they are trained. */
  get order(): Uint32Array {
    return new Uint32Array(this.#kernels.memory.buffer, this.#base + this.#map.order, this.#get(at.P_ROWS))
  }

  /** All layers' weights in panels, side by side, and the copy of the best of them. */
  get weights(): Float32Array {
    return this.floats(this.#map.weights, this.#map.weightBytes / 4)
  }
  get best(): Float32Array {
    return this.floats(this.#map.best, this.#map.weightBytes / 4)
  }

  /** A stretch of the arena as floats. */
  floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.#kernels.memory.buffer, this.#base + offset, count)
  }

  /** Trains pieces of batches; see training.ts of the kernels. */
  train(pieces: number): void {
    this.#kernels.exports.train(this.#base, pieces)
  }

  /** Adds rows that lie side by side at these addresses to measuredSums; at most the arena's capacity. */
  measure(inputs: number, targets: number, rows: number): void {
    this.#kernels.exports.measure(this.#base, inputs, targets, rows)
  }

  /** Writes the outputs of rows that lie side by side to `outputs`; at most the arena's capacity. */
  predict(inputs: number, rows: number, outputs: number): void {
    const isApplied = this.#getLayer(this.#map.layers.length - 1, at.L_ACTIVATION) !== at.ACTIVATION_LINEAR
    const activation = isApplied ? at.ACTIVATION_LINEAR : activationCodes[this.#outputActivation]
    this.#kernels.exports.predict(this.#base, inputs, rows, outputs, activation)
  }

  /** Brings the transposed weights in step after weights were written from here. */
  refreshTranspose(): void {
    this.#kernels.exports.transposeAll(this.#base)
  }

  #sums(offset: number): Sums {
    return {
      loss: this.#view.getFloat64(offset + at.SUM_LOSS, true),
      correct: this.#view.getFloat64(offset + at.SUM_CORRECT, true),
      squared: this.#view.getFloat64(offset + at.SUM_SQUARED, true),
      absolute: this.#view.getFloat64(offset + at.SUM_ABSOLUTE, true)
    }
  }
  #setSums(offset: number, sums: Sums): void {
    this.#view.setFloat64(offset + at.SUM_LOSS, sums.loss, true)
    this.#view.setFloat64(offset + at.SUM_CORRECT, sums.correct, true)
    this.#view.setFloat64(offset + at.SUM_SQUARED, sums.squared, true)
    this.#view.setFloat64(offset + at.SUM_ABSOLUTE, sums.absolute, true)
  }
  #get(offset: number): number {
    return this.#view.getInt32(offset, true)
  }
  #set(offset: number, value: number): void {
    this.#view.setInt32(offset, value, true)
  }
  #setFloat(offset: number, value: number): void {
    this.#view.setFloat32(offset, value, true)
  }
  #getLayer(index: number, offset: number): number {
    return this.#get(at.P_LAYERS + index * at.LAYER_BYTES + offset)
  }
  #setLayer(index: number, offset: number, value: number): void {
    this.#set(at.P_LAYERS + index * at.LAYER_BYTES + offset, value)
  }
}

export const noSums: Sums = { loss: 0, correct: 0, squared: 0, absolute: 0 }
