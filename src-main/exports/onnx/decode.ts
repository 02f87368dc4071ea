/** Reads the bytes of an ONNX model that encode.ts wrote, for the proof of an export. */
import { type Attribute, type Constant, type Node, tensorTypes } from '#lab/exports/onnx/graph.ts'

/** What is needed to run a model. */
export interface ReadModel {
  /** Types of the inputs by name, as numbers of tensorTypes. */
  readonly inputs: ReadonlyMap<string, number>
  readonly nodes: readonly Node[]
  readonly constants: readonly Constant[]
}

/** Values of the fields of a message, by number, in order: whole numbers, or bytes. */
type Fields = Map<number, (bigint | Uint8Array)[]>

/** Reads a model. Errors: throws RangeError where the bytes end too early. */
export function decodeModel(bytes: Uint8Array): ReadModel {
  const [graph] = messages(fieldsOf(bytes), 7)
  if (!graph) throw new RangeError('The ONNX file has no graph.')
  return {
    inputs: new Map(messages(graph, 11).map((port) => [texts(port, 1)[0] ?? '', typeOf(port)])),
    nodes: messages(graph, 1).map(decodeNode),
    constants: messages(graph, 5).map(decodeConstant)
  }
}

function typeOf(port: Fields): number {
  const [tensor] = messages(port, 2).flatMap((type) => messages(type, 1))
  return tensor ? (integers(tensor, 1)[0] ?? 0) : 0
}

function decodeNode(fields: Fields): Node {
  return {
    inputs: texts(fields, 1),
    output: texts(fields, 2)[0] ?? '',
    op: texts(fields, 4)[0] ?? '',
    domain: texts(fields, 7)[0] === 'ai.onnx.ml' ? 'ai.onnx.ml' : '',
    attributes: Object.fromEntries(
      messages(fields, 5).map((attribute) => [texts(attribute, 1)[0] ?? '', decodeAttribute(attribute)])
    )
  }
}

function decodeAttribute(fields: Fields): Attribute {
  const readers: Record<number, () => Attribute> = {
    1: () => ({ kind: 'float', value: floats(fields, 2)[0] ?? NaN }),
    2: () => ({ kind: 'int', value: integers(fields, 3)[0] ?? 0 }),
    3: () => ({ kind: 'string', value: texts(fields, 4)[0] ?? '' }),
    6: () => ({ kind: 'floats', value: floats(fields, 7) }),
    7: () => ({ kind: 'ints', value: integers(fields, 8) }),
    8: () => ({ kind: 'strings', value: texts(fields, 9) })
  }
  const read = readers[integers(fields, 20)[0] ?? 0]
  if (!read) throw new RangeError('The ONNX file has an attribute of a type that is not read here.')
  return read()
}

function decodeConstant(fields: Fields): Constant {
  const [data] = blobs(fields, 9)
  const buffer = Uint8Array.from(data ?? []).buffer
  const readers = {
    [tensorTypes.float]: () => new Float32Array(buffer),
    [tensorTypes.double]: () => new Float64Array(buffer),
    [tensorTypes.int64]: () => new BigInt64Array(buffer)
  }
  const read = readers[integers(fields, 2)[0] as keyof typeof readers]
  return { name: texts(fields, 8)[0] ?? '', dims: integers(fields, 1), values: read() }
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
    const value = wire === 0 ? varint() : take(wire === 5 ? 4 : Number(varint()))
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

function floats(fields: Fields, field: number): number[] {
  return blobs(fields, field).map((bytes) => new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true))
}

function integers(fields: Fields, field: number): number[] {
  return (fields.get(field) ?? [])
    .filter((value) => typeof value === 'bigint')
    .map((value) => Number(BigInt.asIntN(64, value)))
}
