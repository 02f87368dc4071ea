/** Joins pieces of curves; pure. */
import { endOf, type EpochColumns, joinColumns } from '#engine/training/epoch-columns.ts'
import type { StoredColumns } from '#lab/store/metrics.ts'

/**
 * Joins pieces of the same run that follow on or overlap into as few as can be.
 * Pieces come in the order of their sequences: where two tell of the same epoch, the later one counts. A joined piece
 * has the highest sequence of its parts, and the result is in the order of the sequences.
 */
export function joinPieces(pieces: readonly StoredColumns[]): StoredColumns[] {
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
  readonly parts: StoredColumns[]
}

/** Counts the numbers in pieces. */
export function countValues(pieces: readonly EpochColumns[]): number {
  return pieces.reduce((sum, piece) => sum + piece.values.length, 0)
}

function join({ parts }: Chain): StoredColumns {
  const last = parts.at(-1)
  if (!last) throw new RangeError('There is no piece to join.')
  return { runId: last.runId, sequence: last.sequence, ...joinColumns(parts) }
}
