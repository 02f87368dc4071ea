/**
 * The programs of a network in an arena: the typed side of layout.ts and codes.ts, and the only file that knows them.
 * It takes plain numbers; what a plan means is the matter of training/.
 */
import type { ArenaMap, TrainingNeeds } from '#engine/kernels/arena.ts'
import * as code from '#engine/kernels/assembly/codes.ts'
import * as at from '#engine/kernels/assembly/layout.ts'
import type { Kernels } from '#engine/kernels/kernels.ts'
import { transposedRows } from '#engine/kernels/panels.ts'
import { type OptimizerLoop, stepNumbers, type StepNumbers } from '#engine/kernels/step-numbers.ts'
import { type ActivationName, activations } from '#engine/network/activations.ts'
import { LEAKY_SLOPE } from '#engine/network/constants.ts'
import { type LossName, losses } from '#engine/network/losses.ts'
import { type Layer, outputLayer, type Topology } from '#engine/network/topology.ts'

/** Sums over some rows: the loss not yet divided by their number, rows with the right class, squared and absolute error. */
export interface Sums {
  readonly loss: number
  readonly correct: number
  readonly squared: number
  readonly absolute: number
}

/** A loss and its numbers: the share of smoothed labels, and where Huber's loss turns straight. */
export interface LossSettings {
  readonly name: LossName
  readonly smoothing: number
  readonly huberDelta: number
}

/** What the loss compares with: the one-hot row of a class, or the number itself. */
export interface TargetKind {
  readonly isOneHot: boolean
  readonly classifies: boolean
}

/** The least and the largest output that is predicted, in the units of the network's outputs. */
export interface OutputLimits {
  readonly lowest: number
  readonly highest: number
}

/** What a program trains on and how; addresses are byte offsets in the memory. */
export interface TrainingSettings {
  readonly inputs: number
  readonly targets: number
  readonly rows: number
  readonly batch: number
  readonly needs: TrainingNeeds
  readonly optimizer: OptimizerLoop
  readonly numbers: StepNumbers
  /** Whether classes count by their own weights in the smoothed part of a target. */
  readonly weighsClasses: boolean
  /** What dropout and input noise are drawn from. */
  readonly noiseSeed: number
}

/** Bytes of the program of a network. */
export function programBytes(layers: number): number {
  return at.P_LAYERS + layers * at.LAYER_BYTES
}

const upper = <Name extends string>(name: Name) => name.toUpperCase() as Uppercase<Name>
const activationCode = (name: ActivationName): number => code[`ACTIVATION_${upper(name)}`]

/** The programs of a network in an arena, one a thread. One at a time may write an arena. */
export class Program {
  readonly #kernels: Kernels
  readonly #base: number
  readonly #map: ArenaMap
  readonly #view: DataView
  readonly #outputActivation: ActivationName

  /** Clears the arena from `base` on and writes the programs of a network into it; weights are 0. */
  constructor(
    kernels: Kernels,
    base: number,
    map: ArenaMap,
    topology: Topology,
    loss: LossSettings,
    target: TargetKind
  ) {
    this.#kernels = kernels
    this.#base = base
    this.#map = map
    this.#view = new DataView(kernels.memory.buffer, base, map.bytes)
    this.#outputActivation = outputLayer(topology).activation
    new Uint8Array(kernels.memory.buffer, base, map.bytes).fill(0)
    map.threads.forEach((thread, number) => {
      this.#setAll(thread.program, {
        [at.P_LAYER_COUNT]: map.layers.length,
        [at.P_INPUTS]: topology.inputs,
        [at.P_LOSS]: code[`LOSS_${upper(loss.name)}`],
        [at.P_ONE_HOT]: target.isOneHot ? 1 : 0,
        [at.P_CLASSIFIES]: target.classifies ? 1 : 0,
        [at.P_THREADS]: map.threads.length,
        [at.P_THREAD]: number,
        [at.P_PROGRAM_STRIDE]: map.programStride,
        [at.P_TILE_ROWS]: kernels.tileRows
      })
      this.#setFloat(thread.program + at.P_SMOOTHING_F32, loss.smoothing)
      this.#setFloat(thread.program + at.P_HUBER_DELTA_F32, loss.huberDelta)
    })
    topology.layers.forEach((layer, index) => {
      const isFused = losses[loss.name].startsFromSums && index === topology.layers.length - 1
      this.#writeLayer(index, isFused ? { ...layer, activation: 'linear' } : layer)
    })
  }

  #writeLayer(index: number, { activation, slope = LEAKY_SLOPE, dropout = 0 }: Layer): void {
    const layer = this.#map.layers[index]
    if (!layer) return
    for (const thread of this.#map.threads) {
      const buffers = thread.layers[index]
      if (!buffers) continue
      const record = thread.program + at.P_LAYERS + index * at.LAYER_BYTES
      this.#setAll(record, {
        [at.L_INPUTS]: layer.inputs,
        [at.L_UNITS]: layer.units,
        [at.L_ACTIVATION]: activationCode(activation),
        [at.L_OUTPUTS_TELL]: activations[activation].derivativeFromOutput ? 1 : 0,
        [at.L_NORMALISATION]: code[`NORMALISATION_${upper(layer.normalisation ?? 'none')}`],
        [at.L_TRANSPOSED_ROWS]: transposedRows(layer.units),
        [at.L_STRIDE]: layer.stride
      })
      this.#setFloat(record + at.L_SLOPE_F32, slope)
      this.#setFloat(record + at.L_DROPOUT_F32, dropout)
      this.#setAddresses(record, {
        [at.L_WEIGHTS]: buffers.weights,
        [at.L_TRANSPOSED]: buffers.transposed,
        [at.L_STATE1]: buffers.state1,
        [at.L_STATE2]: buffers.state2,
        [at.L_GAIN]: layer.gain,
        [at.L_GAIN_STATE1]: layer.gainState1,
        [at.L_GAIN_STATE2]: layer.gainState2,
        [at.L_RUNNING]: layer.running,
        [at.L_QUIET]: layer.quiet,
        [at.L_OUTPUT]: buffers.output,
        [at.L_DELTA]: buffers.delta,
        [at.L_DERIVATIVE]: buffers.derivative,
        [at.L_NORMALISED]: buffers.normalised,
        [at.L_INVERSE_DEVIATION]: buffers.inverse,
        [at.L_GRADIENT]: buffers.gradient,
        [at.L_GAIN_GRADIENT]: buffers.gainGradient
      })
    }
  }

  /** Adds what training needs; the order of rows and the learning rate are set epoch by epoch. */
  prepareTraining(settings: TrainingSettings): void {
    const { needs } = settings
    const map = this.#map
    for (const thread of map.threads) {
      this.#setAll(thread.program, {
        [at.P_DATA_INPUTS]: settings.inputs,
        [at.P_DATA_TARGETS]: settings.targets,
        [at.P_ROWS]: settings.rows,
        [at.P_BATCH]: settings.batch,
        [at.P_CHUNK]: needs.chunk,
        [at.P_KEEPS_GRADIENTS]: needs.keepsGradients ? 1 : 0,
        [at.P_ADDS_GRADIENTS]: needs.addsGradients ? 1 : 0,
        [at.P_BATCH_STRIDE]: map.batchStride,
        [at.P_NOISE_SEED]: settings.noiseSeed,
        [at.P_OPTIMIZER]: code[`OPTIMIZER_${upper(settings.optimizer)}`]
      })
      this.#setAddresses(thread.program, {
        [at.P_ORDER]: map.order,
        [at.P_ROW_WEIGHTS]: map.rowWeights,
        [at.P_CLASS_WEIGHTS]: settings.weighsClasses ? map.classWeights : 0,
        [at.P_BATCH_INPUTS]: thread.batchInputs,
        [at.P_BATCH_TARGETS]: thread.batchTargets,
        [at.P_BATCH_WEIGHTS]: thread.batchWeights,
        [at.P_PANEL_SUM]: thread.panelSum
      })
      for (const name of Object.keys(stepNumbers) as (keyof StepNumbers)[]) {
        this.#setFloat(thread.program + stepNumbers[name], settings.numbers[name] ?? 0)
      }
    }
    this.step = 0
  }

  /** The learning rate of the steps to come. */
  set learningRate(rate: number) {
    for (const { program } of this.#map.threads) this.#setFloat(program + at.P_RATE_F32, rate)
  }

  /** Between which numbers measured and predicted outputs stay; training goes by the outputs as they are. */
  set limits({ lowest, highest }: OutputLimits) {
    for (const { program } of this.#map.threads) {
      this.#setAll(program, { [at.P_IS_LIMITED]: 1 })
      this.#setFloat(program + at.P_LOWEST_F32, lowest)
      this.#setFloat(program + at.P_HIGHEST_F32, highest)
    }
  }

  /** Where training stands: rows of the epoch done in whole steps, and steps done in all. */
  get cursor(): number {
    return this.#get(at.P_CURSOR)
  }
  set cursor(rows: number) {
    for (const { program } of this.#map.threads) this.#setAll(program, { [at.P_CURSOR]: rows, [at.P_WITHIN]: 0 })
  }
  get step(): number {
    return this.#get(at.P_STEP)
  }
  set step(steps: number) {
    for (const { program } of this.#map.threads) {
      this.#setAll(program, { [at.P_STEP]: steps })
      this.#kernels.exports.resumeSteps(this.#base + program)
    }
  }

  /** Whether the loss of a batch was not finite; training stopped before its update. */
  get isNotFinite(): boolean {
    return this.#get(at.P_NOT_FINITE) !== 0
  }

  /** Pieces of this size done of the batch that is under way. */
  piecesOfBatch(chunk: number): number {
    return Math.ceil(this.#get(at.P_WITHIN) / chunk)
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

  /** What each row of the training part counts; only where rows are weighted. */
  get rowWeights(): Float32Array {
    return this.floats(this.#map.rowWeights, this.#get(at.P_ROWS))
  }

  /** What each class counts in the smoothed part of every row's target; only where rows are weighted. */
  get classWeights(): Float32Array {
    return this.floats(this.#map.classWeights, outputLayer(this.#map).units)
  }

  /** Norm of the gradient of a layer at the last step of an epoch. */
  gradientNorm(layer: number): number {
    return Math.sqrt(this.gradientSquares[layer] ?? 0)
  }

  /** Squared norms of the gradients of all layers at the last step of an epoch; set where that step was done elsewhere. */
  get gradientSquares(): number[] {
    return this.#map.layers.map((_, layer) =>
      this.#map.threads.reduce(
        (sum, thread) => sum + this.#view.getFloat64(this.#squareOf(thread.program, layer), true),
        0
      )
    )
  }

  set gradientSquares(squares: readonly number[]) {
    squares.forEach((square, layer) => {
      this.#map.threads.forEach(({ program }, thread) => {
        this.#view.setFloat64(this.#squareOf(program, layer), thread === 0 ? square : 0, true)
      })
    })
  }

  #squareOf(program: number, layer: number): number {
    return program + at.P_LAYERS + layer * at.LAYER_BYTES + at.L_GRADIENT_SQUARED_F64
  }

  /** For each unit of a layer, in how many measured rows a ReLU let nothing through or a sigmoid or tanh was saturated. */
  quiet(layer: number): Int32Array {
    const map = this.#map.layers[layer]
    return new Int32Array(this.#kernels.memory.buffer, this.#base + (map?.quiet ?? 0), map?.units ?? 0)
  }

  /** All layers' weights, gains and running values side by side, and the copy of the best of them. */
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

  /** Trains pieces of batches, with the help of all threads of the run; see training.ts of the kernels. */
  train(pieces: number): void {
    this.#kernels.exports.lead(this.#base, pieces)
  }

  /** Adds rows that lie side by side at these addresses to measuredSums; at most the arena's capacity. */
  measure(inputs: number, targets: number, rows: number): void {
    this.#kernels.exports.measure(this.#base, inputs, targets, rows)
  }

  /** Writes the outputs of rows that lie side by side to `outputs`; at most the arena's capacity. */
  predict(inputs: number, rows: number, outputs: number): void {
    const isApplied = this.#getLayer(this.#map.layers.length - 1, at.L_ACTIVATION) !== code.ACTIVATION_LINEAR
    const activation = isApplied ? code.ACTIVATION_LINEAR : activationCode(this.#outputActivation)
    this.#kernels.exports.predict(this.#base, inputs, rows, outputs, activation)
  }

  /** Computes the outputs (rows, O) of rows that lie side by side, into the arena's own room, until the next call. */
  predictHere(inputs: number, rows: number): Float32Array {
    this.predict(inputs, rows, this.#base + this.#map.predicted)
    return this.floats(this.#map.predicted, rows * outputLayer(this.#map).units)
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
  /** Writes whole numbers at these distances from `from`. */
  #setAll(from: number, values: Record<number, number>): void {
    for (const [offset, value] of Object.entries(values)) this.#view.setInt32(from + Number(offset), value, true)
  }
  /** Writes the addresses of buffers of the arena; 0 stays 0, which is none. */
  #setAddresses(from: number, buffers: Record<number, number>): void {
    for (const [offset, buffer] of Object.entries(buffers)) {
      this.#view.setUint32(from + Number(offset), buffer === 0 ? 0 : this.#base + buffer, true)
    }
  }
  #setFloat(offset: number, value: number): void {
    this.#view.setFloat32(offset, value, true)
  }
  #getLayer(index: number, offset: number): number {
    return this.#get(at.P_LAYERS + index * at.LAYER_BYTES + offset)
  }
}

export const noSums: Sums = { loss: 0, correct: 0, squared: 0, absolute: 0 }
