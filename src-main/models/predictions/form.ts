/** A form for a single row: its columns with what the training rows held, and rows typed into it as network inputs. */
import type { FormColumn, RowValues } from '#contract/predictions.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import { LabError } from '#contract/errors.ts'
import type { ColumnValues } from '#lab/datasets/column-values.ts'
import type { TrainingRange } from '#lab/datasets/predicting/training-ranges.ts'

const dayMs = 86_400_000

/** Describes a column of the form. */
export function formColumnOf(encoding: ColumnEncoding, range: TrainingRange | undefined): FormColumn {
  const { column, fill } = encoding
  if (encoding.kind === 'categorical')
    return { kind: 'categorical', column, levels: encoding.levels, fill: encoding.fill }
  const { minimum = 0, maximum = 0, integer = false, date = false } = range ?? {}
  return { kind: 'numeric', column, minimum, maximum, integer, date, fill: Number(fill) }
}

/**
 * Turns rows of values by name into columns, as encodeRows() takes them.
 * Errors: LabError 'bad_settings' for a name that is no column of the network, and for a text where a number belongs.
 */
export function columnsOfRows(encodings: readonly ColumnEncoding[], rows: readonly RowValues[]): ColumnValues[] {
  const known = new Set(encodings.map(({ column }) => column))
  const stranger = rows.flatMap((row) => Object.keys(row)).find((name) => !known.has(name))
  if (stranger !== undefined) {
    throw new LabError(
      'bad_settings',
      `The network reads no column "${stranger}"; its columns are ${[...known].join(', ')}.`,
      {
        column: stranger
      }
    )
  }
  return encodings.map(({ column, kind }) => {
    const values = rows.map((row) => (Object.hasOwn(row, column) ? (row[column] ?? null) : null))
    if (kind === 'categorical') return values.map((value) => (value === null ? null : String(value)))
    return Float64Array.from(values, (value) => toNumber(value, column))
  })
}

function toNumber(value: string | number | null, column: string): number {
  if (value === null || value === '') return NaN
  const number = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) / dayMs : Number(value)
  if (Number.isFinite(number)) return number
  throw new LabError(
    'bad_settings',
    `Column "${column}" takes a number; "${value}" is none. Leave it out where it is missing.`,
    {
      column
    }
  )
}
