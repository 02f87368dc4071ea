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

/** The 64 digits, as bytes of text. */
const digits = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  (digit) => digit.codePointAt(0) ?? 0
)
const padding = 61
const ascii = new TextDecoder()

/**
 * Writes bytes as base64 (RFC 4648, section 4). By hand: a text made of a thousand curves' bytes for btoa() held the lab up
 * for a second, and what hosts have of their own is not there in all of them.
 */
function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3))
  let at = 0
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = [bytes[index], bytes[index + 1], bytes[index + 2]]
    text[at++] = digits[first >> 2] as number
    text[at++] = digits[((first & 3) << 4) | (second >> 4)] as number
    text[at++] = digits[((second & 15) << 2) | (third >> 6)] as number
    text[at++] = digits[third & 63] as number
  }
  const missing = (3 - (bytes.length % 3)) % 3
  if (missing > 0) text.fill(padding, text.length - missing)
  return ascii.decode(text)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
