/**
 * A whole feedforward network in float64: forward and backward over one batch.
 * Slow and obvious; the truth that the kernels, the trainer and the computation graph are held to.
 */
import { activate, activationBackward } from '#engine/kernels/reference/activations.ts'
import { denseBackward, denseForward } from '#engine/kernels/reference/dense.ts'
import { evaluateLoss, type ReferenceLoss, startsFromSums } from '#engine/kernels/reference/losses.ts'
import { type Matrix, type Vector, zipRows } from '#engine/kernels/reference/matrix.ts'
import {
  batchNormBackward,
  batchNormForward,
  layerNormBackward,
  layerNormForward,
  type RunningStatistics,
  runningNormForward
} from '#engine/kernels/reference/normalisation.ts'
import type { ActivationName } from '#engine/network/activations.ts'

export interface ReferenceLayer {
  readonly units: number
  readonly activation: ActivationName
  /** Stands between weighted sums and activation; its gain and shift are then among the parameters. */
  readonly normalisation?: 'batch' | 'layer'
}

/** A topology with all options of the reference; every Topology of the engine is one. */
export interface ReferenceTopology {
  readonly inputs: number
  readonly layers: readonly ReferenceLayer[]
}

/** Parameters of one layer, or their gradients: weights (O,I), biases (O), gain and shift (O) where it is normalised. */
export interface LayerParameters {
  readonly weights: Matrix
  readonly biases: Vector
  readonly gain?: Vector
  readonly shift?: Vector
}

export interface ForwardOptions {
  /** Running figures of each layer with batch normalisation; given, they stand in for those of the batch (evaluation). */
  readonly running?: readonly (RunningStatistics | undefined)[]
  /** Dropout: what each output of each layer is multiplied by, 0 or 1 / (1 - rate); none for evaluation. */
  readonly masks?: readonly (Matrix | undefined)[]
}

/** What one layer did with a batch; all of shape (B,O) but x (B,I). */
export interface LayerTrace {
  readonly x: Matrix
  /** Weighted sums. */
  readonly z: Matrix
  /** Weighted sums after normalisation; z itself where there is none. */
  readonly normalised: Matrix
  readonly activated: Matrix
  /** What the next layer gets: activated, after dropout. */
  readonly output: Matrix
}

/** Computes all layers for a batch, first to last. Shapes: x (B, inputs of the topology). */
export function referenceForward(
  topology: ReferenceTopology,
  parameters: readonly LayerParameters[],
  x: Matrix,
  options: ForwardOptions = {}
): LayerTrace[] {
  const traces: LayerTrace[] = []
  let input = x
  topology.layers.forEach((layer, index) => {
    const own = parametersOf(parameters, index)
    const z = denseForward(input, own.weights, own.biases)
    const normalised = normalise(layer, own, z, options.running?.[index])
    const activated = activate(layer.activation, normalised)
    const mask = options.masks?.[index]
    const output = mask ? zipRows(activated, mask, (a, factor) => a * factor) : activated
    traces.push({ x: input, z, normalised, activated, output })
    input = output
  })
  return traces
}

/** Computes the outputs of the last layer for a batch. Shapes: x (B,inputs) gives (B, outputs). */
export function referenceOutputs(
  topology: ReferenceTopology,
  parameters: readonly LayerParameters[],
  x: Matrix,
  options: ForwardOptions = {}
): Matrix {
  return lastOf(referenceForward(topology, parameters, x, options)).output
}

/** Computes the loss of a batch. Shapes: x (B,inputs), t (B,outputs), classes as one-hot rows. */
export function referenceLoss(
  topology: ReferenceTopology,
  loss: ReferenceLoss,
  parameters: readonly LayerParameters[],
  x: Matrix,
  t: Matrix,
  options: ForwardOptions = {}
): number {
  const last = lastOf(referenceForward(topology, parameters, x, options))
  const isFused = startsFromSums(loss.name, lastOf(topology.layers).activation)
  return evaluateLoss(loss, isFused ? last.normalised : last.output, t).loss
}

export interface ReferenceGradients {
  readonly loss: number
  readonly outputs: Matrix
  /** One entry a layer, shaped as its parameters. */
  readonly layers: LayerParameters[]
  /** By the inputs of the network. Shape (B,inputs). */
  readonly inputs: Matrix
}

/**
 * Computes loss, outputs and all gradients of a batch, in training: batch normalisation uses the batch's own figures.
 * Shapes: x (B,inputs), t (B,outputs), classes as one-hot rows.
 * Units: of the loss as evaluateLoss() has it, a mean over rows; penalties are added by addPenalty().
 * Errors: throws RangeError where shapes do not fit, or a loss stands behind an output activation it can't be fused with.
 * Source: Goodfellow, Bengio & Courville 2016, algorithm 6.4.
 */
export function referenceGradients(
  topology: ReferenceTopology,
  loss: ReferenceLoss,
  parameters: readonly LayerParameters[],
  x: Matrix,
  t: Matrix,
  options: Pick<ForwardOptions, 'masks'> = {}
): ReferenceGradients {
  const traces = referenceForward(topology, parameters, x, options)
  const last = lastOf(traces)
  const fused = startsFromSums(loss.name, lastOf(topology.layers).activation)
  const result = evaluateLoss(loss, fused ? last.normalised : last.output, t)

  const layers: LayerParameters[] = []
  let upstream: Matrix = result.gradient
  for (const [index, trace] of [...traces.entries()].reverse()) {
    const layer = topology.layers[index]
    if (!layer) throw new RangeError(`The topology has no layer ${index}.`)
    const own = parametersOf(parameters, index)
    const startsAtSums = fused && index === traces.length - 1
    const mask = options.masks?.[index]
    const byActivated = mask ? zipRows(upstream, mask, (gradient, factor) => gradient * factor) : upstream
    const byNormalised = startsAtSums ? upstream : activationBackward(layer.activation, trace.normalised, byActivated)
    const norm = normaliseBackward(layer, own, trace.z, byNormalised)
    const dense = denseBackward(trace.x, own.weights, norm.z)
    layers.unshift({ weights: dense.weights, biases: dense.biases, ...norm.scale })
    upstream = dense.x
  }
  return { loss: result.loss, outputs: last.output, layers, inputs: upstream }
}

function normalise(
  layer: ReferenceLayer,
  own: LayerParameters,
  z: Matrix,
  running: RunningStatistics | undefined
): Matrix {
  if (!layer.normalisation) return z
  const { gain, shift } = scaleOf(own)
  if (layer.normalisation === 'layer') return layerNormForward(z, gain, shift).output
  return running ? runningNormForward(z, gain, shift, running).output : batchNormForward(z, gain, shift).output
}

function normaliseBackward(
  layer: ReferenceLayer,
  own: LayerParameters,
  z: Matrix,
  dy: Matrix
): { z: Matrix; scale: Pick<LayerParameters, 'gain' | 'shift'> } {
  if (!layer.normalisation) return { z: dy, scale: {} }
  const backward = layer.normalisation === 'layer' ? layerNormBackward : batchNormBackward
  const { z: dz, gain, shift } = backward(z, scaleOf(own).gain, dy)
  return { z: dz, scale: { gain, shift } }
}

function scaleOf(own: LayerParameters): { gain: Vector; shift: Vector } {
  if (!own.gain || !own.shift) throw new RangeError('A normalised layer needs a gain and a shift for each unit.')
  return { gain: own.gain, shift: own.shift }
}

function parametersOf(parameters: readonly LayerParameters[], index: number): LayerParameters {
  const own = parameters[index]
  if (!own) throw new RangeError(`Layer ${index + 1} has no parameters.`)
  return own
}

function lastOf<T>(list: readonly T[]): T {
  const last = list.at(-1)
  if (last === undefined) throw new RangeError('A network has at least one layer.')
  return last
}
