/** Activations that are one operator of ONNX. Source: docs/Operators.md of github.com/onnx/onnx. */
import type { ReadNode } from '#lab/models/onnx/decode.ts'
import { activation, near, type Step } from '#lab/models/onnx-import/steps.ts'

type Attributes = ReadNode['attributes']

const otherNumbers = (op: string) => `its operator ${op} has parameters that no activation here has`

const readers: Readonly<Record<string, (attributes: Attributes) => Step | string>> = {
  Relu: () => activation('relu'),
  Tanh: () => activation('tanh'),
  Sigmoid: () => activation('sigmoid'),
  Softplus: () => activation('softplus'),
  Sign: () => activation('sign'),
  Gelu: ({ approximate }) =>
    approximate?.value === 'tanh'
      ? "its activation is GELU in its approximation by tanh, which is none of this lab's"
      : activation('gelu'),
  Elu: ({ alpha }) => (near(alpha?.value ?? 1, 1) ? activation('elu') : otherNumbers('Elu')),
  Selu: ({ alpha, gamma }) =>
    near(alpha?.value ?? 1.67326319, 1.67326319) && near(gamma?.value ?? 1.05070102, 1.05070102)
      ? activation('selu')
      : otherNumbers('Selu'),
  LeakyRelu: ({ alpha }) => ({ type: 'activation', name: 'leaky_relu', slope: Number(alpha?.value ?? 0.01) }),
  HardSigmoid: ({ alpha, beta }) =>
    near(alpha?.value ?? 0.2, 1 / 6) && near(beta?.value ?? 0.5, 0.5)
      ? activation('hard_sigmoid')
      : otherNumbers('HardSigmoid'),
  Softmax: ({ axis }) => overClasses('Softmax', axis?.value),
  // Its largest entry is that of softmax; as probabilities the lab shows softmax itself.
  LogSoftmax: ({ axis }) => overClasses('LogSoftmax', axis?.value)
}

function overClasses(op: string, axis: unknown): Step | string {
  if (axis === undefined || axis === 1 || axis === -1) return activation('softmax')
  return `its ${op} runs over the rows (axis ${Number(axis)}) instead of over the classes`
}

/** The step that an operator is, or why it can't be; null where it is no activation. */
export function readActivation({ op, attributes }: ReadNode): Step | string | null {
  return readers[op]?.(attributes) ?? null
}
