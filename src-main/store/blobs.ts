/** Typed arrays as SQLite blobs: their bytes, little-endian, as all machines that run the lab have them in memory. */

/** The size of a piece of a large blob: about 3 ms of writing. */
export const pieceBytes = 1024 * 1024

/** Shows a typed array as bytes without copying; the array must not change until the statement has run. */
export function toBlob(values: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Copies a blob into float32 numbers of its own. */
export function toFloat32(blob: Uint8Array): Float32Array<ArrayBuffer> {
  return new Float32Array(copyBytes(blob))
}

/** Copies a blob into uint32 numbers of its own. */
export function toUint32(blob: Uint8Array): Uint32Array<ArrayBuffer> {
  return new Uint32Array(copyBytes(blob))
}

/** Joins the pieces of a large blob. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let position = 0
  for (const piece of pieces) {
    bytes.set(piece, position)
    position += piece.length
  }
  return bytes
}

/** A blob may begin at any byte, a typed array may not. */
function copyBytes(blob: Uint8Array): ArrayBuffer {
  const bytes = new Uint8Array(blob.byteLength)
  bytes.set(blob)
  return bytes.buffer
}
