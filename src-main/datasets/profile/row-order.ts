/** Tells whether the rows of a stored table follow one another by a column. */
import { readPieces } from '#lab/datasets/column-values.ts'
import { createPause } from '#lab/datasets/pause.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

/** One row in so many may stand at another place: clocks are set, and lines arrive late. */
const oneIn = 200

/** Reads a column of numbers or dates until it is known not to be sorted; rows without a value are passed over. */
export async function rowOrder(
  session: Session,
  file: string,
  rows: number,
  column: string
): Promise<'ascending' | 'descending' | null> {
  const most = Math.floor(rows / oneIn)
  let [falls, rises] = [0, 0]
  let before = NaN
  const pause = createPause()
  for await (const piece of readPieces(session, file, [{ column, kind: 'numeric' }], 0, rows)) {
    for (const value of piece.column(0) as Float64Array) {
      if (Number.isNaN(value)) continue
      if (value < before) falls++
      else if (value > before) rises++
      before = value
    }
    if (falls > most && rises > most) return null
    await pause()
  }
  if (rises > 0 && falls <= most) return 'ascending'
  return falls > 0 && rises <= most ? 'descending' : null
}
