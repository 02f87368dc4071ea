/**
 * Runs the ONNX graphs that write.ts makes, in float64: the proof of an export. It knows the operators used there and
 * computes each as docs/Operators.md of github.com/onnx/onnx says; speed is no aim.
 */
import { scalarActivations, softmax } from '#engine/kernels/reference/activations.ts'
import { erf } from '#engine/kernels/reference/error-function.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { ReadModel } from '#lab/models/onnx/decode.ts'
import { type Attribute, type Node as AnyNode, tensorTypes } from '#lab/models/onnx/graph.ts'

/** Truth is 1 and 0; whole numbers are numbers as well. Row by row. */
export interface Tensor {
  readonly dims: readonly number[]
  readonly values: readonly string[] | Float64Array
}

/** Computes every tensor of a graph from its inputs, by name. Errors: throws RangeError for an operator it does not know. */
export async function evaluate(
  { nodes, constants }: Pick<ReadModel, 'nodes' | 'constants'>,
  inputs: ReadonlyMap<string, Tensor>
): Promise<Map<string, Tensor>> {
  const tensors = new Map(inputs)
  for (const { name, dims, values } of constants) {
    tensors.set(name, { dims, values: Float64Array.from(values as ArrayLike<unknown>, Number) })
  }
  const pause = createPause()
  for (const node of nodes) {
    const given = node.inputs.map((name) => {
      const tensor = tensors.get(name)
      if (!tensor) throw new RangeError(`The ONNX graph reads ${name} before it is computed.`)
      return tensor
    })
    tensors.set(node.output, node.op === 'Gemm' ? await gemm(given, pause) : compute(node, given))
    await pause()
  }
  return tensors
}

type Node = Pick<AnyNode, 'op' | 'attributes'>

const epsilonOf = (node: Node) => numberOf(node.attributes.epsilon)

const maps: Record<string, (z: number, node: Node) => number> = {
  Identity: (z) => z,
  IsNaN: (z) => Number(Number.isNaN(z)),
  IsInf: (z) => Number(Math.abs(z) === Infinity),
  Cast: (z, { attributes }) => (numberOf(attributes.to) === tensorTypes.float ? Math.fround(z) : z),
  Floor: Math.floor,
  Sqrt: Math.sqrt,
  Log: Math.log,
  Sin: Math.sin,
  Cos: Math.cos,
  Erf: erf,
  Sign: scalarActivations.sign.value,
  Sigmoid: scalarActivations.sigmoid.value,
  HardSigmoid: (z, { attributes }) =>
    Math.min(1, Math.max(0, numberOf(attributes.alpha) * z + numberOf(attributes.beta))),
  Tanh: scalarActivations.tanh.value,
  Relu: scalarActivations.relu.value,
  LeakyRelu: (z, { attributes }) => (z < 0 ? numberOf(attributes.alpha) * z : z),
  Elu: (z, { attributes }) => (z < 0 ? numberOf(attributes.alpha) * Math.expm1(z) : z),
  Selu: (z, { attributes: { alpha, gamma } }) => numberOf(gamma) * (z > 0 ? z : numberOf(alpha) * Math.expm1(z)),
  Softplus: scalarActivations.softplus.value
}

const pairs: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Min: Math.min,
  Max: Math.max,
  Or: (a, b) => a || b,
  GreaterOrEqual: (a, b) => Number(a >= b)
}

function compute(node: Node, given: readonly Tensor[]): Tensor {
  const [first, second, third] = given
  if (!first) throw new RangeError(`${node.op} has no input.`)
  const map = maps[node.op]
  if (map) return { dims: first.dims, values: numbersOf(first).map((z) => map(z, node)) }
  const pair = pairs[node.op]
  if (pair && second)
    return { dims: first.dims, values: numbersOf(first).map((a, index) => pair(a, repeated(second, index))) }
  switch (node.op) {
    case 'Concat':
      return concat(given)
    case 'Where':
      return where(first, second, third)
    case 'Reshape':
      return { dims: [first.values.length], values: first.values }
    case 'Gather':
      return gather(first, second)
    case 'LabelEncoder':
      return encodeLabels(node, first)
    case 'OneHot':
      return oneHot(first, second)
    case 'ArgMax':
      return byRow(first, 1, (row) => [row.indexOf(Math.max(...row))])
    case 'Softmax':
      return byRow(first, widthOf(first), (row) => softmax(Array.from(row)))
    case 'BatchNormalization': {
      const [, gain, shift, mean, variance] = given
      return byRow(first, widthOf(first), (row) =>
        row.map((z, unit) => {
          const standard = (z - at(mean, unit)) / Math.sqrt(at(variance, unit) + epsilonOf(node))
          return standard * at(gain, unit) + at(shift, unit)
        })
      )
    }
    case 'LayerNormalization':
      return byRow(first, widthOf(first), (row) => {
        const mean = row.reduce((sum, z) => sum + z, 0) / row.length
        const variance = row.reduce((sum, z) => sum + (z - mean) ** 2, 0) / row.length
        const deviation = Math.sqrt(variance + epsilonOf(node))
        return row.map((z, unit) => ((z - mean) / deviation) * at(second, unit) + at(third, unit))
      })
    default:
      throw new RangeError(`The ONNX operator ${node.op} is not known here.`)
  }
}

/** x (rows, I) times the transpose of w (O,I), plus b (O): with transB = 1, as write.ts has it. */
async function gemm([x, w, b]: readonly Tensor[], pause: () => Promise<void> | undefined): Promise<Tensor> {
  if (!x || !w) throw new RangeError('Gemm has no input.')
  const [units = 0, inputs = 0] = w.dims
  const rows = x.dims[0] ?? 0
  const values = new Float64Array(rows * units)
  const [from, weights] = [numbersOf(x), numbersOf(w)]
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = at(b, unit)
      for (let input = 0; input < inputs; input++) {
        sum += (weights[unit * inputs + input] ?? NaN) * (from[row * inputs + input] ?? NaN)
      }
      values[row * units + unit] = sum
    }
    await pause()
  }
  return { dims: [rows, units], values }
}

function concat(given: readonly Tensor[]): Tensor {
  const rows = given[0]?.dims[0] ?? 0
  const width = given.reduce((sum, tensor) => sum + widthOf(tensor), 0)
  const values = new Float64Array(rows * width)
  let start = 0
  for (const tensor of given) {
    const own = widthOf(tensor)
    numbersOf(tensor).forEach((value, index) => {
      values[Math.floor(index / own) * width + start + (index % own)] = value
    })
    start += own
  }
  return { dims: [rows, width], values }
}

function where(condition: Tensor, yes: Tensor | undefined, no: Tensor | undefined): Tensor {
  const values = numbersOf(condition).map((is, index) => (is ? repeated(yes, index) : repeated(no, index)))
  return { dims: condition.dims, values }
}

function gather(data: Tensor, indices: Tensor | undefined): Tensor {
  const chosen = numbersOf(indices)
  return byRow(data, chosen.length, (row) => chosen.map((index) => row[index] ?? NaN))
}

function encodeLabels({ attributes }: Node, { dims, values }: Tensor): Tensor {
  const listOf = (...names: string[]) =>
    names.map((name) => attributes[name]?.value).find(Array.isArray) as (string | number)[]
  const keys = listOf('keys_strings', 'keys_int64s')
  const items = listOf('values_strings', 'values_int64s', 'values_floats')
  const places = new Map(keys.map((key, index) => [key, items[index]]))
  const { default_string, default_int64, default_float } = attributes
  const fallback = (default_string ?? default_int64 ?? default_float)?.value as string | number
  const found = Array.from<string | number, string | number>(values, (value) => places.get(value) ?? fallback)
  const isText = typeof fallback === 'string'
  return { dims, values: isText ? found.map(String) : Float64Array.from(found, Number) }
}

function oneHot({ values }: Tensor, depth: Tensor | undefined): Tensor {
  const width = at(depth, 0)
  const spread = new Float64Array(values.length * width)
  values.forEach((value, row) => {
    if (Number(value) < width) spread[row * width + Number(value)] = 1
  })
  return { dims: [values.length, width], values: spread }
}

function byRow(tensor: Tensor, width: number, work: (row: Float64Array) => ArrayLike<number>): Tensor {
  const [rows = 0] = tensor.dims
  const own = widthOf(tensor)
  const values = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++)
    values.set(work(numbersOf(tensor).subarray(row * own, (row + 1) * own)), row * width)
  return { dims: width === 1 && own !== 1 ? [rows] : [rows, width], values }
}

function widthOf({ dims }: Tensor): number {
  return dims[1] ?? 1
}

function numbersOf(tensor: Tensor | undefined): Float64Array {
  if (tensor?.values instanceof Float64Array) return tensor.values
  throw new RangeError('The ONNX graph computes with texts.')
}

function at(tensor: Tensor | undefined, index: number): number {
  return numbersOf(tensor)[index] ?? NaN
}

/** Reads a row or a single number as if it were repeated for each row. */
function repeated(tensor: Tensor | undefined, index: number): number {
  return at(tensor, index % (tensor?.values.length ?? 1))
}

function numberOf(attribute: Attribute | undefined): number {
  return Number(attribute?.value)
}
