/**
 * Writes an ONNX model as bytes of protocol buffers, piece by piece; numbers of constants are not copied.
 * Source: onnx/onnx.proto (numbers of fields), protobuf.dev/programming-guides/encoding.
 */
import {
  type Attribute,
  type Constant,
  type Node,
  type OnnxModel,
  type Port,
  producer,
  tensorTypes,
  versions
} from '#lab/models/onnx/graph.ts'

/** An encoded message or field, in pieces. */
interface Bytes {
  readonly size: number
  readonly pieces: readonly Uint8Array[]
}

const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const

/** Gives the pieces of the file in order. */
export function encodeModel(model: OnnxModel): readonly Uint8Array[] {
  const opset = (domain: string, version: number) => nested(8, join([text(1, domain), integer(2, version)]))
  const usesMl = model.nodes.some(({ domain }) => domain === 'ai.onnx.ml')
  const graph = join([
    ...model.nodes.map((node) => nested(1, encodeNode(node))),
    text(2, 'model'),
    ...model.constants.map((constant) => nested(5, encodeConstant(constant))),
    ...model.inputs.map((port) => nested(11, encodePort(port))),
    ...model.outputs.map((port) => nested(12, encodePort(port)))
  ])
  return join([
    integer(1, versions.ir),
    text(2, producer),
    text(3, model.producerVersion),
    text(6, model.description),
    nested(7, graph),
    opset('', versions.onnx),
    ...(usesMl ? [opset('ai.onnx.ml', versions.ml)] : []),
    ...Object.entries(model.metadata).map(([key, value]) => nested(14, join([text(1, key), text(2, value)])))
  ]).pieces
}

function encodeNode({ op, domain, inputs, output, attributes }: Node): Bytes {
  return join([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, attribute]) => nested(5, encodeAttribute(name, attribute))),
    text(7, domain)
  ])
}

function encodeAttribute(name: string, { kind, value }: Attribute): Bytes {
  const fields: Record<Attribute['kind'], () => Bytes[]> = {
    float: () => [float(2, value as number)],
    int: () => [integer(3, value as number)],
    string: () => [text(4, value as string)],
    floats: () => (value as number[]).map((item) => float(7, item)),
    ints: () => (value as number[]).map((item) => integer(8, item)),
    strings: () => (value as string[]).map((item) => text(9, item))
  }
  return join([text(1, name), ...fields[kind](), integer(20, attributeTypes[kind])])
}

function encodeConstant({ name, dims, values }: Constant): Bytes {
  const type = values instanceof Float32Array ? 'float' : values instanceof Float64Array ? 'double' : 'int64'
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return join([...dims.map((dim) => integer(1, dim)), integer(2, tensorTypes[type]), text(8, name), raw(9, data)])
}

function encodePort({ name, type, columns }: Port): Bytes {
  const rows = nested(1, text(2, 'rows'))
  const shape = columns === null ? rows : join([rows, nested(1, integer(1, columns))])
  const tensor = join([integer(1, tensorTypes[type]), nested(2, shape)])
  return join([text(1, name), nested(2, nested(1, tensor))])
}

function join(parts: readonly Bytes[]): Bytes {
  return { size: parts.reduce((sum, { size }) => sum + size, 0), pieces: parts.flatMap(({ pieces }) => pieces) }
}

/** A whole number, of 64 bits with two's complement where it is negative. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

function integer(field: number, value: number): Bytes {
  return whole([...varint(field << 3), ...varint(value)])
}

function float(field: number, value: number): Bytes {
  return whole([...varint((field << 3) | 5), ...new Uint8Array(Float32Array.of(value).buffer)])
}

function text(field: number, value: string): Bytes {
  return raw(field, new TextEncoder().encode(value))
}

function raw(field: number, bytes: Uint8Array): Bytes {
  return nested(field, { size: bytes.length, pieces: [bytes] })
}

function nested(field: number, { size, pieces }: Bytes): Bytes {
  return join([whole([...varint((field << 3) | 2), ...varint(size)]), { size, pieces }])
}

function whole(bytes: readonly number[]): Bytes {
  return { size: bytes.length, pieces: [Uint8Array.from(bytes)] }
}
