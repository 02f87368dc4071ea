/** Puts one stored piece in the place of the many that a run's frames left; readers see the same curves. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { countValues, joinPieces } from '#lab/runs/pieces.ts'
import type { MetricQueries, StoredColumns } from '#lab/store/metrics.ts'

/** Numbers in one compacted piece at most (1 MB), so that no transaction takes long. */
const pieceValues = 256 * 1024

/**
 * Compacts the curves of a run that has ended, one short transaction at a time.
 * The new pieces get new sequences: a reader that goes on after an old one gets them whole.
 */
export async function compactCurves(metrics: MetricQueries, runId: number): Promise<void> {
  const end = metrics.lastSequence()
  let newest = end
  let group: StoredColumns[] = []
  const flush = () => {
    if (group.length < 2) return
    // The run has gone on: its earlier epochs would come after its later ones.
    if (metrics.after([runId], newest, 1).length > 0) return
    const sequences = group.map((piece) => piece.sequence)
    const joined = joinPieces(group)
    const [only] = joined
    if (only && joined.length === 1) metrics.replace(sequences, only)
    newest = metrics.lastSequence()
  }
  let last = 0
  for (;;) {
    const page = metrics.after([runId], last, 64).filter((piece) => piece.sequence <= end)
    if (page.length === 0) break
    for (const piece of page) {
      if (countValues(group) + piece.values.length > pieceValues) {
        flush()
        group = []
      }
      group.push(piece)
      last = piece.sequence
    }
    await nextTurn()
  }
  flush()
}
