/**
 * Reads the graph of an ONNX model as steps of a feedforward network: weighted sums, factors and terms a unit, activations.
 * What PyTorch, scikit-learn through skl2onnx, Keras through tf2onnx and this lab write is known; anything else is refused
 * by the name that the person's tool has for it.
 * Source: docs/Operators.md and docs/Operators-ml.md of github.com/onnx/onnx.
 */
import { LabError } from '#contract/errors.ts'
import type { ReadConstant, ReadModel, ReadNode } from '#lab/models/onnx/decode.ts'
import { foldConstants, isShapeWork } from '#lab/models/onnx-import/constants.ts'
import { isComplement, isSigmoid, sums } from '#lab/models/onnx-import/expressions.ts'
import { combineComputed, withConstants, withoutOthers } from '#lab/models/onnx-import/elementwise.ts'
import { type Flow, settleFlow, type Value } from '#lab/models/onnx-import/flow.ts'
import { inlineFunctions } from '#lab/models/onnx-import/inline.ts'
import { classLabels, readLayer } from '#lab/models/onnx-import/layer-operators.ts'
import { ownNetwork } from '#lab/models/onnx-import/own-export.ts'
import { numbersOf, type Step, unknown } from '#lab/models/onnx-import/steps.ts'

export interface ReadSteps {
  /** Names of the inputs, in the order in which they are put together. */
  readonly inputs: readonly string[]
  readonly steps: readonly Step[]
  /** Names of the classes, where the model carries them. */
  readonly classes: readonly string[] | null
  /** An export of this lab, whose own preparation was left out: its inputs are prepared numbers. */
  readonly isPrepared: boolean
}

/** Operators that are layers of other networks: they say more than what prepares their inputs, which comes first. */
const otherLayers = new Set(
  (
    'Conv ConvInteger ConvTranspose DeformConv QLinearConv MaxPool AveragePool GlobalMaxPool GlobalAveragePool LSTM GRU ' +
    'RNN Attention Loop Scan If TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor SVMClassifier SVMRegressor'
  ).split(' ')
)

const quantised = new Set(
  (
    'DequantizeLinear QuantizeLinear DynamicQuantizeLinear QLinearMatMul MatMulInteger QGemm MatMulNBits QAttention ' +
    'DynamicQuantizeMatMul'
  ).split(' ')
)

/** Operators that leave a matrix of rows as it is, once the network is only predicted with. */
const passing = new Set([
  'Identity',
  'Dropout',
  'Flatten',
  'Reshape',
  'Cast',
  'Squeeze',
  'ZipMap',
  'Unsqueeze',
  'Expand'
])
const labelOperators = new Set(
  'ArgMax ArrayFeatureExtractor LabelEncoder Cast Reshape Identity Squeeze ZipMap'.split(' ')
)

/**
 * Reads a model; `wanted` names the output to take where several are networks.
 * Errors: LabError 'bad_file' that names the operator which no feedforward network here has, or says what else is wrong.
 */
export function readSteps(model: ReadModel, file: string, wanted: string | null = null): ReadSteps {
  const nodes = inlineFunctions(model)
  const own = ownNetwork(model, nodes)
  const values = new Map<string, Value>()
  for (const constant of model.constants) values.set(constant.name, { kind: 'constant', constant })
  const inputs = own === null ? [...model.inputs.keys()] : [own.tensor]
  for (const name of inputs) {
    if (!values.has(name)) values.set(name, { kind: 'flow', inputs: [name], steps: [], expression: sums })
  }
  const needed = neededFor(model.outputs, nodes, values)
  refuseOtherKinds(needed, file)
  let classes: readonly string[] | null = null
  for (const node of needed) {
    const given = node.inputs.filter((name) => name !== '').map((name) => values.get(name))
    classes ??= classesOf(node, given)
    const made = readNode(node, given)
    if (typeof made === 'string') throw refused(file, made)
    for (const name of node.outputs) if (name !== '') values.set(name, made)
    // A linear classifier gives the label first, then the numbers.
    const [label, scores] = node.outputs
    if (node.op === 'LinearClassifier' && label !== undefined && scores !== undefined)
      values.set(label, { kind: 'label' })
  }
  const { inputs: read, steps } = chooseNetwork(model.outputs, values, file, wanted)
  return { inputs: own?.inputs ?? read, steps, classes, isPrepared: own !== null }
}

function refused(file: string, why: string): LabError {
  return new LabError('bad_file', `${file} can't be taken over as a feedforward network: ${why}.`, { file })
}

/** The nodes that the outputs are computed by; those before what is known already are none. */
function neededFor(
  outputs: readonly string[],
  nodes: readonly ReadNode[],
  known: ReadonlyMap<string, Value>
): ReadNode[] {
  const wanted = new Set(outputs)
  const needed = nodes.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((name) => wanted.has(name) && !known.has(name))
    if (isNeeded) node.inputs.forEach((name) => wanted.add(name))
    return isNeeded
  })
  return needed.reverse()
}

function refuseOtherKinds(nodes: readonly ReadNode[], file: string): void {
  const other = nodes.find(({ op }) => otherLayers.has(op))
  if (other) throw refused(file, unknown(other.op))
  const quantising = nodes.find(({ op }) => quantised.has(op))
  if (quantising) {
    const why = `it is quantised (${quantising.op}). Take the model as it was before it was quantised`
    throw refused(file, why)
  }
}

/** Gives the value a node makes, or why it can't be taken over. */
function readNode(node: ReadNode, given: readonly (Value | undefined)[]): Value | string {
  const { op } = node
  if (given.some((value) => value?.kind === 'label')) return labelOperators.has(op) ? { kind: 'label' } : unknown(op)
  if (op === 'ArgMax') return { kind: 'label' }
  const constants = given.flatMap((value) => (value?.kind === 'constant' ? [value.constant] : []))
  const flows = given.filter((value) => value?.kind === 'flow')
  if (flows.length === 0 || isShapeWork(node, given)) return foldConstants(node, given)
  const odd = constants.find(({ unusable }) => unusable !== undefined)
  if (odd) return `its tensor ${odd.name} ${odd.unusable}`
  const [flow, other] = flows
  if (op === 'Concat') return concat(node, flows)
  if (!flow) return unknown(op)
  if (other) return combineComputed(node, flow, other)
  if (passing.has(op)) return pass(node, flow, constants)
  if (op === 'Normalizer') return isNormalised(flow) ? flow : unknown(op)
  const changed = constants[0] ? withConstants(node, flow, constants, given[1] === flow) : withoutOthers(node, flow)
  if (changed !== null) return changed
  const settled = settleFlow(flow)
  if (typeof settled === 'string') return settled
  const layer = readLayer(node, constants, given[0] === flow)
  return typeof layer === 'string' ? layer : { ...settled, steps: [...settled.steps, ...layer] }
}

function pass(node: ReadNode, flow: Flow, constants: readonly ReadConstant[]): Value | string {
  const { op, attributes } = node
  const isTraining = op === 'Dropout' && node.inputs.length > 2 && numbersOf(constants.at(-1))[0] === 1
  if (isTraining) return 'it was exported in training mode: its Dropout still drops units. Export it with model.eval()'
  const axis = Number(attributes['axis']?.value ?? 1)
  if (op === 'Flatten' && axis !== 1 && axis !== -1) return `its Flatten puts all rows into one (axis ${axis})`
  return flow
}

/** Probabilities that add up to 1 stay as they are when they are divided by their sum. */
function isNormalised(flow: Flow): boolean {
  const settled = settleFlow(flow)
  const last = typeof settled === 'string' ? undefined : settled.steps.at(-1)
  return last?.type === 'pair' || (last?.type === 'activation' && last.name === 'softmax')
}

/** Columns put together before the first layer, or the two probabilities of one sigmoid. */
function concat({ attributes }: ReadNode, flows: readonly Flow[]): Value | string {
  const axis = Number(attributes['axis']?.value ?? 1)
  if (axis !== 1 && axis !== -1) return `its Concat puts rows together (axis ${axis})`
  const [first, second] = flows
  const isPair = flows.length === 2 && first && second && first.steps === second.steps
  if (isPair && isComplement(first.expression) && isSigmoid(second.expression)) {
    const settled = settleFlow(second)
    return typeof settled === 'string' ? settled : { ...settled, steps: [...settled.steps, { type: 'pair' }] }
  }
  if (flows.some(({ steps, expression }) => steps.length > 0 || expression !== sums)) return unknown('Concat')
  return { kind: 'flow', inputs: flows.flatMap(({ inputs }) => inputs), steps: [], expression: sums }
}

/** The output that is a network; where it is given at several stages, the last one. */
function chooseNetwork(
  outputs: readonly string[],
  values: ReadonlyMap<string, Value>,
  file: string,
  wanted: string | null
): Flow {
  if (wanted !== null && !outputs.includes(wanted)) {
    throw refused(file, `it has no output "${wanted}"; its outputs are ${outputs.join(', ')}`)
  }
  const networks = outputs.flatMap((name) => {
    const value = values.get(name)
    if (value?.kind !== 'flow' || (wanted !== null && name !== wanted)) return []
    const settled = settleFlow(value)
    if (typeof settled === 'string') throw refused(file, settled)
    return settled.steps.some(({ type }) => type === 'dense') ? [{ name, flow: settled }] : []
  })
  const last = networks.filter(({ flow }) => !networks.some((other) => isBefore(flow, other.flow)))
  const [network, ...others] = last
  if (!network) {
    const onlyLabels = outputs.every((name) => values.get(name)?.kind === 'label')
    const why = onlyLabels
      ? 'its only output is the label. Export the probabilities as well'
      : 'none of its outputs is computed by a dense layer'
    throw refused(file, why)
  }
  if (others.some(({ flow }) => !isSame(flow, network.flow))) {
    const names = last.map(({ name }) => name).join(', ')
    throw refused(
      file,
      `it has several outputs (${names}), and a network here has one. Say which with the option --output`
    )
  }
  return network.flow
}

const sameStep = (a: Step, b: Step | undefined) =>
  a === b ||
  (a.type === 'dense' && b?.type === 'dense' && a.weights === b.weights) ||
  (a.type === 'activation' && b?.type === 'activation' && a.name === b.name)

function isBefore(flow: Flow, other: Flow): boolean {
  return flow.steps.length < other.steps.length && flow.steps.every((step, index) => sameStep(step, other.steps[index]))
}

function isSame(flow: Flow, other: Flow): boolean {
  return (
    flow.steps.length === other.steps.length && flow.steps.every((step, index) => sameStep(step, other.steps[index]))
  )
}

/** Names of classes, where an operator turns numbers of classes into them. */
function classesOf({ op, attributes }: ReadNode, [first]: readonly (Value | undefined)[]): readonly string[] | null {
  if (op === 'ArrayFeatureExtractor' && first?.kind === 'constant') return Array.from(first.constant.values, String)
  if (op === 'LabelEncoder') {
    const listed = attributes['values_strings']
    return Array.isArray(listed?.value) ? listed.value.map(String) : null
  }
  return op === 'ZipMap' || op === 'LinearClassifier' ? classLabels(attributes) : null
}
