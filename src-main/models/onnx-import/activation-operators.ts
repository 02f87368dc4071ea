/**
 * Activations that are one operator of ONNX: those that exports write (activations.ts), and what others write for the same.
 * Source: docs/Operators.md of github.com/onnx/onnx.
 */
import { type ActivationName, activationNames } from '#engine/network/activations.ts'
import { activationCode, type Operator } from '#lab/models/activations.ts'
import type { ReadNode } from '#lab/models/onnx/decode.ts'
import { activation, near, type Step } from '#lab/models/onnx-import/steps.ts'

type Attributes = ReadNode['attributes']
type Reader = (attributes: Attributes) => Step | string

/** What an operator's attributes are where a file leaves them out. */
const defaultAttributes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Elu: { alpha: 1 },
  Selu: { alpha: 1.67326319, gamma: 1.05070102 },
  LeakyRelu: { alpha: 0.01 },
  HardSigmoid: { alpha: 0.2, beta: 0.5 }
}

const readers = new Map<string, Reader>([
  ...activationNames.flatMap((name) => {
    const { onnx } = activationCode[name]
    return typeof onnx === 'function' ? [] : [[onnx.op, readerOf(name, onnx)] as const]
  }),
  [
    'Gelu',
    ({ approximate }) =>
      approximate?.value === 'tanh'
        ? "its activation is GELU in its approximation by tanh, which is none of this lab's"
        : activation('gelu')
  ],
  ['Softmax', ({ axis }) => overClasses('Softmax', axis?.value)],
  // Its largest entry is that of softmax; as probabilities the lab shows softmax itself.
  ['LogSoftmax', ({ axis }) => overClasses('LogSoftmax', axis?.value)]
])

/** Refuses numbers that the activation here does not have. */
function readerOf(name: ActivationName, { op, attributes: wanted = {}, slope }: Operator): Reader {
  return (given) => {
    const valueOf = (attribute: string) => Number(given[attribute]?.value ?? defaultAttributes[op]?.[attribute])
    const isSame = Object.entries(wanted).every(
      ([attribute, { kind, value }]) => kind !== 'float' || near(valueOf(attribute), Number(value))
    )
    if (!isSame) return `its operator ${op} has parameters that no activation here has`
    return { type: 'activation', name, ...(slope !== undefined && { slope: valueOf(slope) }) }
  }
}

function overClasses(op: string, axis: unknown): Step | string {
  if (axis === undefined || axis === 1 || axis === -1) return activation('softmax')
  return `its ${op} runs over the rows (axis ${Number(axis)}) instead of over the classes`
}

/** The step that an operator is, or why it can't be; null where it is no activation. */
export function readActivation({ op, attributes }: ReadNode): Step | string | null {
  return readers.get(op)?.(attributes) ?? null
}
