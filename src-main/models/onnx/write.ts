/**
 * A model as an ONNX graph: the bare network, or with its preparation before it and the class or the value behind it.
 * A missing number is NaN, a missing text is empty.
 */
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { outputLayer } from '#engine/network/topology.ts'
import type { OutputLimits } from '#engine/kernels/program.ts'
import { outputLimits } from '#engine/training/evaluation.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import { addActivation } from '#lab/models/activations.ts'
import { type ColumnSteps, describePreparation } from '#lab/datasets/preparation-steps.ts'
import { addPreparation, type TypedColumn } from '#lab/models/onnx/preparation.ts'
import { encodeModel } from '#lab/models/onnx/encode.ts'
import { type Attribute, GraphBuilder, metadataKeys, type OnnxModel, type Port } from '#lab/models/onnx/graph.ts'
import { type ModelLayer, needsDouble, networksOf, type TrainedModel } from '#lab/models/model.ts'

const int = (value: number): Attribute => ({ kind: 'int', value })
const float = (value: number): Attribute => ({ kind: 'float', value })

/** Writes the bare network: one matrix of prepared inputs in, outputs as the network gives them out. */
export function writeOnnxNetwork(model: TrainedModel): readonly Uint8Array[] {
  const { preparation, topology } = model
  const graph = new GraphBuilder(['inputs', 'outputs'])
  graph.add('Identity', [addNetworks(graph, model, 'inputs')], {}, 'outputs')
  return encodeModel({
    ...described(model, 'The network alone: its inputs are prepared numbers, in the order of the metadata "inputs".'),
    ...graph,
    inputs: [{ name: 'inputs', type: 'float', columns: topology.inputs }],
    outputs: [{ name: 'outputs', type: 'float', columns: outputLayer(topology).units }],
    metadata: { ...metadataOf(model), [metadataKeys.inputs]: JSON.stringify(preparation.inputs) }
  })
}

/**
 * Writes the whole model: an input a column, by its name, and outputs for the class and the probabilities or the value.
 * Errors: LabError 'bad_settings' for a column with an empty text as a level, which here means a missing value.
 */
export function writeOnnx(model: TrainedModel): readonly Uint8Array[] {
  const { columns, classes, target } = model.preparation
  const { inputs: typed, outputs: ports, probabilities } = onnxPorts(model)
  const graph = new GraphBuilder([...columns.map(({ column }) => column), target, probabilities])
  const prepared = addPreparation(graph, typed)
  const outputs = addNetworks(graph, model, prepared, outputLimits(model.preparation.targetScale))
  if (classes) {
    const probable = graph.add('Identity', [outputs], {}, probabilities)
    const best = graph.add('ArgMax', [probable], { axis: int(1), keepdims: int(0) })
    const label = {
      keys_int64s: { kind: 'ints', value: classes.map((_, place) => place) },
      values_strings: { kind: 'strings', value: classes },
      default_string: { kind: 'string', value: '' }
    } as const
    graph.add('LabelEncoder', [best], label, target)
  } else {
    const { mean, deviation } = model.preparation.targetScale
    const scaled = graph.add('Mul', [outputs, graph.constant('target_deviation', Float32Array.of(deviation))])
    graph.add('Add', [scaled, graph.constant('target_mean', Float32Array.of(mean))], {}, target)
  }
  return encodeModel({
    ...described(
      model,
      'Inputs are columns as they come: NaN stands for a missing number, an empty text for a missing text. Dates are days ' +
        'since 1970-01-01 with the time of day as a fraction, times and durations are hours.'
    ),
    ...graph,
    inputs: typed.map(({ column, type }) => ({ name: column.column, type, columns: 1 })),
    outputs: ports,
    metadata: {
      ...metadataOf(model),
      [metadataKeys.networkInput]: prepared,
      [metadataKeys.inputs]: JSON.stringify(model.preparation.inputs)
    }
  })
}

/**
 * Adds the network, or those of an ensemble with their mean; gives the name of the outputs. Probabilities to the power of
 * 1 / temperature, divided by their sum, are the softmax of their logarithms by the temperature.
 */
function addNetworks(graph: GraphBuilder, model: TrainedModel, inputs: string, limits?: OutputLimits): string {
  const { temperature } = model
  const each = networksOf(model).map((layers) => {
    const outputs = addNetwork(graph, layers, inputs)
    return limits ? addLimits(graph, outputs, limits) : outputs
  })
  const sum = each.reduce((before, outputs) => graph.add('Add', [before, outputs]))
  const mean =
    each.length === 1 ? sum : graph.add('Div', [sum, graph.constant('members', Float32Array.of(each.length))])
  if (temperature === undefined) return mean
  const scaled = graph.add('Div', [
    graph.add('Log', [mean]),
    graph.constant('temperature', Float32Array.of(temperature))
  ])
  return graph.add('Softmax', [scaled], { axis: int(-1) })
}

function addLimits(graph: GraphBuilder, outputs: string, { lowest, highest }: OutputLimits): string {
  const raised = graph.add('Max', [outputs, graph.constant('lowest', Float32Array.of(lowest))])
  return graph.add('Min', [raised, graph.constant('highest', Float32Array.of(highest))])
}

/** What an ONNX file of the whole model takes and gives; `probabilities` is a name that no column has. */
export function onnxPorts({ preparation }: Pick<TrainedModel, 'preparation'>): {
  readonly inputs: readonly TypedColumn[]
  readonly outputs: readonly Port[]
  readonly probabilities: string
} {
  const { columns, classes, target } = preparation
  const names = new Set([target, ...columns.map(({ column }) => column)])
  const probabilities =
    ['probabilities', 'class probabilities', '/probabilities'].find((name) => !names.has(name)) ?? ''
  const inputs = describePreparation(preparation).map((column, index) => ({
    column,
    type: typeOf(column, columns[index])
  }))
  const outputs: Port[] = classes
    ? [
        { name: target, type: 'string', columns: null },
        { name: probabilities, type: 'float', columns: classes.length }
      ]
    : [{ name: target, type: 'float', columns: 1 }]
  return { inputs, outputs, probabilities }
}

/** Adds all layers; gives the name of the outputs. */
function addNetwork(graph: GraphBuilder, layers: readonly ModelLayer[], inputs: string): string {
  let x = inputs
  layers.forEach(({ inputs: width, units, weights, biases, scale, running, ...layer }, index) => {
    const constant = (name: string, values: Float32Array, dims?: number[]) =>
      graph.constant(`layers.${index}.${name}`, values, dims)
    x = graph.add('Gemm', [x, constant('weight', weights, [units, width]), constant('bias', biases)], {
      transB: int(1)
    })
    if (scale) {
      const pair = [constant('gain', scale.gain), constant('shift', scale.shift)]
      const epsilon = float(NORMALISATION_EPSILON)
      x = running
        ? graph.add(
            'BatchNormalization',
            [x, ...pair, constant('mean', running.mean), constant('variance', running.variance)],
            { epsilon }
          )
        : graph.add('LayerNormalization', [x, ...pair], { axis: int(-1), epsilon })
    }
    x = addActivation(graph, x, layer)
  })
  return x
}

/** The type of a column's tensor: a double for those numbers alone that lose something as a float. */
function typeOf({ reads }: ColumnSteps, encoding: ColumnEncoding | undefined): Port['type'] {
  if (reads === 'text') return 'string'
  return encoding && needsDouble(encoding) ? 'double' : 'float'
}

function described(
  { preparation, provenance }: TrainedModel,
  how: string
): Pick<OnnxModel, 'producerVersion' | 'description'> {
  return { producerVersion: provenance.lab, description: `Predicts "${preparation.target}". ${how}` }
}

function metadataOf({ task, provenance, preparation }: TrainedModel): Record<string, string> {
  const { dataset, split, seed, figures, test, ...rest } = provenance
  return {
    task,
    target: preparation.target,
    classes: JSON.stringify(preparation.classes),
    dataset: dataset.name,
    dataHash: dataset.hash,
    split: JSON.stringify(split),
    seed: String(seed),
    figures: JSON.stringify({ ...figures, test }),
    provenance: JSON.stringify(rest)
  }
}
