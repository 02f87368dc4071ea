import { expect, test } from 'vitest'
import { crc32c, maskedCrc32c, message, record, text, varint } from '#lab/transfers/tracking/event-records.ts'

test('checksums are those of RFC 3720, B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e)
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
})

test('a record is length, its checksum, data, and theirs', () => {
  const framed = record([text(3, 'brain.Event:2')])
  const view = new DataView(framed.buffer)
  // 0x1a: field 3, length-delimited; 13 letters.
  expect([...framed.subarray(12, 14)]).toEqual([0x1a, 13])
  expect(view.getBigUint64(0, true)).toBe(15n)
  expect(view.getUint32(8, true)).toBe(maskedCrc32c(framed.subarray(0, 8)))
  expect(view.getUint32(27, true)).toBe(maskedCrc32c(framed.subarray(12, 27)))
  expect(framed.length).toBe(31)
})

test('whole numbers have seven bits a byte, messages their length in front', () => {
  expect([...varint(2, 300)]).toEqual([0x10, 0xac, 0x02])
  expect([...message(5, [varint(1, 1)])]).toEqual([0x2a, 2, 0x08, 1])
})
