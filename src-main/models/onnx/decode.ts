/**
 * Reads the bytes of an ONNX model: those that encode.ts wrote, for the proof of an export, and those of others.
 * Source: onnx/onnx.proto (numbers of fields), docs/ExternalData.md and docs/IR.md of github.com/onnx/onnx.
 */
import type { Attribute, Node } from '#lab/models/onnx/graph.ts'
import { readTensorValues, type TensorValues } from '#lab/models/onnx/tensor-values.ts'
import { type Fields, fieldsOf, floats, integer, integers, messages, text, texts } from '#lab/models/onnx/wire.ts'

export interface ReadConstant {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: TensorValues
  /** Why its numbers can't be used here, in words that follow "its tensor NAME"; then there are none. */
  readonly unusable?: string | undefined
}

export interface ReadNode extends Omit<Node, 'domain'> {
  readonly domain: string
  /** All its outputs; `output` is the first. */
  readonly outputs: readonly string[]
  /** Attributes that are tensors. */
  readonly tensors: Readonly<Record<string, ReadConstant>>
  /** In the body of a function: attributes that are those of its caller, by the caller's name. */
  readonly references: Readonly<Record<string, string>>
}

/** Operators of the file itself, made of others. */
export interface ReadFunction {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly ReadNode[]
}

/** What is needed to run a model. */
export interface ReadModel {
  /** The program that wrote it, as far as it says. */
  readonly producer: string
  /** Types of the inputs by name, as numbers of tensorTypes. */
  readonly inputs: ReadonlyMap<string, number>
  readonly outputs: readonly string[]
  readonly nodes: readonly ReadNode[]
  readonly constants: readonly ReadConstant[]
  readonly functions: readonly ReadFunction[]
  readonly metadata: ReadonlyMap<string, string>
}

/** Gives the bytes of a file that lies beside the model, by its name. Errors: throws RangeError where it is not there. */
export type ReadBeside = (name: string) => Uint8Array

/** Reads a model. Errors: throws RangeError where the bytes end too early, or are no ONNX. */
export function decodeModel(bytes: Uint8Array, beside: ReadBeside = nothingBeside): ReadModel {
  const model = fieldsOf(bytes)
  const [graph] = messages(model, 7)
  if (!graph) throw new RangeError('The ONNX file has no graph.')
  if (messages(graph, 15).length > 0)
    throw new RangeError('Its weights are stored sparsely. Save them as dense tensors.')
  return {
    producer: text(model, 2),
    inputs: new Map(messages(graph, 11).map((port) => [text(port, 1), typeOf(port)])),
    outputs: messages(graph, 12).map((port) => text(port, 1)),
    nodes: messages(graph, 1).map((node) => decodeNode(node, beside)),
    constants: messages(graph, 5).map((tensor) => decodeConstant(tensor, beside)),
    functions: messages(model, 25).map((definition) => ({
      name: text(definition, 1),
      domain: text(definition, 10),
      inputs: texts(definition, 4),
      outputs: texts(definition, 5),
      nodes: messages(definition, 7).map((node) => decodeNode(node, beside))
    })),
    metadata: new Map(messages(model, 14).map((entry) => [text(entry, 1), text(entry, 2)]))
  }
}

function nothingBeside(name: string): never {
  throw new RangeError(`Its weights are in ${name}, which is not there. Give both files, or save the model in one.`)
}

function typeOf(port: Fields): number {
  const [tensor] = messages(port, 2).flatMap((type) => messages(type, 1))
  return tensor ? (integer(tensor, 1) ?? 0) : 0
}

function decodeNode(fields: Fields, beside: ReadBeside): ReadNode {
  const attributes = messages(fields, 5).map((attribute) => [text(attribute, 1), attribute] as const)
  const outputs = texts(fields, 2)
  return {
    inputs: texts(fields, 1),
    output: outputs.find((name) => name !== '') ?? '',
    outputs,
    op: text(fields, 4),
    domain: text(fields, 7),
    attributes: Object.fromEntries(
      attributes.flatMap(([name, attribute]) => {
        const value = decodeAttribute(attribute)
        return value ? [[name, value]] : []
      })
    ),
    tensors: Object.fromEntries(
      attributes.flatMap(([name, attribute]) =>
        messages(attribute, 5).map((tensor) => [name, decodeConstant(tensor, beside)])
      )
    ),
    references: Object.fromEntries(
      attributes.flatMap(([name, attribute]) => texts(attribute, 21).map((reference) => [name, reference]))
    )
  }
}

/** Null for a kind that no operator here has, such as a graph. */
function decodeAttribute(fields: Fields): Attribute | null {
  const readers: Record<number, () => Attribute> = {
    1: () => ({ kind: 'float', value: floats(fields, 2)[0] ?? NaN }),
    2: () => ({ kind: 'int', value: integer(fields, 3) ?? 0 }),
    3: () => ({ kind: 'string', value: text(fields, 4) }),
    6: () => ({ kind: 'floats', value: floats(fields, 7) }),
    7: () => ({ kind: 'ints', value: integers(fields, 8) }),
    8: () => ({ kind: 'strings', value: texts(fields, 9) })
  }
  return texts(fields, 21).length > 0 ? null : (readers[integer(fields, 20) ?? 0]?.() ?? null)
}

function decodeConstant(fields: Fields, beside: ReadBeside): ReadConstant {
  const dims = integers(fields, 1)
  const type = integer(fields, 2) ?? 0
  const external = integer(fields, 14) === 1 ? externalBytes(fields, beside) : null
  return { name: text(fields, 8), dims, ...readTensorValues(fields, type, dims, external) }
}

/** The bytes of a tensor in a file beside the model: all of it, or a stretch. */
function externalBytes(fields: Fields, beside: ReadBeside): Uint8Array {
  const place = new Map(messages(fields, 13).map((entry) => [text(entry, 1), text(entry, 2)]))
  const location = place.get('location') ?? ''
  // Only beside the model: a path could name any file of the computer.
  if (location === '' || /[/\\:]/.test(location) || location === '..') {
    throw new RangeError(`It names "${location}" as the file of its weights, which is no file beside it.`)
  }
  const file = beside(location)
  const offset = Number(place.get('offset') ?? 0)
  const length = Number(place.get('length') ?? file.length - offset)
  if (!(offset >= 0 && length >= 0 && offset + length <= file.length)) {
    throw new RangeError(`${location} is too short: it does not hold the weights that the model looks for in it.`)
  }
  return file.subarray(offset, offset + length)
}
