/** Joins pieces of curves; pure. */
import type { Piece, StoredPiece } from '#lab/store/metrics.ts'

/**
 * Joins pieces of the same run that follow on or overlap into as few as can be.
 * Pieces come in the order of their sequences: where two tell of the same epoch, the later one counts. A joined piece
 * has the highest sequence of its parts, and the result is in the order of the sequences.
 */
export function joinPieces(pieces: readonly StoredPiece[]): StoredPiece[] {
  const chains: Chain[] = []
  const newest = new Map<number, Chain>()
  for (const piece of pieces) {
    const chain = newest.get(piece.runId)
    if (chain && piece.firstEpoch >= chain.start && piece.firstEpoch <= chain.end) {
      chain.parts.push(piece)
      chain.end = Math.max(chain.end, endOf(piece))
    } else {
      const begun = { start: piece.firstEpoch, end: endOf(piece), parts: [piece] }
      chains.push(begun)
      newest.set(piece.runId, begun)
    }
  }
  return chains.map(join).sort((a, b) => a.sequence - b.sequence)
}

/** Pieces of one run without a gap between them, from epoch `start` to before epoch `end`. */
interface Chain {
  readonly start: number
  end: number
  readonly parts: StoredPiece[]
}

/** Counts the numbers in pieces. */
export function countValues(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.values.length, 0)
}

const endOf = (piece: Piece) => piece.firstEpoch + piece.epochs

function join({ start, end, parts }: Chain): StoredPiece {
  const [first] = parts
  const last = parts.at(-1)
  if (!first || !last) throw new RangeError('There is no piece to join.')
  if (parts.length === 1) return first
  const epochs = end - start
  const width = first.values.length / first.epochs
  const values = new Float32Array(width * epochs)
  for (const part of parts) {
    for (let column = 0; column < width; column++) {
      const from = part.values.subarray(column * part.epochs, (column + 1) * part.epochs)
      values.set(from, column * epochs + part.firstEpoch - start)
    }
  }
  return { runId: first.runId, sequence: last.sequence, firstEpoch: start, epochs, values }
}
