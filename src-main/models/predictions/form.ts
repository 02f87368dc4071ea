/** A form for a single row: its columns with what the training rows held, and rows typed into it as network inputs. */
import type { FormColumn, RowValues } from '#contract/predictions.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import { LabError } from '#contract/errors.ts'
import { readClock, readDate } from '#words/time-texts.ts'
import { stepsOf } from '#lab/datasets/preparation-steps.ts'
import type { ColumnValues } from '#lab/datasets/column-values.ts'
import type { TrainingRange } from '#lab/datasets/predicting/training-ranges.ts'

/** More levels make no list to choose from. */
const mostLevels = 1000

/** Describes a column of the form. */
export function formColumnOf(encoding: ColumnEncoding, range: TrainingRange | undefined): FormColumn {
  const { column, fill } = encoding
  if ('levels' in encoding) {
    return { kind: 'categorical', column, levels: encoding.levels.slice(0, mostLevels), fill: encoding.fill }
  }
  const { minimum = 0, maximum = 0, integer = false, date = false } = range ?? {}
  const { reads } = stepsOf(encoding)
  return {
    kind: 'numeric',
    column,
    minimum,
    maximum,
    integer,
    date: date || reads === 'date',
    withTime: (date || reads === 'date') && !integer,
    clock: reads === 'clock',
    fill: Number(fill)
  }
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
  return encodings.map((encoding) => {
    const { column, reads } = stepsOf(encoding)
    const values = rows.map((row) => (Object.hasOwn(row, column) ? (row[column] ?? null) : null))
    if (reads === 'text') return values.map((value) => (value === null ? null : String(value)))
    return Float64Array.from(values, (value) => toNumber(value, column, reads))
  })
}

const wanted = {
  number: 'a number',
  date: 'a date such as 2024-05-31 or 2024-05-31 16:05, or a number of days since 1970',
  clock: 'a time such as 16:05, or a number of hours'
} as const

function toNumber(value: string | number | null, column: string, reads: keyof typeof wanted): number {
  if (value === null || value === '') return NaN
  if (typeof value === 'number') return value
  // Experiments of before have dates as plain numbers.
  const read = reads === 'clock' ? readClock(value) : readDate(value)
  const number = Number.isNaN(read) ? Number(value) : read
  if (Number.isFinite(number)) return number
  throw new LabError(
    'bad_settings',
    `Column "${column}" takes ${wanted[reads]}; "${value}" is none. Leave it out where it is missing.`,
    {
      column
    }
  )
}
