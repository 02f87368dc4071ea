/** What is decided of one column: how its texts are read, and what else would fit. */
import type { ColumnOptions } from '#contract/reading.ts'
import type { DateOrder } from '#lab/datasets/import/columns/date-forms.ts'
import type { NumberForm } from '#lab/datasets/import/columns/number-form.ts'

export type ColumnReading =
  | { readonly as: 'number'; readonly form: NumberForm }
  | { readonly as: 'date'; readonly label: string; readonly order: DateOrder }
  | { readonly as: 'text' }

/** Another way to read a column. */
export interface ColumnDoubt {
  /** What follows "Column "x": ", with a full stop. */
  readonly why: string
  readonly taken: string
  readonly other: string | null
  readonly count: number
  /** What takes the other way. */
  readonly options: Omit<ColumnOptions, 'column'> | null
}
