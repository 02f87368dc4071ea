/**
 * Backpropagation of one row, told step by step in the usual notation: sums z, outputs a, errors delta, the gradient of
 * each weight as a product, and what one step of descent makes of the row's loss. Checked against the computation graph
 * and against differences. For explanation, not for training.
 */
import { buildNetworkGraph, parameterGradients } from '#engine/graph/network.ts'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import {
  type LayerParameters,
  referenceForward,
  referenceGradients,
  referenceLoss,
  type ReferenceTopology
} from '#engine/kernels/reference/network.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { parameterCount, type Topology } from '#engine/network/topology.ts'

/** What the pass did in one layer. */
export interface LayerPass {
  /** What came in: the outputs of the layer before, or the row. */
  readonly inputs: readonly number[]
  /** Weighted sums, z = w a + b. */
  readonly z: readonly number[]
  /** Outputs, a = f(z). */
  readonly a: readonly number[]
  /** Derivative of the loss by each weighted sum. */
  readonly delta: readonly number[]
  /** dL/dw[unit][input] = delta[unit] * inputs[input], and dL/db[unit] = delta[unit]. */
  readonly gradient: LayerParameters
  readonly before: LayerParameters
  /** w - rate * dL/dw. */
  readonly after: LayerParameters
}

export interface RowPass {
  readonly layers: readonly LayerPass[]
  readonly outputs: readonly number[]
  readonly loss: number
  /** The same row's loss behind the step. */
  readonly lossAfter: number
}

export interface BackpropagationSettings {
  readonly topology: ReferenceTopology
  readonly loss: ReferenceLoss
  readonly parameters: readonly LayerParameters[]
  readonly x: readonly number[]
  /** One number an output; a class as one-hot. */
  readonly t: readonly number[]
  readonly rate: number
}

/** The most parameters that a pass is told of: a person follows some dozens. */
export const mostExplained = 20_000

/**
 * Says why a network's pass is not told of a single row, in a sentence; null where it is.
 * Errors: none.
 */
export function unexplained(topology: Topology): string | null {
  const count = parameterCount(topology)
  if (count > mostExplained) {
    return `The network has ${count} parameters; backpropagation is shown for at most ${mostExplained}.`
  }
  if (topology.layers.some(({ normalisation }) => normalisation !== undefined)) {
    return 'The network normalises its layers, and a single row does not tell by what; take a run without normalisation.'
  }
  if (topology.layers.some(({ activation, slope }) => activation === 'leaky_relu' && (slope ?? 0.01) !== 0.01)) {
    return 'The network has a leaky ReLU with a slope of its own; backpropagation is shown for the usual slope of 0.01.'
  }
  return null
}

/**
 * Sends a row forward and its error back, and does one step of plain descent.
 * Units: the loss of the row alone, without penalties; dropout is off.
 * Errors: throws RangeError where parameters, row, target and topology do not fit.
 * Source: Goodfellow, Bengio & Courville 2016, algorithms 6.3 and 6.4; Bishop & Bishop 2024, 8.1.
 */
export function backpropagate({ topology, loss, parameters, x, t, rate }: BackpropagationSettings): RowPass {
  const traces = referenceForward(topology, parameters, [x])
  const gradients = referenceGradients(topology, loss, parameters, [x], [t])
  const after = unflatten(topology, descended(flatten(parameters), flatten(gradients.layers), rate))
  return {
    layers: traces.map((trace, index): LayerPass => {
      const gradient = at(gradients.layers, index)
      return {
        inputs: at(trace.x, 0),
        z: at(trace.z, 0),
        a: at(trace.output, 0),
        // The bias of a unit is the weight of an input that is always 1.
        delta: gradient.biases,
        gradient,
        before: at(parameters, index),
        after: at(after, index)
      }
    }),
    outputs: at(gradients.outputs, 0),
    loss: gradients.loss,
    lossAfter: referenceLoss(topology, loss, after, [x], [t])
  }
}

export interface GradientCheck {
  /** The largest distance from the gradients of the computation graph. */
  readonly fromGraph: number
  /** The largest distance from central differences, of those that were looked at. */
  readonly fromDifferences: number
  /** Parameters that differences were taken for: all, or an even choice. */
  readonly looked: number
  readonly ofParameters: number
  /** Within 1e-6 of the graph and 1e-4 of differences, both counted against the size of the gradient where above 1. */
  readonly passed: boolean
}

const graphTolerance = 1e-6
const differenceTolerance = 1e-4
const step = 1e-5

/** Compares the gradients of a pass with those of the computation graph, and with central differences of at most `most` parameters. */
export function checkGradients(settings: BackpropagationSettings, most = 400): GradientCheck {
  const { topology, loss, parameters, x, t } = settings
  const own = flatten(referenceGradients(topology, loss, parameters, [x], [t]).layers)
  const ofGraph = flatten(parameterGradients(buildNetworkGraph(topology, loss, parameters, [x], [t])))
  const flat = flatten(parameters)
  const looked = Math.min(most, flat.length)
  const lossAt = (place: number, value: number) => {
    const moved = unflatten(
      topology,
      flat.map((own, index) => (index === place ? value : own))
    )
    return referenceLoss(topology, loss, moved, [x], [t])
  }
  const distance = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b))
  let fromDifferences = 0
  for (let index = 0; index < looked; index++) {
    const place = Math.floor((index * flat.length) / looked)
    const value = flat[place] ?? 0
    const difference = (lossAt(place, value + step) - lossAt(place, value - step)) / (2 * step)
    fromDifferences = Math.max(fromDifferences, distance(own[place] ?? 0, difference))
  }
  const fromGraph = own.reduce((largest, value, index) => Math.max(largest, distance(value, ofGraph[index] ?? NaN)), 0)
  const passed = fromGraph <= graphTolerance && fromDifferences <= differenceTolerance
  return { fromGraph, fromDifferences, looked, ofParameters: flat.length, passed }
}

/** Writes the target of a row as the outputs have it: one-hot for classes, the number itself for one output. */
export function targetVector(target: number, outputs: number): number[] {
  if (outputs === 1) return [target]
  return Array.from({ length: outputs }, (_, index) => (index === target ? 1 : 0))
}

function descended(parameters: readonly number[], gradients: readonly number[], rate: number): number[] {
  return parameters.map((value, index) => value - rate * (gradients[index] ?? 0))
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index]
  if (value === undefined) throw new RangeError(`There is no layer or row ${index + 1}.`)
  return value
}
