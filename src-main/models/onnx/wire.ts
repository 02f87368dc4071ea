/**
 * Reads the fields of a protocol buffers message. Every read is linear in the bytes and bounded by them, whoever wrote them.
 * Source: protobuf.dev/programming-guides/encoding.
 */

/** Values of the fields of a message, by number, in order: whole numbers, or bytes. */
export type Fields = Map<number, (bigint | Uint8Array)[]>

/** A 64-bit number in groups of 7 bits; more is no protocol buffer, and would cost time beyond measure. */
const mostVarintBytes = 10

const decoder = new TextDecoder()

/** Splits a message into its fields. Errors: throws RangeError where the bytes end too early, or are no message. */
export function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map()
  let at = 0
  const varint = () => {
    const { value, next } = readVarint(bytes, at)
    at = next
    return value
  }
  const take = (count: number) => {
    if (at + count > bytes.length) throw new RangeError('The ONNX file is cut off.')
    at += count
    return bytes.subarray(at - count, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const wire = tag % 8
    if (![0, 1, 2, 5].includes(wire)) throw new RangeError('The file is no ONNX model.')
    const sizes: Record<number, number> = { 1: 8, 5: 4 }
    const value = wire === 0 ? varint() : take(sizes[wire] ?? Number(varint()))
    const field = Math.floor(tag / 8)
    const values = fields.get(field)
    if (values) values.push(value)
    else fields.set(field, [value])
  }
  return fields
}

function readVarint(bytes: Uint8Array, start: number): { value: bigint; next: number } {
  let value = 0n
  for (let index = 0; index < mostVarintBytes; index++) {
    const byte = bytes[start + index]
    if (byte === undefined) throw new RangeError('The ONNX file is cut off.')
    value |= BigInt(byte & 127) << BigInt(7 * index)
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: start + index + 1 }
  }
  throw new RangeError('The file is no ONNX model: a number in it is longer than 64 bits.')
}

/** The bytes of a field, each time it occurs. */
export function blobs(fields: Fields, field: number): Uint8Array[] {
  return (fields.get(field) ?? []).filter((value) => value instanceof Uint8Array)
}

export function messages(fields: Fields, field: number): Fields[] {
  return blobs(fields, field).map(fieldsOf)
}

export function texts(fields: Fields, field: number): string[] {
  return blobs(fields, field).map((bytes) => decoder.decode(bytes))
}

export function text(fields: Fields, field: number): string {
  return texts(fields, field)[0] ?? ''
}

/** Repeated numbers come one by one or packed together. */
export function floats(fields: Fields, field: number): number[] {
  return blobs(fields, field).flatMap((bytes) =>
    Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => viewOf(bytes).getFloat32(4 * index, true))
  )
}

export function doubles(fields: Fields, field: number): number[] {
  return blobs(fields, field).flatMap((bytes) =>
    Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => viewOf(bytes).getFloat64(8 * index, true))
  )
}

/** Whole numbers, signed; beyond 2^53 rounded. */
export function integers(fields: Fields, field: number): number[] {
  return (fields.get(field) ?? []).flatMap((value) =>
    typeof value === 'bigint' ? [Number(BigInt.asIntN(64, value))] : unpack(value)
  )
}

export function integer(fields: Fields, field: number): number | undefined {
  return integers(fields, field)[0]
}

function unpack(bytes: Uint8Array): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length;) {
    const { value, next } = readVarint(bytes, at)
    values.push(Number(BigInt.asIntN(64, value)))
    at = next
  }
  return values
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
