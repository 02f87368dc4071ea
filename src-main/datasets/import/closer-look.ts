/** The second look at a column of texts: infinities, codes too long for numbers, thousands with commas, and dates. */
import { type DateForm, dateFormsOf } from '#lab/datasets/import/date-formats.ts'
import { keepText, storeAs, type StoredColumn, type TextColumn } from '#lab/datasets/import/stored-column.ts'
import type { Value } from '#lab/datasets/duckdb.ts'

export type Answers = readonly Value[]

/** Aggregates to ask of the whole table, and what their answers decide. */
export interface Look {
  readonly ask: readonly string[]
  readonly decide: (answers: Answers) => StoredColumn
}

/** What a column has to be asked before its type is known; null where the first pass told enough. */
export function closerLook(column: TextColumn): Look | null {
  if (column.values === 0) return null
  if (column.numbers === column.values) {
    if (!(column.largest < beyondReckoning)) return refuseInfinities(column)
    if (column.isWhole && column.largest > Number.MAX_SAFE_INTEGER) return longCodes(column)
    return null
  }
  if (column.odd === null) return null
  const forms = dateFormsOf(column.odd)
  if (forms.length > 0 && column.numbers === 0) return dates(column, forms)
  return thousands.test(column.odd) ? withThousands(column) : null
}

const thousands = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/

/** Larger numbers count as infinite: their squares would leave the range of a double. */
const beyondReckoning = 1e100

/** No network can be trained on an infinite number, so the column is marked for a refusal. */
function refuseInfinities({ name, number }: TextColumn): Look {
  return { ask: [], decide: () => ({ ...storeAs(name, number), infinite: isInfinite(number) }) }
}

/** SQL of whether a number is infinite, or beyond reckoning. */
export function isInfinite(number: string): string {
  return `abs(${number}) >= ${beyondReckoning} AND NOT isnan(${number})`
}

/** SQL of a number that is null where it is infinite or not a number. */
export function finite(number: string): string {
  return `CASE WHEN abs(${number}) < ${beyondReckoning} THEN ${number} END`
}

/** Whole numbers of more digits than a double keeps are codes, such as account numbers. */
function longCodes(column: TextColumn): Look {
  return {
    ask: [`count(CASE WHEN regexp_full_match(${column.value}, '[+-]?[0-9]{16,}') THEN 1 END)`],
    decide: ([count]) =>
      Number(count) > 0
        ? keepText(column, 'Its numbers have too many digits to reckon with, so they are kept as codes.')
        : storeAs(column.name, column.number)
  }
}

function withThousands(column: TextColumn): Look {
  const plain = `replace(${column.value}, ',', '')`
  const number = `CASE WHEN regexp_full_match(${column.value}, '${sqlThousands}') THEN TRY_CAST(${plain} AS DOUBLE) ELSE ${column.number} END`
  return {
    ask: [`count(${number})`, `bool_and(${number} = trunc(${number}))`],
    decide: ([count, isWhole]) =>
      Number(count) === column.values
        ? storeAs(column.name, isWhole === true ? `CAST(${number} AS BIGINT)` : number)
        : keepText(column)
  }
}

const sqlThousands = '[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?'

/** A column is one of dates where one form reads all of its values. */
function dates(column: TextColumn, forms: readonly DateForm[]): Look {
  const expressions = forms.map((form) => form.expression(`(${column.value})`))
  return {
    ask: expressions.flatMap((date) => [
      `count(${date})`,
      `coalesce(bool_and(${date} = date_trunc('day', ${date})), false)`
    ]),
    decide: (answers) => {
      const fitting = forms.flatMap((form, index) => {
        const fits = Number(answers[2 * index]) === column.values
        return fits ? [{ form, expression: expressions[index] ?? '', isDay: answers[2 * index + 1] === true }] : []
      })
      const [first, second] = fitting
      if (!first) return keepText(column)
      const expression = first.isDay ? `CAST(${first.expression} AS DATE)` : first.expression
      const note = second ? `Read as ${first.form.label}; ${second.form.label} would fit too.` : null
      return storeAs(column.name, expression, note, note && `Column "${column.name}": ${note}`)
    }
  }
}
