/** Splits rows that follow one another: the first for training, then those for validation, the last for the test. */
import { LabError } from '#contract/errors.ts'
import type { ExperimentSettings, Split } from '#contract/experiments.ts'
import { columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import { cutInOrder } from '#lab/datasets/cut-in-order.ts'
import { createPause } from '#lab/datasets/pause.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { isUsable } from '#lab/datasets/usable-rows.ts'

type OrderSplit = Extract<Split, { kind: 'order' }>

/** SQL of the number by which rows follow one another, null where a row has none. */
export function orderExpression({ column }: Pick<OrderSplit, 'column'>, types: ReadonlyMap<string, string>): string {
  if (column === null) return 'CAST(file_row_number AS DOUBLE)'
  return valueExpression(column, 'numeric', types.get(column) ?? '')
}

/**
 * Fills in the part of each row, 1 training, 2 validation, 3 test; rows that can't be used stay 0, and so do those without
 * a value of the column: nobody knows what they came before. Rows with equal values come into one part.
 * Errors: `bad_settings` where the column has fewer different values than there are parts.
 */
export async function assignInOrder(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  split: OrderSplit,
  assigned: Uint8Array
): Promise<void> {
  const shares = [split.train, split.validation, split.test].map((share) => share / 100)
  const { rows, values } = await readInOrder(session, file, settings, split)
  const ends = cutInOrder(values, shares)
  if (!ends) {
    const parts = shares.filter((share) => share > 0).length
    throw new LabError(
      'bad_settings',
      `The rows can't be parted by ${split.column === null ? 'their order' : `the order of "${split.column}"`}: ` +
        `${parts} parts need at least ${parts} ${split.column === null ? 'rows' : 'different values'} in the rows that can be used. ` +
        'Split by another column, or at random.',
      { field: 'split', ...(split.column !== null && { column: split.column }) }
    )
  }
  const pause = createPause()
  let place = 0
  for (const [part, end] of ends.entries()) {
    for (; place < end; place++) {
      assigned[rows[place] ?? 0] = part + 1
      if (place % 8192 === 0) await pause()
    }
  }
}

/** Reads the rows that can be used, sorted by their values, equal ones as they stand in the table. */
async function readInOrder(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  split: OrderSplit
): Promise<{ rows: number[]; values: number[] }> {
  const value = orderExpression(split, await columnTypes(session, file))
  const query =
    `SELECT CAST(file_row_number AS UINTEGER) AS row, ${value} AS value FROM ${sql.storedRows(file)} ` +
    `WHERE ${isUsable(settings)} AND ${value} IS NOT NULL ORDER BY 2, 1`
  const rows: number[] = []
  const values: number[] = []
  const pause = createPause()
  for await (const chunk of session.chunks(query)) {
    const [numbers, own] = [chunk.getColumnVector(0), chunk.getColumnVector(1)]
    for (let index = 0; index < chunk.rowCount; index++) {
      rows.push(Number(numbers.getItem(index)))
      values.push(Number(own.getItem(index)))
    }
    await pause()
  }
  return { rows, values }
}
