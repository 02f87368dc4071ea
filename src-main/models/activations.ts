/**
 * The table of activations as code: one row an activation, with its expression in each language of export. It is total, so
 * that an activation without one of them does not compile. What they compute is kernels/reference/activations.ts.
 */
import type { ActivationName } from '#engine/network/activations.ts'
import { LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE } from '#engine/network/constants.ts'
import type { Attribute, GraphBuilder } from '#lab/models/onnx/graph.ts'

/** Code of an activation of one sum `z`; `slope` is that of leaky ReLU. */
export interface Code {
  readonly text: string | ((slope: string) => string)
  /** A function that the text calls, to be written beside it once. */
  readonly needs?: string
  /** Whether the text is the name of a function of all sums of a row, which turns them into outputs. */
  readonly isOfRow?: true
}

/** The operator of ONNX that an activation is, with its attributes; `slope` names the one that is leaky ReLU's slope. */
export interface Operator {
  readonly op: string
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly slope?: string
}

interface ActivationCode {
  /** An expression of the float `z`. */
  readonly c: Code
  /** An expression of the number `z`. */
  readonly javascript: Code
  /** An expression of the NumPy array `z` of shape (rows, units). */
  readonly python: Code
  /** A module of torch.nn, or a function of the sums. */
  readonly pytorch: Code
  /** An operator, or several put together, from the name of the sums to that of the outputs. */
  readonly onnx: Operator | ((graph: GraphBuilder, z: string) => string)
}

const float = (value: number): Attribute => ({ kind: 'float', value })
const int = (value: number): Attribute => ({ kind: 'int', value })
const number = (graph: GraphBuilder, value: number) => graph.constant('number', Float32Array.of(value))

const pythonSigmoid = `
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
`

export const activationCode: Readonly<Record<ActivationName, ActivationCode>> = {
  linear: {
    c: { text: 'z' },
    javascript: { text: 'z' },
    python: { text: 'z' },
    pytorch: { text: 'nn.Identity()' },
    onnx: (_, z) => z
  },
  threshold: {
    c: { text: 'z >= 0.0f ? 1.0f : 0.0f' },
    javascript: { text: 'z >= 0 ? 1 : 0' },
    python: { text: 'np.where(z >= 0, 1.0, 0.0)' },
    pytorch: { text: 'lambda z: (z >= 0).to(z.dtype)' },
    onnx: (graph, z) => graph.add('Cast', [graph.add('GreaterOrEqual', [z, number(graph, 0)])], { to: int(1) })
  },
  sign: {
    c: { text: '(float)((z > 0.0f) - (z < 0.0f))' },
    javascript: { text: 'Math.sign(z)' },
    python: { text: 'np.sign(z)' },
    pytorch: { text: 'torch.sign' },
    onnx: { op: 'Sign' }
  },
  sigmoid: {
    c: { text: '1.0f / (1.0f + expf(-z))' },
    javascript: { text: 'z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))' },
    python: { text: 'sigmoid(z)', needs: pythonSigmoid },
    pytorch: { text: 'nn.Sigmoid()' },
    onnx: { op: 'Sigmoid' }
  },
  hard_sigmoid: {
    c: { text: 'fminf(fmaxf(z / 6.0f + 0.5f, 0.0f), 1.0f)' },
    javascript: { text: 'Math.min(Math.max(z / 6 + 0.5, 0), 1)' },
    python: { text: 'np.clip(z / 6 + 0.5, 0, 1)' },
    pytorch: { text: 'nn.Hardsigmoid()' },
    onnx: { op: 'HardSigmoid', attributes: { alpha: float(1 / 6), beta: float(0.5) } }
  },
  tanh: {
    c: { text: 'tanhf(z)' },
    javascript: { text: 'Math.tanh(z)' },
    python: { text: 'np.tanh(z)' },
    pytorch: { text: 'nn.Tanh()' },
    onnx: { op: 'Tanh' }
  },
  relu: {
    c: { text: 'fmaxf(z, 0.0f)' },
    javascript: { text: 'z > 0 ? z : 0' },
    python: { text: 'np.maximum(z, 0)' },
    pytorch: { text: 'nn.ReLU()' },
    onnx: { op: 'Relu' }
  },
  leaky_relu: {
    c: { text: (slope) => `z > 0.0f ? z : ${slope} * z` },
    javascript: { text: (slope) => `z > 0 ? z : ${slope} * z` },
    python: { text: (slope) => `np.where(z > 0, z, ${slope} * z)` },
    pytorch: { text: (slope) => `nn.LeakyReLU(${slope})` },
    onnx: { op: 'LeakyRelu', slope: 'alpha' }
  },
  elu: {
    c: { text: 'z > 0.0f ? z : expm1f(z)' },
    javascript: { text: 'z > 0 ? z : Math.expm1(z)' },
    python: { text: 'np.where(z > 0, z, np.expm1(np.minimum(z, 0)))' },
    pytorch: { text: 'nn.ELU()' },
    onnx: { op: 'Elu', attributes: { alpha: float(1) } }
  },
  selu: {
    c: { text: `${SELU_SCALE}f * (z > 0.0f ? z : ${SELU_ALPHA}f * expm1f(z))` },
    javascript: { text: `${SELU_SCALE} * (z > 0 ? z : ${SELU_ALPHA} * Math.expm1(z))` },
    python: { text: `${SELU_SCALE} * np.where(z > 0, z, ${SELU_ALPHA} * np.expm1(np.minimum(z, 0)))` },
    pytorch: { text: 'nn.SELU()' },
    onnx: { op: 'Selu', attributes: { alpha: float(SELU_ALPHA), gamma: float(SELU_SCALE) } }
  },
  gelu: {
    c: { text: '0.5f * z * (1.0f + erff(z * 0.70710678f))' },
    javascript: {
      text: '0.5 * z * (1 + erf(z / Math.SQRT2))',
      needs: `
/** The error function by its Taylor series near 0 and a continued fraction beyond, to about 1e-15. */
function erf(x) {
  const a = Math.abs(x)
  if (a > 6) return Math.sign(x)
  if (a < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; n < 60; n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
    }
    return (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = 0
  for (let n = 80; n > 0; n--) fraction = n / 2 / (a + fraction)
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)))
}
`
    },
    python: { text: '0.5 * z * (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2)))' },
    pytorch: { text: 'nn.GELU()' },
    onnx: (graph, z) => {
      const erf = graph.add('Erf', [graph.add('Mul', [z, number(graph, Math.SQRT1_2)])])
      const share = graph.add('Add', [erf, number(graph, 1)])
      return graph.add('Mul', [graph.add('Mul', [z, share]), number(graph, 0.5)])
    }
  },
  silu: {
    c: { text: 'z / (1.0f + expf(-z))' },
    javascript: { text: 'z >= 0 ? z / (1 + Math.exp(-z)) : (z * Math.exp(z)) / (1 + Math.exp(z))' },
    python: { text: 'z * sigmoid(z)', needs: pythonSigmoid },
    pytorch: { text: 'nn.SiLU()' },
    onnx: (graph, z) => graph.add('Mul', [z, graph.add('Sigmoid', [z])])
  },
  softplus: {
    c: { text: 'fmaxf(z, 0.0f) + log1pf(expf(-fabsf(z)))' },
    javascript: { text: 'Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))' },
    python: { text: 'np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))' },
    pytorch: { text: 'nn.Softplus()' },
    onnx: { op: 'Softplus' }
  },
  softmax: {
    c: {
      text: 'model_softmax',
      isOfRow: true,
      needs: `
static inline void model_softmax(float z[], int units) {
  float largest = z[0], total = 0.0f;
  for (int o = 1; o < units; o++) largest = fmaxf(largest, z[o]);
  for (int o = 0; o < units; o++) total += z[o] = expf(z[o] - largest);
  for (int o = 0; o < units; o++) z[o] /= total;
}
`
    },
    javascript: {
      text: 'softmax',
      isOfRow: true,
      needs: `
function softmax(sums) {
  const largest = Math.max(...sums)
  const exps = sums.map((z) => Math.exp(z - largest))
  const total = exps.reduce((a, b) => a + b, 0)
  return exps.map((e) => e / total)
}
`
    },
    python: {
      text: 'softmax(z)',
      needs: `
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
`
    },
    pytorch: { text: 'nn.Softmax(dim=1)' },
    onnx: { op: 'Softmax', attributes: { axis: int(-1) } }
  }
}

export type Language = Exclude<keyof ActivationCode, 'onnx'>

interface ActivatedLayer {
  readonly activation: ActivationName
  readonly slope?: number | undefined
}

/** Writes the activation of a layer as code. `write` writes a number as the language has it. */
export function writeActivation(
  language: Language,
  { activation, slope = LEAKY_SLOPE }: ActivatedLayer,
  write: (value: number) => string = String
): { readonly text: string; readonly isOfRow: boolean } {
  const { text, isOfRow = false } = activationCode[activation][language]
  return { text: typeof text === 'string' ? text : text(write(slope)), isOfRow }
}

/** Lists the functions that the activations of some layers call, each once. */
export function activationHelpers(language: Language, layers: readonly ActivatedLayer[]): string[] {
  return [...new Set(layers.flatMap(({ activation }) => activationCode[activation][language].needs ?? []))]
}

/** Adds the activation of a layer to an ONNX graph; gives the name of its outputs. */
export function addActivation(graph: GraphBuilder, z: string, layer: ActivatedLayer): string {
  const { onnx } = activationCode[layer.activation]
  if (typeof onnx === 'function') return onnx(graph, z)
  const own = onnx.slope === undefined ? {} : { [onnx.slope]: float(layer.slope ?? LEAKY_SLOPE) }
  return graph.add(onnx.op, [z], { ...onnx.attributes, ...own })
}
