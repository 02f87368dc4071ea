/** Writes small ONNX files as other programs do, field by field. Source: onnx/onnx.proto (numbers of fields). */

type Field = readonly [number, number | bigint | string | Uint8Array | readonly Field[]]

export function message(...fields: readonly Field[]): Uint8Array {
  return Buffer.concat(fields.map(([field, value]) => encode(field, value)))
}

function encode(field: number, value: Field[1]): Uint8Array {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Buffer.concat([varint(field * 8), varint(BigInt.asUintN(64, BigInt(value)))])
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : message(...value)
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes])
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let left = BigInt(value)
  do {
    bytes.push(Number(left & 127n) | (left > 127n ? 128 : 0))
    left >>= 7n
  } while (left > 0n)
  return Uint8Array.from(bytes)
}

const bytesOf = (values: Float32Array | BigInt64Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

export function floats(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  return message(...dims.map((dim) => [1, dim] as const), [2, 1], [8, name], [9, bytesOf(Float32Array.from(values))])
}

export function integers(name: string, values: readonly number[]): Uint8Array {
  return message([1, values.length], [2, 7], [8, name], [9, bytesOf(BigInt64Array.from(values, BigInt))])
}

/** A tensor of any type by its raw bytes. */
export function raw(name: string, type: number, dims: readonly number[], bytes: Uint8Array): Uint8Array {
  return message(...dims.map((dim) => [1, dim] as const), [2, type], [8, name], [9, bytes])
}

/** A tensor whose numbers are in another file. */
export function external(name: string, dims: readonly number[], place: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(place).map(([key, value]) => [13, message([1, key], [2, value])] as const)
  return message(...dims.map((dim) => [1, dim] as const), [2, 1], [8, name], ...entries, [14, 1])
}

/** An attribute: a number, a text, a list of numbers or texts, a tensor, or `{ ref }`, the caller's. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | Uint8Array
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly ref: string }

function attribute(name: string, value: AttributeValue): Uint8Array {
  const float = (number: number, field: number) => {
    const bytes = bytesOf(Float32Array.of(number))
    return Buffer.concat([varint(field * 8 + 5), bytes])
  }
  const named = message([1, name])
  if (typeof value === 'number') return Buffer.concat([named, message([3, value], [20, 2])])
  if (typeof value === 'string') return Buffer.concat([named, message([4, value], [20, 3])])
  if (value instanceof Uint8Array) return Buffer.concat([named, message([5, value], [20, 4])])
  if ('ref' in value) return Buffer.concat([named, message([21, value.ref], [20, 1])])
  if ('float' in value) return Buffer.concat([named, float(value.float, 2), message([20, 1])])
  if ('floats' in value) return Buffer.concat([named, ...value.floats.map((item) => float(item, 7)), message([20, 6])])
  const isText = typeof value[0] === 'string'
  return Buffer.concat([named, message(...value.map((item) => [isText ? 9 : 8, item] as const), [20, isText ? 8 : 7])])
}

/** `node('Gemm', ['x', 'w'], ['z'], { transB: 1 })`; a domain where it is not ONNX's own. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = ''
): Uint8Array {
  return message(
    ...inputs.map((name) => [1, name] as const),
    ...outputs.map((name) => [2, name] as const),
    [4, op],
    ...Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)] as const),
    [7, domain]
  )
}

/** An operator of the file's own, in the domain "own". */
export function localFunction(
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Uint8Array[]
): Uint8Array {
  return message(
    [1, name],
    ...inputs.map((each) => [4, each] as const),
    ...outputs.map((each) => [5, each] as const),
    ...nodes.map((each) => [7, each] as const),
    [10, 'own']
  )
}

export interface Graph {
  readonly nodes: readonly Uint8Array[]
  readonly constants?: readonly Uint8Array[]
  readonly inputs?: readonly string[]
  readonly outputs?: readonly string[]
  readonly functions?: readonly Uint8Array[]
}

export function model({ nodes, constants = [], inputs = ['x'], outputs = ['y'], functions = [] }: Graph): Uint8Array {
  const graph = message(
    ...nodes.map((each) => [1, each] as const),
    ...constants.map((each) => [5, each] as const),
    ...inputs.map((name) => [11, message([1, name])] as const),
    ...outputs.map((name) => [12, message([1, name])] as const)
  )
  return message([1, 8], [2, 'a test'], [7, graph], ...functions.map((each) => [25, each] as const))
}
