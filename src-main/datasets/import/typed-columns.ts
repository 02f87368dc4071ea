/** Columns that bring a type of their own (JSON, Parquet, IDX), brought to the few types the lab stores. */
import { plainForm } from '#lab/datasets/import/columns/number-form.ts'
import { type Look, numbersIn, settledLook } from '#lab/datasets/import/columns/decide-columns.ts'
import { plainName } from '#lab/datasets/import/columns/rules.ts'
import { beyondReckoning } from '#lab/datasets/import/columns/text-figures.ts'
import { storeAs } from '#lab/datasets/import/stored-column.ts'
import type { SourceColumn, TableSource } from '#lab/datasets/import/table-source.ts'
import { formatCount } from '#words/numbers.ts'

const smallIntegers = /^U?(TINYINT|SMALLINT|INTEGER)$/
const largeIntegers = /^(BIGINT|HUGEINT|UHUGEINT|UBIGINT|DECIMAL\(\d+,0\))$/
const inexact = /^(FLOAT|DOUBLE|DECIMAL)/
const nested = /\[\d*\]$|^(STRUCT|MAP|UNION)|^JSON$/

const number = { as: 'number', form: plainForm } as const
const text = { as: 'text' } as const

/** Decides how a typed column is stored; its numbers are asked first whether a double can hold them. */
export function storeTyped(column: SourceColumn, source: Pick<TableSource, 'missing' | 'options'>): Look {
  const { name, type } = column
  const isNumber = smallIntegers.test(type) || largeIntegers.test(type) || inexact.test(type)
  const marks = isNumber ? markedNumbers(name, source) : []
  const isMarked = `list_contains([${marks.join(', ')}], CAST(${column.expression} AS DOUBLE))`
  const expression =
    marks.length === 0 ? column.expression : `(CASE WHEN NOT ${isMarked} THEN ${column.expression} END)`
  if (smallIntegers.test(type)) return settledLook(storeAs(name, expression, number))
  if (largeIntegers.test(type)) return wholeNumbers(name, expression)
  if (inexact.test(type)) return realNumbers(name, `CAST(${expression} AS DOUBLE)`)
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) {
    const date = { as: 'date', label: 'date', order: 'year-first' } as const
    const stored = type === 'DATE' ? expression : `CAST(${expression} AS TIMESTAMP)`
    return settledLook(storeAs(name, stored, date))
  }
  if (nested.test(type)) {
    const stored = `CAST(to_json(${expression}) AS VARCHAR)`
    const told = 'Nested values are kept as text.'
    return settledLook({ ...storeAs(name, stored, text, [], [told]), warnings: [told] })
  }
  return settledLook(storeAs(name, `CAST(${expression} AS VARCHAR)`, text))
}

/** The numbers that the person named as missing, in all columns or in this one. */
function markedNumbers(name: string, { missing, options }: Pick<TableSource, 'missing' | 'options'>): number[] {
  const own = options
    .filter(({ column }) => plainName(column) === plainName(name))
    .flatMap((entry) => entry.missing ?? [])
  return numbersIn([...missing.named, ...own])
}

/** Whole numbers that a double can't tell apart are codes, such as account numbers. */
function wholeNumbers(name: string, expression: string): Look {
  const limit = Number.MAX_SAFE_INTEGER
  return {
    items: [{ value: expression, stages: [] }],
    ask: ([x]) => [`coalesce(bool_or(${x} > ${limit} OR ${x} < -${limit}), false)`],
    decide: ([isLong]) =>
      isLong === true
        ? storeAs(
            name,
            `CAST(${expression} AS VARCHAR)`,
            text,
            [],
            ['Its numbers have too many digits to reckon with, so they are kept as codes.']
          )
        : storeAs(name, `CAST(${expression} AS BIGINT)`, number)
  }
}

function realNumbers(name: string, value: string): Look {
  return {
    items: [{ value, stages: [] }],
    ask: ([x]) => [`count(CASE WHEN abs(${x}) >= ${beyondReckoning} AND NOT isnan(${x}) THEN 1 END)`],
    decide: ([infinite]) => {
      const count = Number(infinite)
      const why = `${formatCount(count)} of its values ${count === 1 ? 'is' : 'are'} infinite or beyond 1e100: no network can be trained on them, so they are missing.`
      const doubts = count > 0 ? [{ why, taken: 'missing', other: null, count, options: null }] : []
      // Not a number is less than nothing and greater than everything; both ends take it out.
      const finite = (x: string) => `CASE WHEN abs(${x}) < ${beyondReckoning} THEN ${x} END`
      const stored = storeAs(name, value, number, [finite], [], doubts)
      return count > 0 ? { ...stored, infinite: 'x IS NULL AND NOT isnan(v)' } : stored
    }
  }
}
