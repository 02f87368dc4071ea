/** How a table was read, in few words each: what a person is shown of it. */
import type { ReadOptions } from '#contract/reading.ts'
import type { StoredColumn } from '#lab/datasets/import/stored-column.ts'
import { formatCount } from '#words/numbers.ts'

/** Texts named of many. */
const named = 3

/** Decimal signs, dates and missing texts; what no column shows is not said. */
export function columnFacts(
  columns: readonly StoredColumn[],
  { missing = [], columns: asked = [] }: ReadOptions
): string[] {
  const marks = [...new Set([...missing, ...asked.flatMap((column) => column.missing ?? [])])]
  const orders = new Set(columns.flatMap(({ reading }) => (reading.as === 'date' ? [reading.order] : [])))
  return [
    ...decimalFact(columns),
    ...[...orders].map((order) => `dates ${order}`),
    ...(marks.length > 0 ? [missingFact(marks)] : [])
  ]
}

function decimalFact(columns: readonly StoredColumn[]): string[] {
  const shown = new Set(columns.flatMap(({ reading }) => (reading.as === 'number' ? [reading.form.decimal] : [])))
  if (shown.size > 1) return ['decimal commas in some columns']
  if (shown.has(',')) return ['decimal comma']
  return shown.has('.') ? ['decimal point'] : []
}

function missingFact(marks: readonly string[]): string {
  const some = marks.slice(0, named).map((mark) => `"${mark}"`)
  const more = marks.length > named ? ' and others' : ''
  return marks.length === 1
    ? `missing: ${some.join('')}`
    : `${formatCount(marks.length)} missing texts: ${some.join(', ')}${more}`
}
