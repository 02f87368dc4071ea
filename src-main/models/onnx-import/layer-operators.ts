/** Layers that are one operator of ONNX. Source: docs/Operators.md and docs/Operators-ml.md of github.com/onnx/onnx. */
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import type { ReadConstant, ReadNode } from '#lab/models/onnx/decode.ts'
import { activation, near, numbersOf, type Step, transposed, unknown } from '#lab/models/onnx-import/steps.ts'

type Attributes = ReadNode['attributes']

const numberOf = (attributes: Attributes, name: string, otherwise: number) =>
  Number(attributes[name]?.value ?? otherwise)

/**
 * Reads a layer over the computed tensor, which is the first input or (false) another one.
 * Errors: a sentence's end that says what can't be taken over.
 */
export function readLayer(
  { op, attributes }: ReadNode,
  constants: readonly ReadConstant[],
  isFirst: boolean
): readonly Step[] | string {
  switch (op) {
    case 'Gemm':
      return isFirst ? gemm(attributes, constants) : unknown(op)
    case 'MatMul': {
      const [weights] = constants
      if (!isFirst || weights?.dims.length !== 2) return unknown(op)
      const [inputs = 0, units = 0] = weights.dims
      return [dense(inputs, units, transposed(numbersOf(weights), inputs, units), new Float64Array(units))]
    }
    case 'LinearClassifier':
      return linearClassifier(attributes)
    case 'LinearRegressor':
      return linearRegressor(attributes)
    case 'PRelu': {
      const [slope, ...others] = [...new Set(numbersOf(constants[0]))]
      if (slope === undefined || others.length > 0 || !(slope >= 0 && slope < 1)) {
        return 'its operator PRelu has parameters that no activation here has'
      }
      return [{ type: 'activation', name: 'leaky_relu', slope }]
    }
    case 'BatchNormalization':
      return batchNormalisation(attributes, constants)
    case 'LayerNormalization': {
      const [gain, shift] = constants.map(numbersOf)
      const axis = numberOf(attributes, 'axis', -1)
      if (!gain || (axis !== -1 && axis !== 1)) return unknown(op)
      if (!near(numberOf(attributes, 'epsilon', 1e-5), NORMALISATION_EPSILON)) {
        return 'its layer normalisation has another epsilon than 0.00001'
      }
      return [{ type: 'standardise', gain, shift: shift ?? new Float64Array(gain.length) }]
    }
    case 'Scaler': {
      const [offset, scale] = ['offset', 'scale'].map((name) => Float64Array.from(attributes[name]?.value as number[]))
      if (!offset || !scale) return unknown(op)
      const term = scale.map((value, unit) => -value * (offset[unit] ?? offset[0] ?? 0))
      return [{ type: 'affine', factor: scale, term }]
    }
    default:
      return unknown(op)
  }
}

function batchNormalisation(attributes: Attributes, constants: readonly ReadConstant[]): readonly Step[] | string {
  const [gain, shift, mean, variance] = constants.map(numbersOf)
  if (!gain || !shift || !mean || !variance) return unknown('BatchNormalization')
  if (numberOf(attributes, 'training_mode', 0) === 1) {
    return 'it was exported in training mode, so its batch normalisation has no fixed statistics. Export it with model.eval()'
  }
  const epsilon = numberOf(attributes, 'epsilon', 1e-5)
  const factor = gain.map((value, unit) => value / Math.sqrt((variance[unit] ?? 1) + epsilon))
  return [{ type: 'affine', factor, term: shift.map((value, unit) => value - (mean[unit] ?? 0) * (factor[unit] ?? 0)) }]
}

function gemm(attributes: Attributes, [weights, biases]: readonly ReadConstant[]): readonly Step[] | string {
  if (weights?.dims.length !== 2 || numberOf(attributes, 'transA', 0) !== 0) return unknown('Gemm')
  const isTransposed = numberOf(attributes, 'transB', 0) === 1
  const [rows = 0, columns = 0] = weights.dims
  const [inputs, units] = isTransposed ? [columns, rows] : [rows, columns]
  const numbers = isTransposed ? numbersOf(weights) : transposed(numbersOf(weights), rows, columns)
  const alpha = numberOf(attributes, 'alpha', 1)
  const beta = numberOf(attributes, 'beta', 1)
  const terms = spread(numbersOf(biases), units)
  return [
    dense(
      inputs,
      units,
      numbers.map((value) => alpha * value),
      terms.map((value) => beta * value)
    )
  ]
}

/** A linear model is a network without hidden layer: one unit a class, or one for two classes. */
function linearClassifier(attributes: Attributes): readonly Step[] | string {
  const weights = listOf(attributes, 'coefficients')
  const biases = listOf(attributes, 'intercepts')
  const transform = String(attributes['post_transform']?.value ?? 'NONE')
  const classes = classLabels(attributes)?.length ?? biases.length
  const rows = Math.max(1, biases.length)
  const inputs = weights.length / rows
  if (!Number.isInteger(inputs) || inputs === 0) return unknown('LinearClassifier')
  const layer = dense(inputs, rows, weights, spread(biases, rows))
  if (rows === 1 && classes === 2 && transform === 'LOGISTIC') return [layer, activation('sigmoid'), { type: 'pair' }]
  if (rows === classes && transform === 'SOFTMAX') return [layer, activation('softmax')]
  if (rows === 2 && transform === 'LOGISTIC' && areOpposite(layer)) {
    const second = dense(inputs, 1, weights.slice(inputs), biases.slice(1))
    return [second, activation('sigmoid'), { type: 'pair' }]
  }
  return transform === 'LOGISTIC'
    ? 'it tells its classes apart one against the rest, which is no softmax'
    : `its linear classifier ends with ${transform}, where probabilities of classes are asked for`
}

function areOpposite({ inputs, weights, biases }: Extract<Step, { type: 'dense' }>): boolean {
  const isOpposite = (value: number, index: number) => near(value, -(weights[inputs + index] ?? NaN))
  return weights.subarray(0, inputs).every(isOpposite) && near(biases[0], -(biases[1] ?? NaN))
}

function linearRegressor(attributes: Attributes): readonly Step[] | string {
  const weights = listOf(attributes, 'coefficients')
  const targets = numberOf(attributes, 'targets', 1)
  const transform = String(attributes['post_transform']?.value ?? 'NONE')
  if (transform !== 'NONE') return `its linear regressor ends with ${transform}`
  return [dense(weights.length / targets, targets, weights, spread(listOf(attributes, 'intercepts'), targets))]
}

/** Names of the classes of an operator that has them. */
export function classLabels(attributes: Attributes): readonly string[] | null {
  const listed = attributes['classlabels_strings'] ?? attributes['classlabels_int64s'] ?? attributes['classlabels_ints']
  return Array.isArray(listed?.value) && listed.value.length > 0 ? listed.value.map(String) : null
}

function listOf(attributes: Attributes, name: string): Float64Array {
  const value = attributes[name]?.value
  return Float64Array.from(Array.isArray(value) ? (value as number[]) : [])
}

function dense(inputs: number, units: number, weights: Float64Array, biases: Float64Array) {
  return { type: 'dense', inputs, units, weights, biases } as const
}

function spread(values: Float64Array, count: number): Float64Array {
  return values.length === count ? values : new Float64Array(count).fill(values[0] ?? 0)
}
