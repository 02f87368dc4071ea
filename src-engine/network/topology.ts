/**
 * A topology: what a feedforward network is made of, as plain data.
 * Pure data, checks and counts; no weights (parameters.ts) and no arithmetic (kernels/).
 */
import { type ActivationName, activations } from '#engine/network/activations.ts'
import { LEAKY_SLOPE } from '#engine/network/constants.ts'
import type { Problem } from '#engine/problem.ts'

/** One dense layer: `units` weighted sums of the layer before, each sent through `activation`. */
export interface Layer {
  readonly units: number
  readonly activation: ActivationName
  /** Slope of leaky ReLU below zero; LEAKY_SLOPE where it is not given. */
  readonly slope?: number | undefined
  /** Share of the outputs that training sets to 0, from 0 to below 1; hidden layers only. */
  readonly dropout?: number | undefined
  /** Normalises the weighted sums before the activation; hidden layers only. */
  readonly normalisation?: 'batch' | 'layer' | undefined
}

/** Inputs and layers from first hidden to output; the last layer is the output layer. */
export interface Topology {
  readonly inputs: number
  readonly layers: readonly Layer[]
}

/** The hidden layers that a new experiment starts from. */
export const defaultHidden: readonly Layer[] = [
  { units: 32, activation: 'relu' },
  { units: 16, activation: 'relu' }
]

export const topologyLimits = { inputs: 100_000, units: 8192, layers: 64, parameters: 50_000_000 } as const

export const normalisationNames = ['batch', 'layer'] as const

/** Layers in their order, the output layer last; with fewer or more fields than a Layer too. */
interface Layered<Each> {
  readonly layers: readonly Each[]
}

/** The layers between inputs and output. */
export function hiddenLayers<Each>({ layers }: Layered<Each>): Each[] {
  return layers.slice(0, -1)
}

/**
 * The last layer.
 * Errors: throws RangeError for a network without layers, which checkTopology refuses.
 */
export function outputLayer<Each>({ layers }: Layered<Each>): Each {
  const output = layers.at(-1)
  if (output === undefined) throw new RangeError('A network has at least one layer.')
  return output
}

/**
 * Counts what training adjusts in a topology.
 * Units: one per weight and one per bias, so O * (I + 1) for a layer of O units over I inputs; a normalised layer has
 * a gain and a shift a unit besides.
 */
export function parameterCount(topology: Topology): number {
  return sumOverLayers(topology, (inputs, units, layer) => units * (inputs + (layer.normalisation ? 3 : 1)))
}

/** Counts the numbers that make a trained network: parameters, and running means and variances of batch normalisation. */
export function storedCount(topology: Topology): number {
  const running = (units: number, layer: Layer) => (layer.normalisation === 'batch' ? 2 * units : 0)
  return parameterCount(topology) + sumOverLayers(topology, (_, units, layer) => running(units, layer))
}

/** Counts the multiply-adds of one forward pass of one sample: the weights, without the biases. */
export function multiplyAdds(topology: Topology): number {
  return sumOverLayers(topology, (inputs, units) => units * inputs)
}

/** Counts the batches of one epoch: `rows` samples in batches of `batchSize`, a short last one counted whole. */
export function batchesPerEpoch(rows: number, batchSize: number): number {
  return Math.ceil(rows / Math.min(batchSize, rows))
}

/**
 * Finds what is wrong with a topology, in words; an empty list means it can be built.
 * Errors: none; the caller decides what a problem means.
 */
export function checkTopology(topology: Topology): Problem[] {
  const problems: Problem[] = []
  if (!isCount(topology.inputs, topologyLimits.inputs)) {
    problems.push({
      field: 'inputs',
      message: `A network needs 1 to ${topologyLimits.inputs} inputs; this one has ${topology.inputs}.`
    })
  }
  if (topology.layers.length < 1 || topology.layers.length > topologyLimits.layers) {
    problems.push({
      field: 'layers',
      message: `A network has 1 to ${topologyLimits.layers} layers; this one has ${topology.layers.length}.`
    })
  }
  topology.layers.forEach((layer, index) => {
    if (!isCount(layer.units, topologyLimits.units)) {
      problems.push({
        field: `layers.${index}.units`,
        message: `Layer ${index + 1} needs 1 to ${topologyLimits.units} units; it has ${layer.units}.`
      })
    }
    if (!Object.hasOwn(activations, layer.activation)) {
      problems.push({
        field: `layers.${index}.activation`,
        message: `Layer ${index + 1} names no activation of the table: "${layer.activation}".`
      })
    }
    problems.push(...checkOptions(layer, index, index === topology.layers.length - 1))
  })
  if (problems.length === 0 && parameterCount(topology) > topologyLimits.parameters) {
    problems.push({
      field: 'layers',
      message: `The network would have ${parameterCount(topology)} parameters; the limit is ${topologyLimits.parameters}.`
    })
  }
  return problems
}

/**
 * Names hidden layers: `64x32`, with the activations where they differ, `64:tanh x 32:relu`; topology-text.ts writes all
 * there is to them.
 */
export function formatHidden(layers: readonly Layer[]): string {
  if (layers.length === 0) return 'none'
  const alike = layers.every((layer) => layer.activation === layers[0]?.activation)
  if (alike) return layers.map(({ units }) => `${units}`).join('x')
  return layers.map(({ units, activation }) => `${units}:${activation}`).join(' x ')
}

/** Finds what is wrong with a layer's dropout, slope and normalisation. */
function checkOptions(layer: Layer, index: number, isOutput: boolean): Problem[] {
  const problems: Problem[] = []
  const add = (field: string, message: string) => problems.push({ field: `layers.${index}.${field}`, message })
  const { dropout = 0, slope = LEAKY_SLOPE, normalisation } = layer
  if (!(dropout >= 0 && dropout < 1)) {
    add('dropout', `Dropout of layer ${index + 1} must be from 0 to below 1; it is ${dropout}.`)
  }
  if (!(slope >= 0 && slope < 1)) {
    add('slope', `The slope of layer ${index + 1} must be from 0 to below 1; it is ${slope}.`)
  }
  if (isOutput && (dropout > 0 || normalisation !== undefined)) {
    add('dropout', 'The output layer has neither dropout nor normalisation; they belong to hidden layers.')
  }
  return problems
}

function sumOverLayers(topology: Topology, count: (inputs: number, units: number, layer: Layer) => number): number {
  let total = 0
  let inputs = topology.inputs
  for (const layer of topology.layers) {
    total += count(inputs, layer.units, layer)
    inputs = layer.units
  }
  return total
}

function isCount(value: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= maximum
}
