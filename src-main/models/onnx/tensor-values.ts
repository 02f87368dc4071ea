/** The numbers of an ONNX tensor, by its type. Source: onnx/onnx.proto, TensorProto. */
import { blobs, doubles, type Fields, floats, integers, texts } from '#lab/models/onnx/wire.ts'

export type TensorValues = Float32Array | Float64Array | BigInt64Array | readonly string[]

interface Read {
  readonly values: TensorValues
  readonly unusable?: string
}

/** Types by their numbers; `raw` reads bytes that are aligned, `field` the field that the type has otherwise. */
interface TensorType {
  readonly bytes: number
  readonly raw: (buffer: ArrayBuffer) => TensorValues
  readonly field: (fields: Fields) => TensorValues
}

const whole = (values: ArrayLike<number | bigint>) => BigInt64Array.from(Array.from(values), BigInt)
/** Small whole numbers share a field. */
const int32Field = (fields: Fields) => whole(integers(fields, 5))

const types: Readonly<Record<number, TensorType>> = {
  1: { bytes: 4, raw: (b) => new Float32Array(b), field: (fields) => Float32Array.from(floats(fields, 4)) },
  2: { bytes: 1, raw: (b) => whole(new Uint8Array(b)), field: int32Field },
  3: { bytes: 1, raw: (b) => whole(new Int8Array(b)), field: int32Field },
  4: { bytes: 2, raw: (b) => whole(new Uint16Array(b)), field: int32Field },
  5: { bytes: 2, raw: (b) => whole(new Int16Array(b)), field: int32Field },
  6: { bytes: 4, raw: (b) => whole(new Int32Array(b)), field: int32Field },
  7: { bytes: 8, raw: (b) => new BigInt64Array(b), field: (fields) => whole(integers(fields, 7)) },
  // A truth value is a byte, 0 or 1.
  9: { bytes: 1, raw: (b) => whole(new Uint8Array(b)), field: int32Field },
  11: { bytes: 8, raw: (b) => new Float64Array(b), field: (fields) => Float64Array.from(doubles(fields, 10)) },
  12: { bytes: 4, raw: (b) => whole(new Uint32Array(b)), field: (fields) => whole(integers(fields, 11)) },
  13: { bytes: 8, raw: (b) => new BigInt64Array(b), field: (fields) => whole(integers(fields, 11)) }
}

const stringType = 8

/** What a person's tools call the types that are not read. */
const otherTypes: Readonly<Record<number, string>> = {
  10: 'is stored in half precision (float16). Convert the weights to float32 and save the model again',
  16: 'is stored in half precision (bfloat16). Convert the weights to float32 and save the model again',
  14: 'holds complex numbers',
  15: 'holds complex numbers',
  21: 'is quantised to 4 bits. Take the model as it was before it was quantised',
  22: 'is quantised to 4 bits. Take the model as it was before it was quantised'
}

/** Types 17 to 20 are floats of 8 bits. */
const isTiny = (type: number) => type >= 17 && type <= 20

/**
 * Reads the values; `external` holds their bytes where they lie beside the model.
 * Errors: throws RangeError where there are fewer or more bytes than the shape asks.
 */
export function readTensorValues(
  fields: Fields,
  type: number,
  dims: readonly number[],
  external: Uint8Array | null
): Read {
  if (type === stringType) return { values: texts(fields, 6) }
  const known = types[type]
  if (!known) {
    const unusable = isTiny(type) ? 'is quantised to 8 bits. Take the model as it was before' : otherTypes[type]
    return { values: [], unusable: unusable ?? 'has a type of numbers that is not read here' }
  }
  const data = external ?? blobs(fields, 9)[0]
  if (!data) return { values: known.field(fields) }
  const count = dims.reduce((product, size) => product * size, 1)
  if (data.length !== count * known.bytes)
    throw new RangeError('A tensor of the ONNX file has too few or too many bytes.')
  return { values: known.raw(Uint8Array.from(data).buffer) }
}
