/** Cuts the columns of a table into batches that DuckDB can profile within its memory. */
import { cutIntoPieces } from '#lab/datasets/pieces.ts'

/** Values of one batch: exact medians and counts of different values keep them all, some 30 bytes each. */
const batchValues = 6_000_000

/** However few rows there are, DuckDB keeps a megabyte or two for each column whose different values it counts. */
const batchColumns = 64

/** Cuts columns into batches that stay within both bounds. */
export function createBatches<Column>(columns: readonly Column[], rows: number): Column[][] {
  const size = Math.min(batchColumns, Math.max(1, Math.floor(batchValues / Math.max(rows, 1))))
  return cutIntoPieces(columns, size)
}
