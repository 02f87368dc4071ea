/** Columns that bring a type of their own (JSON, Parquet, IDX), brought to the few types the lab stores. */
import { finite, isInfinite, type Look } from '#lab/datasets/import/closer-look.ts'
import { storeAs } from '#lab/datasets/import/stored-column.ts'
import type { SourceColumn } from '#lab/datasets/import/table-source.ts'

const smallIntegers = /^U?(TINYINT|SMALLINT|INTEGER)$|^BIGINT$/
const inexact = /^(FLOAT|DOUBLE|DECIMAL|HUGEINT|UHUGEINT|UBIGINT)/
const nested = /\[\d*\]$|^(STRUCT|MAP|UNION)|^JSON$/

/** Decides how a typed column is stored; floating-point ones are asked for infinities first. */
export function storeTyped({ name, expression, type }: SourceColumn): Look {
  const plain = (stored: string, note: string | null = null): Look => ({
    ask: [],
    decide: () => storeAs(name, stored, note, note && `Column "${name}": ${note}`)
  })
  if (smallIntegers.test(type)) return plain(expression)
  if (inexact.test(type)) {
    const number = `CAST(${expression} AS DOUBLE)`
    return {
      ask: [`coalesce(bool_or(${isInfinite(number)}), false)`],
      decide: ([some]) => ({ ...storeAs(name, finite(number)), infinite: some === true ? isInfinite(number) : null })
    }
  }
  if (type === 'DATE') return plain(expression)
  if (type.startsWith('TIMESTAMP')) return plain(`CAST(${expression} AS TIMESTAMP)`)
  if (nested.test(type)) return plain(`CAST(to_json(${expression}) AS VARCHAR)`, 'Nested values are kept as text.')
  return plain(`CAST(${expression} AS VARCHAR)`)
}
