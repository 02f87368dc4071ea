/** Operators that change each number by itself: with a constant, alone, or of two tensors of the same sums. */
import type { ReadConstant, ReadNode } from '#lab/models/onnx/decode.ts'
import { readActivation } from '#lab/models/onnx-import/activation-operators.ts'
import { applied, type Expression, product, scaled, shifted, sum } from '#lab/models/onnx-import/expressions.ts'
import { type Flow, settleFlow } from '#lab/models/onnx-import/flow.ts'
import { numbersOf, type Step } from '#lab/models/onnx-import/steps.ts'

/** Functions that are part of an activation, and none by themselves. */
const parts = new Set(['Erf', 'Exp', 'Abs', 'Sqrt', 'HardSwish', 'Mish', 'Softsign'])

/** An operator over one computed tensor alone; null where it is none of these. */
export function withoutOthers(node: ReadNode, flow: Flow): Flow | string | null {
  const { op, attributes } = node
  const { expression } = flow
  const made = readActivation(node)
  if (made !== null) return { ...flow, expression: applied(op, expression, made) }
  if (op === 'Neg') return { ...flow, expression: scaled(expression, -1) }
  if (op === 'Reciprocal') return { ...flow, expression: applied('inv', expression, null) }
  if (op === 'ReduceMean') return mean(flow, (attributes['axes']?.value ?? []) as readonly number[], node)
  if (op === 'Clip') return clip(flow, [attributes['min']?.value, attributes['max']?.value].map(Number))
  return parts.has(op) ? { ...flow, expression: applied(op, expression, null) } : null
}

/** An operator over a computed tensor and constants, of which one may come first; null where it is none of these. */
export function withConstants(
  node: ReadNode,
  flow: Flow,
  constants: readonly ReadConstant[],
  isSecond: boolean
): Flow | string | null {
  const { op, inputs } = node
  const numbers = numbersOf(constants[0])
  const [only] = numbers
  const single = numbers.length === 1 && only !== undefined ? only : null
  if (op === 'ReduceMean') return mean(flow, [...numbers], node)
  if (op === 'Clip') {
    const bounds = constants.map((each) => numbersOf(each)[0] ?? NaN)
    return clip(flow, inputs[1] === '' ? [NaN, ...bounds] : bounds)
  }
  if (op === 'Pow' && !isSecond && single !== null) return power(flow, single)
  if (!['Add', 'Sub', 'Mul', 'Div'].includes(op)) return null
  if (single !== null) {
    const changed = withNumber(op, flow.expression, single, isSecond)
    return changed && { ...flow, expression: changed }
  }
  const settled = settleFlow(flow)
  if (typeof settled === 'string') return settled
  const step = affine(op, numbers, isSecond)
  return step && { ...settled, steps: [...settled.steps, step] }
}

function withNumber(op: string, expression: Expression, number: number, isSecond: boolean): Expression | null {
  if (op === 'Add') return shifted(expression, number)
  if (op === 'Sub') return isSecond ? shifted(scaled(expression, -1), number) : shifted(expression, -number)
  if (op === 'Mul') return scaled(expression, number)
  return isSecond ? scaled(applied('inv', expression, null), number) : scaled(expression, 1 / number)
}

/** A number a unit. */
function affine(op: string, numbers: Float64Array, isSecond: boolean): Step | null {
  const ones = numbers.map(() => 1)
  const zeros = numbers.map(() => 0)
  if (op === 'Add') return { type: 'affine', factor: ones, term: numbers }
  if (op === 'Mul') return { type: 'affine', factor: numbers, term: zeros }
  if (op === 'Sub') {
    if (isSecond) return { type: 'affine', factor: ones.map(() => -1), term: numbers }
    return { type: 'affine', factor: ones, term: numbers.map((value) => -value) }
  }
  return isSecond ? null : { type: 'affine', factor: numbers.map((value) => 1 / value), term: zeros }
}

function power(flow: Flow, exponent: number): Flow | null {
  if (exponent !== 2 && exponent !== 3) return null
  const { expression } = flow
  const square = product(expression, expression)
  return { ...flow, expression: exponent === 2 ? square : product(square, expression) }
}

function mean(flow: Flow, axes: readonly number[], { attributes }: ReadNode): Flow | string {
  const isOverUnits = axes.length === 1 && (axes[0] === -1 || axes[0] === 1)
  if (!isOverUnits || Number(attributes['keepdims']?.value ?? 1) !== 1)
    return 'its ReduceMean is over something else than units'
  return { ...flow, expression: applied('mean', flow.expression, null) }
}

function clip(flow: Flow, [low = NaN, high = NaN]: readonly number[]): Flow {
  return { ...flow, expression: applied('Clip', flow.expression, null, `; ${low}; ${high}`) }
}

/** Two tensors that come from the same sums make an activation; from different ones they would skip layers. */
export function combineComputed({ op }: ReadNode, first: Flow, second: Flow): Flow | string {
  if (first.steps !== second.steps) return `its operator ${op} joins two computed tensors, so layers are skipped`
  const [a, b] = [first.expression, second.expression]
  const makers: Readonly<Record<string, () => Expression>> = {
    Add: () => sum(a, b, 1),
    Sub: () => sum(a, b, -1),
    Mul: () => product(a, b),
    Div: () => product(a, applied('inv', b, null))
  }
  const made = makers[op]
  return made ? { ...first, expression: made() } : `its operator ${op} is none of a network of dense layers`
}
