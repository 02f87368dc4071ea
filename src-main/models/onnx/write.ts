/**
 * A model as an ONNX graph: the bare network, or with its preparation before it and the class or the value behind it.
 * A missing number is NaN, a missing text is empty.
 */
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { outputLayer } from '#engine/network/topology.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import { LabError } from '#contract/errors.ts'
import { addActivation } from '#lab/models/activations.ts'
import { encodeModel } from '#lab/models/onnx/encode.ts'
import {
  type Attribute,
  GraphBuilder,
  metadataKeys,
  type OnnxModel,
  type Port,
  tensorTypes
} from '#lab/models/onnx/graph.ts'
import { layersOf, type ModelLayer, needsDouble, type TrainedModel } from '#lab/models/model.ts'

type Numeric = Extract<ColumnEncoding, { kind: 'numeric' }>
type Categorical = Extract<ColumnEncoding, { kind: 'categorical' }>

const int = (value: number): Attribute => ({ kind: 'int', value })
const float = (value: number): Attribute => ({ kind: 'float', value })

/** Writes the bare network: one matrix of prepared inputs in, outputs as the network gives them out. */
export function writeOnnxNetwork(model: TrainedModel): readonly Uint8Array[] {
  const { preparation, topology } = model
  const graph = new GraphBuilder(['inputs', 'outputs'])
  graph.add('Identity', [addNetwork(graph, layersOf(model), 'inputs')], {}, 'outputs')
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
  const names = columns.map(({ column }) => column)
  const probabilities = ['probabilities', 'class probabilities', '/probabilities'].find(
    (name) => name !== target && !names.includes(name)
  )
  const graph = new GraphBuilder([...names, target, probabilities ?? ''])
  const numberType = columns.some(needsDouble) ? 'double' : 'float'
  const prepared = addPreparation(graph, columns)
  const outputs = addNetwork(graph, layersOf(model), prepared)
  const ports: Port[] = []
  if (classes) {
    const probable = graph.add('Identity', [outputs], {}, probabilities)
    const best = graph.add('ArgMax', [probable], { axis: int(1), keepdims: int(0) })
    const label = {
      keys_int64s: { kind: 'ints', value: classes.map((_, place) => place) },
      values_strings: { kind: 'strings', value: classes },
      default_string: { kind: 'string', value: '' }
    } as const
    graph.add('LabelEncoder', [best], label, target)
    ports.push({ name: target, type: 'string', columns: null })
    ports.push({ name: probable, type: 'float', columns: classes.length })
  } else {
    const { mean, deviation } = model.preparation.targetScale
    const scaled = graph.add('Mul', [outputs, graph.constant('target_deviation', Float32Array.of(deviation))])
    graph.add('Add', [scaled, graph.constant('target_mean', Float32Array.of(mean))], {}, target)
    ports.push({ name: target, type: 'float', columns: 1 })
  }
  return encodeModel({
    ...described(
      model,
      'Inputs are columns as they come: NaN stands for a missing number, an empty text for a missing text.'
    ),
    ...graph,
    inputs: columns.map(({ column, kind }) => ({
      name: column,
      type: kind === 'numeric' ? numberType : 'string',
      columns: 1
    })),
    outputs: ports,
    metadata: {
      ...metadataOf(model),
      [metadataKeys.networkInput]: prepared,
      [metadataKeys.inputs]: JSON.stringify(model.preparation.inputs)
    }
  })
}

/** Adds the preparation of raw columns; gives the name of the matrix the network reads. */
function addPreparation(graph: GraphBuilder, columns: readonly ColumnEncoding[]): string {
  const blocks: string[] = []
  /** For each column of the blocks put together: which input of the network it is. */
  const places: number[] = []
  const starts = new Map<ColumnEncoding, number>()
  let start = 0
  for (const column of columns) {
    starts.set(column, start)
    start += widthOf(column) + (column.indicator ? 1 : 0)
  }
  const startOf = (column: ColumnEncoding) => starts.get(column) ?? 0
  const numeric = columns.filter((column) => column.kind === 'numeric')
  if (numeric.length > 0) {
    const { scaled, flags } = addNumbers(graph, numeric)
    blocks.push(scaled, ...flags)
    places.push(
      ...numeric.map(startOf),
      ...numeric.filter(({ indicator }) => indicator).map((column) => startOf(column) + 1)
    )
  }
  for (const column of columns) {
    if (column.kind === 'numeric') continue
    const width = widthOf(column)
    if (width > 0) blocks.push(addLevels(graph, column, width))
    for (let level = 0; level < width; level++) places.push(startOf(column) + level)
    if (!column.indicator) continue
    const flag = {
      keys_strings: { kind: 'strings', value: [''] },
      values_floats: { kind: 'floats', value: [1] },
      default_float: float(0)
    } as const
    blocks.push(graph.add('LabelEncoder', [column.column], flag))
    places.push(startOf(column) + width)
  }
  const matrix = graph.add('Concat', blocks, { axis: int(1) })
  if (places.every((place, index) => place === index)) return matrix
  const order = BigInt64Array.from(places.keys(), BigInt)
  places.forEach((place, index) => (order[place] = BigInt(index)))
  return graph.add('Gather', [matrix, graph.constant('input_order', order)], { axis: int(1) })
}

function addNumbers(graph: GraphBuilder, numeric: readonly Numeric[]): { scaled: string; flags: string[] } {
  const row = (label: string, of: (column: Numeric) => number) =>
    graph.constant(label, Float64Array.from(numeric, of), [1, numeric.length])
  const raw = graph.add(
    'Concat',
    numeric.map(({ column }) => column),
    { axis: int(1) }
  )
  const numbers = graph.add('Cast', [raw], { to: int(tensorTypes.double) })
  const missing = graph.add('Or', [graph.add('IsNaN', [numbers]), graph.add('IsInf', [numbers])])
  const filled = graph.add('Where', [missing, row('fill', ({ fill }) => fill), numbers])
  const shifted = graph.add('Sub', [filled, row('offset', ({ offset }) => offset)])
  const divided = graph.add('Div', [shifted, row('scale', ({ scale }) => scale)])
  const scaled = graph.add('Cast', [divided], { to: int(tensorTypes.float) })
  const flagged = numeric.flatMap(({ indicator }, index) => (indicator ? [BigInt(index)] : []))
  if (flagged.length === 0) return { scaled, flags: [] }
  const all = graph.add('Cast', [missing], { to: int(tensorTypes.float) })
  const chosen = graph.constant('flagged', BigInt64Array.from(flagged))
  return { scaled, flags: [graph.add('Gather', [all, chosen], { axis: int(1) })] }
}

/** Levels become their places; OneHot leaves a place beyond the last one all 0. */
function addLevels(graph: GraphBuilder, { column, levels, fill }: Categorical, width: number): string {
  if (levels.includes('')) {
    throw new LabError(
      'bad_settings',
      `"${column}" has an empty text as a level, which in ONNX stands for a missing value. Choose another format.`,
      { column }
    )
  }
  const filled = fill === null ? width : Math.max(0, levels.indexOf(fill))
  const encoder = {
    keys_strings: { kind: 'strings', value: [...levels, ''] },
    values_int64s: { kind: 'ints', value: [...levels.keys(), filled] },
    // The place of "other", or the one beyond the last.
    default_int64: int(levels.length)
  } as const
  const place = graph.add('LabelEncoder', [column], encoder)
  const list = graph.add('Reshape', [place, graph.constant('list', BigInt64Array.of(-1n))])
  const depth = graph.constant('depth', BigInt64Array.of(BigInt(width)))
  return graph.add('OneHot', [list, depth, graph.constant('off_on', Float32Array.of(0, 1))], { axis: int(-1) })
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

/** Inputs that the levels of a column make, or its number. */
function widthOf(column: ColumnEncoding): number {
  return column.kind === 'numeric' ? 1 : column.levels.length + (column.other ? 1 : 0)
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
