/** What a file computes before any row comes: weights made of weights, and the shapes that tensors are put into. */
import type { ReadConstant, ReadNode } from '#lab/models/onnx/decode.ts'
import type { Value } from '#lab/models/onnx-import/flow.ts'
import { numbersOf, transposed, unknown } from '#lab/models/onnx-import/steps.ts'

/** Work on numbers of rows and columns: PyTorch's `view(x.size(0), -1)` makes such nodes. */
const shapeOperators = new Set(
  (
    'Gather Concat Unsqueeze Squeeze Slice Cast Identity Add Sub Mul Div ReduceProd Reshape ConstantOfShape Where Equal ' +
    'Expand Range Min Max'
  ).split(' ')
)

const same = new Set(['Identity', 'Cast', 'Reshape', 'Unsqueeze', 'Squeeze'])

/** Whether a node asks for the shape of a computed tensor, which is the same for every row. */
export function isShapeWork({ op }: ReadNode, given: readonly (Value | undefined)[]): boolean {
  if (op === 'Shape' || op === 'Size') return true
  return given.some((value) => value?.kind === 'shape') && !given.some((value) => value?.kind === 'flow')
}

/** Gives what a node makes of constants and shapes, or why it can't be taken over. */
export function foldConstants(node: ReadNode, given: readonly (Value | undefined)[]): Value | string {
  const { op, attributes } = node
  if (op === 'Constant') {
    const constant = node.tensors['value'] ?? constantOf(attributes)
    return constant ? { kind: 'constant', constant } : 'it holds a Constant of a kind that is not read here'
  }
  if (op === 'Shape' || op === 'Size') return { kind: 'shape' }
  if (given.some((value) => value?.kind === 'shape')) return shapeOperators.has(op) ? { kind: 'shape' } : unknown(op)
  const [first, second] = given
  if (first?.kind !== 'constant') return unknown(op)
  if (first.constant.unusable !== undefined) return `its tensor ${first.constant.name} ${first.constant.unusable}`
  if (same.has(op)) return first
  if (op === 'Transpose') return { kind: 'constant', constant: transpose(first.constant, attributes) }
  if (second?.kind === 'constant' && ['Add', 'Sub', 'Mul', 'Div'].includes(op)) {
    const constant = reckon(op, first.constant, second.constant)
    return constant ? { kind: 'constant', constant } : unknown(op)
  }
  // A list of numbers that is put together can only be a shape: weights are stored whole.
  return shapeOperators.has(op) ? { kind: 'shape' } : unknown(op)
}

function transpose(constant: ReadConstant, attributes: ReadNode['attributes']): ReadConstant {
  const [rows = 0, columns = 0, ...others] = constant.dims
  const order = attributes['perm']?.value as number[] | undefined
  if (others.length > 0 || constant.dims.length !== 2 || (order && order.join() !== '1,0')) return constant
  return { ...constant, dims: [columns, rows], values: transposed(numbersOf(constant), rows, columns) }
}

/** Number by number, or with one number for all. */
function reckon(op: string, a: ReadConstant, b: ReadConstant): ReadConstant | null {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const longer = left.length >= right.length ? a : b
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return null
  const work: Readonly<Record<string, (x: number, y: number) => number>> = {
    Add: (x, y) => x + y,
    Sub: (x, y) => x - y,
    Mul: (x, y) => x * y,
    Div: (x, y) => x / y
  }
  const at = (values: Float64Array, index: number) => values[values.length === 1 ? 0 : index] ?? NaN
  const values = numbersOf(longer).map((_, index) => work[op]?.(at(left, index), at(right, index)) ?? NaN)
  return { name: longer.name, dims: longer.dims, values }
}

function constantOf(attributes: ReadNode['attributes']): ReadConstant | null {
  const kinds = ['value_float', 'value_floats', 'value_int', 'value_ints'] as const
  const listed = kinds.map((kind) => attributes[kind]?.value).find((each) => each !== undefined)
  if (listed === undefined) return null
  const numbers = Float64Array.from(Array.isArray(listed) ? (listed as number[]) : [Number(listed)])
  return { name: '', dims: Array.isArray(listed) ? [numbers.length] : [], values: numbers }
}
