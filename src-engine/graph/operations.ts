/**
 * The operations that compute nodes do: each with its value and its local derivatives, in float64.
 * What the graph knows of arithmetic is all here; an activation of one sum is one operation.
 */
import { scalarActivations, type ScalarActivationName } from '#engine/kernels/reference/activations.ts'

/** An operation on some inputs. */
export interface Operation {
  /** Writes the operation with its inputs, as a person would: `a * b`. */
  readonly format: (inputs: readonly string[]) => string
  readonly value: (inputs: readonly number[]) => number
  /** The derivative of the value by each input, in their order. */
  readonly derivatives: (inputs: readonly number[]) => number[]
}

const productOf = (values: readonly number[]) => values.reduce((product, value) => product * value, 1)

const elementary = {
  add: {
    format: (inputs) => inputs.join(' + '),
    value: (inputs) => inputs.reduce((sum, value) => sum + value, 0),
    derivatives: (inputs) => inputs.map(() => 1)
  },
  subtract: {
    format: ([a = '', b = '']) => `${a} - ${b}`,
    value: ([a = NaN, b = NaN]) => a - b,
    derivatives: () => [1, -1]
  },
  multiply: {
    format: (inputs) => inputs.join(' * '),
    value: productOf,
    // the product of the others, and not value / input, which fails at 0
    derivatives: (inputs) => inputs.map((_, index) => productOf(inputs.toSpliced(index, 1)))
  },
  divide: {
    format: ([a = '', b = '']) => `${a} / ${b}`,
    value: ([a = NaN, b = NaN]) => a / b,
    derivatives: ([a = NaN, b = NaN]) => [1 / b, -a / (b * b)]
  },
  square: {
    format: ([a = '']) => `${a}^2`,
    value: ([a = NaN]) => a * a,
    derivatives: ([a = NaN]) => [2 * a]
  },
  square_root: {
    format: ([a = '']) => `sqrt(${a})`,
    value: ([a = NaN]) => Math.sqrt(a),
    derivatives: ([a = NaN]) => [0.5 / Math.sqrt(a)]
  },
  exp: {
    format: ([a = '']) => `exp(${a})`,
    value: ([a = NaN]) => Math.exp(a),
    derivatives: ([a = NaN]) => [Math.exp(a)]
  },
  log: {
    format: ([a = '']) => `log(${a})`,
    value: ([a = NaN]) => Math.log(a),
    derivatives: ([a = NaN]) => [1 / a]
  },
  /** Derivative 0 at the kink. */
  absolute: {
    format: ([a = '']) => `|${a}|`,
    value: ([a = NaN]) => Math.abs(a),
    derivatives: ([a = NaN]) => [Math.sign(a)]
  },
  /** The derivative goes to the first of several largest. */
  maximum: {
    format: (inputs) => `max(${inputs.join(', ')})`,
    value: (inputs) => Math.max(...inputs),
    derivatives: (inputs) => {
      const first = inputs.indexOf(Math.max(...inputs))
      return inputs.map((_, index) => (index === first ? 1 : 0))
    }
  },
  minimum: {
    format: (inputs) => `min(${inputs.join(', ')})`,
    value: (inputs) => Math.min(...inputs),
    derivatives: (inputs) => {
      const first = inputs.indexOf(Math.min(...inputs))
      return inputs.map((_, index) => (index === first ? 1 : 0))
    }
  }
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof elementary | ScalarActivationName

/** Finds an operation by its name. */
export function operationOf(name: OperationName): Operation {
  if (name in elementary) return elementary[name as keyof typeof elementary]
  const { value, derivative } = scalarActivations[name as ScalarActivationName]
  return {
    format: ([a = '']) => `${name}(${a})`,
    value: ([z = NaN]) => value(z),
    derivatives: ([z = NaN]) => [derivative(z)]
  }
}
