/** Numbers that cross as text come out as they went in, and as any other reader of base64 would have them. */
import { expect, test } from 'vitest'
import { jsonSerializers } from '#contract/serialization.ts'

function serializerOf(value: unknown) {
  const found = jsonSerializers.find((serializer) => serializer.condition(value))
  if (!found) throw new Error('A serializer expected.')
  return found
}

test.each([0, 1, 2, 3, 4, 5, 255, 256, 100_000])('%i bytes are written as base64 and read again', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 167 + 13) % 256)
  const serializer = serializerOf(bytes)
  const text = serializer.serialize(bytes) as string
  expect(text).toBe(Buffer.from(bytes).toString('base64'))
  expect(serializer.deserialize(text)).toEqual(bytes)
})

test('a part of a buffer is sent alone, bit by bit', () => {
  const values = Float32Array.of(1, NaN, -0, Infinity, 1e-45, 3).subarray(1, 5)
  const serializer = serializerOf(values)
  const read = serializer.deserialize(serializer.serialize(values)) as Float32Array
  expect([...read]).toEqual([NaN, -0, Infinity, values[3]])
})
