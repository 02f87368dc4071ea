/**
 * The records of a TFRecord file: length and data, each with a masked CRC-32C, and the few kinds of protocol-buffer
 * fields that events are made of.
 * Source: tensorflow/core/lib/io/record_writer.h and lib/hash/crc32c.h (form and mask),
 * protobuf.dev/programming-guides/encoding (fields), RFC 3720 B.4 (CRC-32C).
 */

const table = crcTable()

/** Frames one message made of these fields. */
export function record(fields: readonly Uint8Array[]): Uint8Array {
  const data = join(fields)
  const framed = new Uint8Array(data.length + 16)
  const view = new DataView(framed.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true)
  framed.set(data, 12)
  view.setUint32(12 + data.length, maskedCrc32c(data), true)
  return framed
}

/** The checksum of TFRecord files: CRC-32C, rotated and moved so that a checksum of checksums is none. */
export function maskedCrc32c(data: Uint8Array): number {
  const crc = crc32c(data)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** CRC-32C (Castagnoli). */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

/** A whole number of 0 or more. */
export function varint(field: number, value: number): Uint8Array {
  return join([tag(field, 0), encodeVarint(value)])
}

export function double(field: number, value: number): Uint8Array {
  const encoded = new Uint8Array(8)
  new DataView(encoded.buffer).setFloat64(0, value, true)
  return join([tag(field, 1), encoded])
}

export function float(field: number, value: number): Uint8Array {
  const encoded = new Uint8Array(4)
  new DataView(encoded.buffer).setFloat32(0, value, true)
  return join([tag(field, 5), encoded])
}

export function bytes(field: number, value: Uint8Array): Uint8Array {
  return join([tag(field, 2), encodeVarint(value.length), value])
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value))
}

export function message(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytes(field, join(fields))
}

function tag(field: number, wireType: number): Uint8Array {
  return encodeVarint(field * 8 + wireType)
}

function encodeVarint(value: number): Uint8Array {
  const encoded: number[] = []
  let rest = value
  while (rest >= 128) {
    encoded.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Uint8Array.from([...encoded, rest])
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    joined.set(piece, offset)
    offset += piece.length
  }
  return joined
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    return crc
  })
}
