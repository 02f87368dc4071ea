/**
 * Reads the graph of an ONNX model as steps of a feedforward network: weighted sums, factors and terms a unit, activations.
 * What PyTorch, scikit-learn through skl2onnx and Keras through tf2onnx write is known; anything else is refused by name.
 * Source: docs/Operators.md and docs/Operators-ml.md of github.com/onnx/onnx.
 */
import { type ActivationName, activationNames } from '#engine/network/activations.ts'
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { LabError } from '#contract/errors.ts'
import { activationCode, type Operator } from '#lab/models/activations.ts'
import type { ReadConstant, ReadModel, ReadNode } from '#lab/models/onnx/decode.ts'

export type Step =
  /** Weights (units, inputs) row by row; z = w x + b. */
  | {
      readonly type: 'dense'
      readonly inputs: number
      readonly units: number
      readonly weights: Float64Array
      readonly biases: Float64Array
    }
  /** x * factor + term, one of each a unit, or one for all. */
  | { readonly type: 'affine'; readonly factor: Float64Array; readonly term: Float64Array }
  | { readonly type: 'standardise'; readonly gain: Float64Array; readonly shift: Float64Array }
  | { readonly type: 'activation'; readonly name: ActivationName; readonly slope?: number }
  /** One sigmoid becomes the probabilities of two classes: 1 - p and p. */
  | { readonly type: 'pair' }

export interface ReadSteps {
  /** Names of the inputs, in the order in which they are put together. */
  readonly inputs: readonly string[]
  readonly steps: readonly Step[]
  /** Names of the classes, where the model carries them. */
  readonly classes: readonly string[] | null
}

/** Operators that are layers of other networks: they say more than what prepares their inputs, which comes first. */
const otherLayers = new Set(
  (
    'Conv ConvInteger ConvTranspose DeformConv QLinearConv MaxPool AveragePool GlobalMaxPool GlobalAveragePool LSTM GRU ' +
    'RNN Attention Loop Scan If TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor SVMClassifier SVMRegressor'
  ).split(' ')
)

/** A computed tensor: the steps to it, and what is being made of it until that is known to be an activation. */
interface Flow {
  readonly kind: 'flow'
  readonly inputs: readonly string[]
  readonly steps: readonly Step[]
  /** Part of an activation that several operators make; `x` is the tensor of the steps itself. */
  readonly form: 'x' | 'sigmoid' | '1 - sigmoid' | 'x / sqrt 2' | 'erf' | '1 + erf' | 'x (1 + erf)' | 'x / 2'
}

type Value = Flow | { readonly kind: 'constant'; readonly constant: ReadConstant } | { readonly kind: 'label' }

type Attributes = ReadNode['attributes']

/** What an operator's attributes are where a file leaves them out. */
const defaultAttributes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Elu: { alpha: 1 },
  Selu: { alpha: 1.67326319, gamma: 1.05070102 },
  LeakyRelu: { alpha: 0.01 },
  HardSigmoid: { alpha: 0.2, beta: 0.5 }
}

/** Activations by their operators: those that exports write, and what others write for the same. */
const plainActivations = new Map<string, (attributes: Attributes) => Step | null>([
  ...activationNames.flatMap((name) => {
    const { onnx } = activationCode[name]
    return typeof onnx === 'function' ? [] : [[onnx.op, readOperator(name, onnx)] as const]
  }),
  ['Gelu', ({ approximate }) => (approximate?.value === 'tanh' ? null : { type: 'activation', name: 'gelu' })],
  // Its largest entry is that of softmax; as probabilities the lab shows softmax itself.
  ['LogSoftmax', () => ({ type: 'activation', name: 'softmax' })]
])

/** Reads an activation of one operator; null where it has other numbers than the activation here. */
function readOperator(name: ActivationName, { op, attributes: wanted = {}, slope }: Operator) {
  return (given: Attributes): Step | null => {
    const valueOf = (attribute: string) => Number(given[attribute]?.value ?? defaultAttributes[op]?.[attribute])
    const isSame = Object.entries(wanted).every(
      ([attribute, { kind, value }]) => kind !== 'float' || near(valueOf(attribute), value)
    )
    if (!isSame) return null
    return { type: 'activation', name, ...(slope !== undefined && { slope: valueOf(slope) }) }
  }
}

/** Operators that leave a matrix of rows as it is, once the network is only predicted with. */
const passing = new Set(['Identity', 'Dropout', 'Flatten', 'Reshape', 'Cast', 'Squeeze', 'ZipMap'])
const labelOperators = new Set([
  'ArgMax',
  'ArrayFeatureExtractor',
  'LabelEncoder',
  'Cast',
  'Reshape',
  'Identity',
  'Squeeze'
])

/**
 * Reads a model.
 * Errors: LabError 'bad_file' that names the operator which no feedforward network here has, or says what else is wrong.
 */
export function readSteps(model: ReadModel, file: string): ReadSteps {
  const values = new Map<string, Value>()
  for (const constant of model.constants) values.set(constant.name, { kind: 'constant', constant })
  for (const name of model.inputs.keys()) {
    if (!values.has(name)) values.set(name, { kind: 'flow', inputs: [name], steps: [], form: 'x' })
  }
  const other = model.nodes.find(({ op }) => otherLayers.has(op))
  if (other) throw refused(file, unknown(other.op))
  let classes: readonly string[] | null = null
  for (const node of model.nodes) {
    const given = node.inputs.filter((name) => name !== '').map((name) => values.get(name))
    classes ??= classesOf(node, given)
    const made = readNode(node, given)
    if (typeof made === 'string') throw refused(file, made)
    values.set(node.output, made)
  }
  const flows = model.outputs.flatMap((name) => {
    const value = values.get(name)
    return value?.kind === 'flow' ? [value] : []
  })
  const [network] = flows.filter(({ steps }) => steps.some(({ type }) => type === 'dense'))
  if (!network) throw refused(file, 'none of its outputs is computed by a dense layer')
  const settled = settle(network)
  if (!settled) throw refused(file, 'it ends in the middle of an activation')
  return { inputs: settled.inputs, steps: settled.steps, classes }
}

function refused(file: string, why: string): LabError {
  return new LabError('bad_file', `${file} can't be taken over as a feedforward network: ${why}.`, { file })
}

/** Gives the value a node makes, or why it can't be taken over. */
function readNode(node: ReadNode, given: readonly (Value | undefined)[]): Value | string {
  const { op, attributes } = node
  if (op === 'Constant') {
    const constant = node.tensors['value'] ?? constantOf(attributes)
    return constant ? { kind: 'constant', constant } : 'it holds a Constant of a kind that is not read here'
  }
  const [first, second] = given
  if (given.some((value) => value?.kind === 'label')) {
    return labelOperators.has(op) || op === 'ZipMap' ? { kind: 'label' } : unknown(op)
  }
  if (op === 'ArgMax') return { kind: 'label' }
  if (op === 'ZipMap' && first?.kind === 'flow') return first
  const flows = given.filter((value) => value?.kind === 'flow')
  if (flows.length === 0) return foldConstant(node, given)
  if (op === 'Concat') return concat(flows)
  if (flows.length > 1) return combine(op, flows)
  const [flow] = flows
  if (!flow) return unknown(op)
  if (op === 'Erf') return flow.form === 'x / sqrt 2' ? { ...flow, form: 'erf' } : unknown(op)
  if (op === 'Sigmoid') return withForm(flow, 'sigmoid')
  if (passing.has(op)) return flow
  const constants = given.flatMap((value) => (value?.kind === 'constant' ? [value.constant] : []))
  if (['Add', 'Sub', 'Mul', 'Div'].includes(op)) {
    return constants[0] ? arithmetic(op, flow, constants[0], second === flow) : unknown(op)
  }
  const settled = settle(flow)
  if (!settled) return unknown(op)
  const step = stepOf(node, constants, first === flow)
  if (step === null) return `its operator ${op} has parameters that no activation here has`
  return typeof step === 'string' ? step : { ...settled, steps: [...settled.steps, step], form: 'x' }
}

/** A layer, or an activation of one operator. */
function stepOf(
  { op, attributes }: ReadNode,
  constants: readonly ReadConstant[],
  isFirst: boolean
): Step | string | null {
  const activation = plainActivations.get(op)
  if (activation) return activation(attributes)
  switch (op) {
    case 'Gemm':
      return isFirst ? gemm(attributes, constants) : unknown(op)
    case 'MatMul': {
      const [weights] = constants
      if (!isFirst || weights?.dims.length !== 2) return unknown(op)
      const [inputs = 0, units = 0] = weights.dims
      return dense(inputs, units, transposed(numbersOf(weights), inputs, units), new Float64Array(units))
    }
    case 'PRelu': {
      const [slope, ...others] = [...new Set(numbersOf(constants[0]))]
      if (slope === undefined || others.length > 0 || !(slope >= 0 && slope < 1)) return null
      return { type: 'activation', name: 'leaky_relu', slope }
    }
    case 'BatchNormalization': {
      const [gain, shift, mean, variance] = constants.map(numbersOf)
      if (!gain || !shift || !mean || !variance) return unknown(op)
      const epsilon = Number(attributes['epsilon']?.value ?? 1e-5)
      const factor = gain.map((value, unit) => value / Math.sqrt((variance[unit] ?? 1) + epsilon))
      return {
        type: 'affine',
        factor,
        term: shift.map((value, unit) => value - (mean[unit] ?? 0) * (factor[unit] ?? 0))
      }
    }
    case 'LayerNormalization': {
      const [gain, shift] = constants.map(numbersOf)
      if (!gain || !near(attributes['epsilon']?.value ?? 1e-5, NORMALISATION_EPSILON)) return null
      return { type: 'standardise', gain, shift: shift ?? new Float64Array(gain.length) }
    }
    case 'Scaler': {
      const [offset, scale] = ['offset', 'scale'].map((name) => Float64Array.from(attributes[name]?.value as number[]))
      if (!offset || !scale) return unknown(op)
      return {
        type: 'affine',
        factor: scale,
        term: scale.map((value, unit) => -value * (offset[unit] ?? offset[0] ?? 0))
      }
    }
    default:
      return unknown(op)
  }
}

function gemm(attributes: Attributes, [weights, biases]: readonly ReadConstant[]): Step | string {
  if (weights?.dims.length !== 2 || Number(attributes['transA']?.value ?? 0) !== 0) return unknown('Gemm')
  const isTransposed = Number(attributes['transB']?.value ?? 0) === 1
  const [rows = 0, columns = 0] = weights.dims
  const [inputs, units] = isTransposed ? [columns, rows] : [rows, columns]
  const numbers = isTransposed ? numbersOf(weights) : transposed(numbersOf(weights), rows, columns)
  const alpha = Number(attributes['alpha']?.value ?? 1)
  const beta = Number(attributes['beta']?.value ?? 1)
  const terms = spread(numbersOf(biases), units)
  return dense(
    inputs,
    units,
    numbers.map((value) => alpha * value),
    terms.map((value) => beta * value)
  )
}

function dense(inputs: number, units: number, weights: Float64Array, biases: Float64Array): Step {
  return { type: 'dense', inputs, units, weights, biases }
}

/** Adds, subtracts, multiplies or divides by constants: a factor and a term, or a piece of an activation. */
function arithmetic(op: string, flow: Flow, constant: ReadConstant, isSecond: boolean): Value | string {
  const numbers = numbersOf(constant)
  const [only] = numbers
  const single = numbers.length === 1 && only !== undefined ? only : null
  const { form } = flow
  if (form !== 'x') {
    if (form === 'erf' && op === 'Add' && single === 1) return { ...flow, form: '1 + erf' }
    if (form === 'sigmoid' && op === 'Sub' && isSecond && single === 1) return { ...flow, form: '1 - sigmoid' }
    const halves = (op === 'Mul' && single === 0.5) || (op === 'Div' && single === 2)
    if (form === 'x (1 + erf)' && halves) return activated({ ...flow, form: 'x' }, 'gelu')
    const settled = settle(flow)
    return settled ? arithmetic(op, settled, constant, isSecond) : unknown(op)
  }
  const isRoot =
    single !== null && ((op === 'Div' && near(single, Math.SQRT2)) || (op === 'Mul' && near(single, Math.SQRT1_2)))
  if (isRoot && !isSecond) return { ...flow, form: 'x / sqrt 2' }
  if (op === 'Mul' && single === 0.5) return { ...flow, form: 'x / 2' }
  return affine(op, flow, numbers, isSecond)
}

function affine(op: string, flow: Flow, numbers: Float64Array, isSecond: boolean): Value | string {
  const ones = numbers.map(() => 1)
  const zeros = numbers.map(() => 0)
  const steps: Record<string, () => Step | null> = {
    Add: () => ({ type: 'affine', factor: ones, term: numbers }),
    Sub: () =>
      isSecond
        ? { type: 'affine', factor: ones.map(() => -1), term: numbers }
        : { type: 'affine', factor: ones, term: numbers.map((value) => -value) },
    Mul: () => ({ type: 'affine', factor: numbers, term: zeros }),
    Div: () => (isSecond ? null : { type: 'affine', factor: numbers.map((value) => 1 / value), term: zeros })
  }
  const step = steps[op]?.()
  return step ? { ...flow, steps: [...flow.steps, step] } : unknown(op)
}

/** Two tensors that come from the same sums make an activation; from different ones they would skip layers. */
function combine(op: string, [first, second]: readonly Flow[]): Value | string {
  if (!first || !second || first.steps !== second.steps) {
    return `its operator ${op} joins two computed tensors, so layers are skipped`
  }
  const forms = [first.form, second.form]
  const are = (a: Flow['form'], b: Flow['form']) => forms.includes(a) && forms.includes(b)
  if (op !== 'Mul') return unknown(op)
  if (are('x', 'sigmoid')) return activated({ ...first, form: 'x' }, 'silu')
  if (are('x', '1 + erf')) return { ...first, form: 'x (1 + erf)' }
  if (are('x / 2', '1 + erf')) return activated({ ...first, form: 'x' }, 'gelu')
  return unknown(op)
}

/** Columns put together before the first layer, or the two probabilities of one sigmoid. */
function concat(flows: readonly Flow[]): Value | string {
  const [first, second] = flows
  if (
    flows.length === 2 &&
    first?.steps === second?.steps &&
    first?.form === '1 - sigmoid' &&
    second?.form === 'sigmoid'
  ) {
    const { steps } = activated({ ...first, form: 'x' }, 'sigmoid')
    return { ...first, steps: [...steps, { type: 'pair' }], form: 'x' }
  }
  if (flows.some(({ steps, form }) => steps.length > 0 || form !== 'x')) return unknown('Concat')
  return { kind: 'flow', inputs: flows.flatMap(({ inputs }) => inputs), steps: [], form: 'x' }
}

/** Constants that are computed from constants, such as weights that are transposed. */
function foldConstant({ op, attributes }: ReadNode, [first]: readonly (Value | undefined)[]): Value | string {
  if (first?.kind !== 'constant') return unknown(op)
  const { constant } = first
  if (['Identity', 'Cast', 'Reshape', 'Unsqueeze', 'Squeeze'].includes(op)) return first
  if (op !== 'Transpose' || constant.dims.length !== 2) return unknown(op)
  const [rows = 0, columns = 0] = constant.dims
  const order = attributes['perm']?.value as number[] | undefined
  if (order && order.join() !== '1,0') return first
  const values = transposed(numbersOf(constant), rows, columns)
  return { kind: 'constant', constant: { ...constant, dims: [columns, rows], values } }
}

/** Makes of a half-known form what it is by itself; null where it is nothing. */
function settle(flow: Flow): Flow | null {
  if (flow.form === 'x') return flow
  if (flow.form === 'sigmoid') return activated({ ...flow, form: 'x' }, 'sigmoid')
  const factors = { 'x / sqrt 2': Math.SQRT1_2, 'x / 2': 0.5 } as const
  const factor = flow.form === 'x / sqrt 2' || flow.form === 'x / 2' ? factors[flow.form] : null
  if (factor === null) return null
  const step: Step = { type: 'affine', factor: Float64Array.of(factor), term: Float64Array.of(0) }
  return { ...flow, steps: [...flow.steps, step], form: 'x' }
}

function withForm(flow: Flow, form: Flow['form']): Value | string {
  const settled = settle(flow)
  return settled ? { ...settled, form } : unknown('Sigmoid')
}

function activated(flow: Flow, name: ActivationName): Flow {
  return { ...flow, steps: [...flow.steps, { type: 'activation', name }] }
}

/** Names of classes, where an operator turns numbers of classes into them. */
function classesOf({ op, attributes }: ReadNode, [first]: readonly (Value | undefined)[]): readonly string[] | null {
  if (op === 'ArrayFeatureExtractor' && first?.kind === 'constant') return Array.from(first.constant.values, String)
  const listed =
    op === 'ZipMap'
      ? (attributes['classlabels_strings'] ?? attributes['classlabels_int64s'])
      : op === 'LabelEncoder'
        ? attributes['values_strings']
        : undefined
  return Array.isArray(listed?.value) ? listed.value.map(String) : null
}

function constantOf(attributes: Attributes): ReadConstant | null {
  const value = (attributes['value_float'] ?? attributes['value_floats'] ?? attributes['value_int'])?.value
  if (value === undefined) return null
  const numbers = Float64Array.from(Array.isArray(value) ? (value as number[]) : [Number(value)])
  return { name: '', dims: Array.isArray(value) ? [numbers.length] : [], values: numbers }
}

function unknown(op: string): string {
  return `its operator ${op} is none of a network of dense layers`
}

function numbersOf(constant: ReadConstant | undefined): Float64Array {
  return Float64Array.from(constant ? (constant.values as ArrayLike<unknown>) : [], Number)
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? NaN)
}

function spread(values: Float64Array, count: number): Float64Array {
  if (values.length === count) return values
  return new Float64Array(count).fill(values[0] ?? 0)
}

function near(value: unknown, wanted: number): boolean {
  return Math.abs(Number(value) - wanted) < 1e-5
}
