/** What a graph is read as: the steps of a feedforward network in their order. */
import type { ActivationName } from '#engine/network/activations.ts'
import type { ReadConstant } from '#lab/models/onnx/decode.ts'

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

export const activation = (name: ActivationName): Step => ({ type: 'activation', name })

export function scalarAffine(factor: number, term: number): Step {
  return { type: 'affine', factor: Float64Array.of(factor), term: Float64Array.of(term) }
}

export function numbersOf(constant: ReadConstant | undefined): Float64Array {
  return Float64Array.from(constant ? (constant.values as ArrayLike<unknown>) : [], Number)
}

export function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? NaN)
}

export function near(value: unknown, wanted: number): boolean {
  return Math.abs(Number(value) - wanted) < 1e-5
}

export function unknown(op: string): string {
  return `its operator ${op} is none of a network of dense layers`
}
