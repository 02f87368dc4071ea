/** Puts steps together as layers of the engine: factors and terms go into the weights beside them. Exact, in float64. */
import { activations, type ActivationName } from '#engine/network/activations.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import { hiddenLayers, storedCount, type Layer, type Topology } from '#engine/network/topology.ts'
import { LabError } from '#contract/errors.ts'
import type { Step } from '#lab/models/onnx-import/steps.ts'

/** A layer whose numbers can still be changed. */
export interface DraftLayer {
  readonly inputs: number
  readonly units: number
  /** (units, inputs) row by row. */
  readonly weights: Float64Array
  readonly biases: Float64Array
  readonly normalised: { readonly gain: Float64Array; readonly shift: Float64Array } | null
  readonly activation: ActivationName
  readonly slope?: number | undefined
}

interface Affine {
  readonly factor: Float64Array
  readonly term: Float64Array
}

const at = (values: Float64Array, index: number) => values[values.length === 1 ? 0 : index] ?? NaN

/** Makes layers of steps. Errors: LabError 'bad_file' for an order of steps that the engine's layers do not have. */
export function compileSteps(steps: readonly Step[], file: string): DraftLayer[] {
  const layers: DraftLayer[] = []
  /** The layer that has no activation yet. */
  let open = null as DraftLayer | null
  /** What is done to the outputs of the layer before, and goes into the next. */
  let waiting = null as Affine | null
  const fail = (why: string) => {
    throw new LabError('bad_file', `${file} can't be taken over as a feedforward network: ${why}.`, { file })
  }
  const close = () => {
    if (open) layers.push(open)
    open = null
  }
  for (const step of steps) {
    switch (step.type) {
      case 'dense': {
        close()
        const { inputs, units, weights, biases } = step
        const before = layers.at(-1)
        if (before && before.units !== inputs) fail(`a layer of ${inputs} inputs follows one of ${before.units} units`)
        const layer: DraftLayer = { inputs, units, weights, biases, normalised: null, activation: 'linear' }
        open = waiting ? affineBefore(layer, waiting) : layer
        waiting = null
        break
      }
      case 'affine':
        if (open) open = affineAfter(open, step)
        else waiting = waiting ? compose(waiting, step) : step
        break
      case 'standardise':
        if (!open || open.normalised) fail('it normalises something else than the sums of a layer')
        else open = { ...open, normalised: step }
        break
      case 'activation':
        if (!open) fail(`${step.name} is applied to something else than the sums of a layer`)
        else open = { ...open, activation: step.name, slope: step.slope }
        close()
        break
      case 'pair': {
        const last = layers.pop()
        if (last?.units !== 1) return fail('two probabilities are made of more than one output')
        layers.push(asPair(last))
      }
    }
  }
  close()
  const last = layers.at(-1)
  if (waiting && last) layers.push(affineBefore(identity(last.units), waiting))
  const odd = hiddenLayers({ layers }).find(({ activation }) => !activations[activation].hidden)
  if (odd) fail(`a hidden layer has the activation ${odd.activation}, which is one for outputs`)
  if (last?.normalised) fail('its output layer is normalised')
  return layers
}

/** One sigmoid says the same as softmax over 0 and its sum. */
export function asPair({ inputs, weights, biases }: DraftLayer): DraftLayer {
  const both = new Float64Array(2 * inputs)
  both.set(weights, inputs)
  return {
    inputs,
    units: 2,
    weights: both,
    biases: Float64Array.of(0, biases[0] ?? 0),
    normalised: null,
    activation: 'softmax'
  }
}

/** A layer that passes its inputs on. */
export function identity(units: number): DraftLayer {
  const weights = new Float64Array(units * units)
  for (let unit = 0; unit < units; unit++) weights[unit * units + unit] = 1
  return { inputs: units, units, weights, biases: new Float64Array(units), normalised: null, activation: 'linear' }
}

/** The same layer for inputs x of which it was made for x * factor + term. */
export function affineBefore(layer: DraftLayer, { factor, term }: Affine): DraftLayer {
  const { inputs, weights, biases } = layer
  return {
    ...layer,
    weights: weights.map((weight, index) => weight * at(factor, index % inputs)),
    biases: biases.map((bias, unit) => {
      let sum = bias
      for (let input = 0; input < inputs; input++) sum += (weights[unit * inputs + input] ?? 0) * at(term, input)
      return sum
    })
  }
}

/** The layer whose sums (or normalised sums) z are z * factor + term. */
export function affineAfter(layer: DraftLayer, { factor, term }: Affine): DraftLayer {
  const { inputs, weights, biases, normalised } = layer
  const moved = (values: Float64Array) => values.map((value, unit) => value * at(factor, unit) + at(term, unit))
  if (normalised) {
    const gain = normalised.gain.map((value, unit) => value * at(factor, unit))
    return { ...layer, normalised: { gain, shift: moved(normalised.shift) } }
  }
  return {
    ...layer,
    weights: weights.map((weight, index) => weight * at(factor, Math.floor(index / inputs))),
    biases: moved(biases)
  }
}

/** The layer with its inputs in another order: input i of the new one is input order[i] of the old one. */
export function reorderInputs(layer: DraftLayer, order: readonly number[]): DraftLayer {
  const { inputs, weights } = layer
  return {
    ...layer,
    weights: weights.map((_, index) => weights[index - (index % inputs) + (order[index % inputs] ?? 0)] ?? NaN)
  }
}

/** The layer with its units in another order: unit i of the new one is unit order[i] of the old one. */
export function reorderUnits(layer: DraftLayer, order: readonly number[]): DraftLayer {
  const { inputs, weights, biases } = layer
  return {
    ...layer,
    weights: weights.map(
      (_, index) => weights[(order[Math.floor(index / inputs)] ?? 0) * inputs + (index % inputs)] ?? NaN
    ),
    biases: biases.map((_, unit) => biases[order[unit] ?? 0] ?? NaN)
  }
}

/** Gives layers the form of the engine. Units: rounded to float32. */
export function assemble(layers: readonly DraftLayer[]): { topology: Topology; parameters: Float32Array } {
  const topology: Topology = {
    inputs: layers[0]?.inputs ?? 0,
    layers: layers.map(({ units, activation, slope, normalised }): Layer => ({
      units,
      activation,
      ...(slope === undefined ? {} : { slope }),
      ...(normalised ? { normalisation: 'layer' } : {})
    }))
  }
  const parameters = new Float32Array(storedCount(topology))
  parameterSpans(topology).forEach((span, index) => {
    const layer = layers[index]
    if (!layer) return
    parameters.set(layer.weights, span.weights)
    parameters.set(layer.biases, span.biases)
    if (layer.normalised && span.gain !== null) {
      parameters.set(layer.normalised.gain, span.gain)
      parameters.set(layer.normalised.shift, span.gain + span.units)
    }
  })
  return { topology, parameters }
}

function compose(first: Affine, second: Affine): Affine {
  const length = Math.max(first.factor.length, second.factor.length)
  const both = (make: (index: number) => number) => Float64Array.from({ length }, (_, index) => make(index))
  return {
    factor: both((index) => at(first.factor, index) * at(second.factor, index)),
    term: both((index) => at(first.term, index) * at(second.factor, index) + at(second.term, index))
  }
}
