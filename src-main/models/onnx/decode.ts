/**
 * Reads the bytes of an ONNX model: those that encode.ts wrote, for the proof of an export, and those of others.
 * Source: onnx/onnx.proto (numbers of fields), protobuf.dev/programming-guides/encoding.
 */
import { type Attribute, type Node, tensorTypes } from '#lab/models/onnx/graph.ts'

export interface ReadConstant {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float32Array | Float64Array | BigInt64Array | readonly string[]
}

export interface ReadNode extends Omit<Node, 'domain'> {
  readonly domain: string
  /** Attributes that are tensors. */
  readonly tensors: Readonly<Record<string, ReadConstant>>
}

/** What is needed to run a model. */
export interface ReadModel {
  /** Types of the inputs by name, as numbers of tensorTypes. */
  readonly inputs: ReadonlyMap<string, number>
  readonly outputs: readonly string[]
  readonly nodes: readonly ReadNode[]
  readonly constants: readonly ReadConstant[]
}

/** Values of the fields of a message, by number, in order: whole numbers, or bytes. */
type Fields = Map<number, (bigint | Uint8Array)[]>

/** Reads a model. Errors: throws RangeError where the bytes end too early, or are no ONNX. */
export function decodeModel(bytes: Uint8Array): ReadModel {
  const [graph] = messages(fieldsOf(bytes), 7)
  if (!graph) throw new RangeError('The ONNX file has no graph.')
  return {
    inputs: new Map(messages(graph, 11).map((port) => [texts(port, 1)[0] ?? '', typeOf(port)])),
    outputs: messages(graph, 12).map((port) => texts(port, 1)[0] ?? ''),
    nodes: messages(graph, 1).map(decodeNode),
    constants: messages(graph, 5).map(decodeConstant)
  }
}

function typeOf(port: Fields): number {
  const [tensor] = messages(port, 2).flatMap((type) => messages(type, 1))
  return tensor ? (integers(tensor, 1)[0] ?? 0) : 0
}

function decodeNode(fields: Fields): ReadNode {
  const attributes = messages(fields, 5).map((attribute) => [texts(attribute, 1)[0] ?? '', attribute] as const)
  return {
    inputs: texts(fields, 1),
    output: texts(fields, 2)[0] ?? '',
    op: texts(fields, 4)[0] ?? '',
    domain: texts(fields, 7)[0] ?? '',
    attributes: Object.fromEntries(
      attributes.flatMap(([name, attribute]) => {
        const value = decodeAttribute(attribute)
        return value ? [[name, value]] : []
      })
    ),
    tensors: Object.fromEntries(
      attributes.flatMap(([name, attribute]) => messages(attribute, 5).map((tensor) => [name, decodeConstant(tensor)]))
    )
  }
}

/** Null for a kind that no operator here has, such as a graph. */
function decodeAttribute(fields: Fields): Attribute | null {
  const readers: Record<number, () => Attribute> = {
    1: () => ({ kind: 'float', value: floats(fields, 2)[0] ?? NaN }),
    2: () => ({ kind: 'int', value: integers(fields, 3)[0] ?? 0 }),
    3: () => ({ kind: 'string', value: texts(fields, 4)[0] ?? '' }),
    6: () => ({ kind: 'floats', value: floats(fields, 7) }),
    7: () => ({ kind: 'ints', value: integers(fields, 8) }),
    8: () => ({ kind: 'strings', value: texts(fields, 9) })
  }
  return readers[integers(fields, 20)[0] ?? 0]?.() ?? null
}

/** Numbers are in one field as raw bytes, or in a field of their type. */
function decodeConstant(fields: Fields): ReadConstant {
  const name = texts(fields, 8)[0] ?? ''
  const dims = integers(fields, 1)
  const [data] = blobs(fields, 9)
  const buffer = Uint8Array.from(data ?? []).buffer
  const readers: Record<number, () => ReadConstant['values']> = {
    [tensorTypes.float]: () => (data ? new Float32Array(buffer) : Float32Array.from(floats(fields, 4))),
    [tensorTypes.double]: () => (data ? new Float64Array(buffer) : Float64Array.from(doubles(fields, 10))),
    [tensorTypes.int64]: () => (data ? new BigInt64Array(buffer) : BigInt64Array.from(integers(fields, 7), BigInt)),
    [tensorTypes.int32]: () =>
      BigInt64Array.from(data ? new Int32Array(buffer) : integers(fields, 5), (value) => BigInt(value)),
    [tensorTypes.string]: () => texts(fields, 6)
  }
  const type = integers(fields, 2)[0] ?? 0
  const read = readers[type]
  // Data location 1 is a file beside the model.
  if (integers(fields, 14)[0] === 1)
    throw new RangeError(`The tensor ${name} lies in another file. Save the model in one.`)
  if (!read) throw new RangeError(`The tensor ${name} has a type that is not read here (${type}).`)
  return { name, dims, values: read() }
}

function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map()
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('The ONNX file is cut off.')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const take = (count: number) => {
    if (at + count > bytes.length) throw new RangeError('The ONNX file is cut off.')
    at += count
    return bytes.subarray(at - count, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const wire = tag & 7
    if (![0, 1, 2, 5].includes(wire)) throw new RangeError('The file is no ONNX model.')
    const sizes: Record<number, number> = { 1: 8, 5: 4 }
    const value = wire === 0 ? varint() : take(sizes[wire] ?? Number(varint()))
    const values = fields.get(tag >> 3)
    if (values) values.push(value)
    else fields.set(tag >> 3, [value])
  }
  return fields
}

function blobs(fields: Fields, field: number): Uint8Array[] {
  return (fields.get(field) ?? []).filter((value) => value instanceof Uint8Array)
}

function messages(fields: Fields, field: number): Fields[] {
  return blobs(fields, field).map(fieldsOf)
}

function texts(fields: Fields, field: number): string[] {
  return blobs(fields, field).map((bytes) => new TextDecoder().decode(bytes))
}

/** Repeated numbers come one by one or packed together. */
function floats(fields: Fields, field: number): number[] {
  return blobs(fields, field).flatMap((bytes) =>
    Array.from({ length: bytes.length / 4 }, (_, index) => viewOf(bytes).getFloat32(4 * index, true))
  )
}

function doubles(fields: Fields, field: number): number[] {
  return blobs(fields, field).flatMap((bytes) =>
    Array.from({ length: bytes.length / 8 }, (_, index) => viewOf(bytes).getFloat64(8 * index, true))
  )
}

function integers(fields: Fields, field: number): number[] {
  return (fields.get(field) ?? []).flatMap((value) =>
    typeof value === 'bigint' ? [Number(BigInt.asIntN(64, value))] : unpack(value)
  )
}

function unpack(bytes: Uint8Array): number[] {
  const values: number[] = []
  let value = 0n
  let shift = 0n
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift
    shift += 7n
    if (byte >= 128) continue
    values.push(Number(BigInt.asIntN(64, value)))
    value = shift = 0n
  }
  return values
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
