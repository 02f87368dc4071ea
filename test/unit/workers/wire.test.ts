import { expect, test } from 'vitest'
import { fromWire, toWire } from '#lab/workers/wire.ts'
import { readServerAddress } from '#lab/workers/nats/connect.ts'
import { placeOf, readMessage, signOfLife, subjects } from '#lab/workers/nats/wire.ts'

test('numbers and arrays come back bit by bit', () => {
  const data = {
    weights: new Float32Array([0.1, -0, NaN, Infinity, 1e-45]),
    random: new Uint32Array([0, 0xffffffff]),
    bytes: new Uint8Array([1, 2, 3]).subarray(1),
    loss: NaN,
    list: [{ inner: new Float64Array([Math.PI]) }, null, 'text', -Infinity]
  }
  expect(fromWire(toWire(data))).toEqual(data)
})

test.each([
  ['a cut text', '{"a":'],
  ['an array of an unknown kind', '{"a":{"$":["toString","AAAA"]}}'],
  ['an array without its bytes', '{"a":{"$":["f32"]}}'],
  ['bytes that are no whole number', '{"a":{"$":["f32","AAA="]}}'],
  ['a field that is the prototype', '{"__proto__":{"polluted":1}}']
])('%s is refused', (_what, text) => {
  expect(() => fromWire(text)).toThrow(/./)
})

test('a subject tells of a unit, or nothing', () => {
  const place = { head: '0123456789abcdef', sweepId: 7, name: 'a'.repeat(40) }
  expect(placeOf(subjects.unit(place))).toEqual(place)
  expect(placeOf(subjects.result(place))).toEqual(place)
  expect(placeOf('toplab.units.0123456789abcdef.7.*')).toBeNull()
  expect(placeOf('toplab.workers.one')).toBeNull()
})

test('a message that is too long or of another shape is as good as none', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(readMessage(signOfLife, bytes('{"id":"x"}'))).toBeNull()
  expect(readMessage(signOfLife, bytes('{'))).toBeNull()
  expect(readMessage(signOfLife, new Uint8Array(2_000_000))).toBeNull()
})

test('addresses of servers', () => {
  expect(readServerAddress('nats://lab.example')).toBe('nats://lab.example:4222')
  expect(readServerAddress('tls://lab.example:7000/')).toBe('tls://lab.example:7000')
  expect(() => readServerAddress('nats://me:secret@lab.example')).toThrow(/no user and no password/)
  expect(() => readServerAddress('nats://me:secret@lab.example')).not.toThrow(/secret@/)
  for (const text of ['', 'lab.example', 'https://lab.example', 'nats://', 'nats://lab.example/path']) {
    expect(() => readServerAddress(text)).toThrow(/no address of a NATS server/)
  }
})
