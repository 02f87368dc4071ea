/**
 * How values travel over transports that speak JSON: typed arrays as base64 of their bytes, little-endian; long answers
 * as the text of their JSON. Given to the handler and the link of every transport, so that both ends agree.
 */
import type { StandardRPCCustomJsonSerializer } from '@orpc/client/standard'

type TypedArray = Float32Array | Float64Array | Uint32Array | Uint8Array

const kinds = [Float32Array, Float64Array, Uint32Array, Uint8Array] as const

/** One serializer a kind; the numbers are oRPC's type tags and stay as they are once released. */
const typedArrays = kinds.map((Kind, index): StandardRPCCustomJsonSerializer => ({
  type: 100 + index,
  // Asked of every value of an answer: what is no buffer at all is told first, and fast.
  condition: (value) => typeof value === 'object' && ArrayBuffer.isView(value) && value instanceof Kind,
  serialize: (value: TypedArray) => toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
  deserialize: (text: string) => {
    const bytes = fromBase64(text)
    return new Kind(bytes.buffer, 0, bytes.byteLength / Kind.BYTES_PER_ELEMENT)
  }
}))

/** Answers on their way out that are written in one go; long-answer.ts says which. */
const long = new WeakSet<object>()

/** Has an answer sent as one text. It must be plain: objects, arrays, texts, finite numbers, booleans and nulls. */
export function writeInOneGo<Answer extends object>(answer: Answer): Answer {
  long.add(answer)
  return answer
}

const longAnswers: StandardRPCCustomJsonSerializer = {
  type: 110,
  condition: (value) => typeof value === 'object' && value !== null && long.has(value),
  serialize: (value: object) => JSON.stringify(value),
  deserialize: (text: string) => JSON.parse(text) as unknown
}

export const jsonSerializers: StandardRPCCustomJsonSerializer[] = [...typedArrays, longAnswers]

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(text)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
