/**
 * Tells the stored type of every column over the whole table: whole number, number, date or text.
 * One pass looks at all texts; a second looks closer at the few that need it (closer-look.ts).
 */
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { closerLook, type Look } from '#lab/datasets/import/closer-look.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import { keepText, storeAs, type StoredColumn, type TextColumn } from '#lab/datasets/import/stored-column.ts'
import type { SourceColumn, TableSource } from '#lab/datasets/import/table-source.ts'
import { storeTyped } from '#lab/datasets/import/typed-columns.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'
import { formatCount } from '#words/numbers.ts'

/** Columns looked at in one pass: DuckDB keeps several vectors of 32 kB for each of them and every thread. */
const columnsPerPass = 512

/**
 * Tells how each column of the source is stored, in their order.
 * Errors: `bad_file` naming row and column of an infinite number.
 */
export async function inferTypes(
  session: Session,
  source: TableSource,
  file: string,
  onFraction: (fraction: number) => void
): Promise<StoredColumn[]> {
  const isText = (column: SourceColumn) => column.type === 'VARCHAR'
  const texts = source.columns.filter(isText)
  // Most columns are plain numbers; looking for missing values only in the others halves the time.
  const mayBeNumber = source.missing.some((text) => text.trim() !== '' && Number.isFinite(Number(text)))
  const plain = mayBeNumber ? [] : (await lookAtTexts(session, source, texts, plainly, onFraction)).filter(isSettled)
  const settled = new Set(plain.map(({ name }) => name))
  const others = texts.filter(({ name }) => !settled.has(name))
  const careful = await lookAtTexts(session, source, others, withoutMissing, mayBeNumber ? onFraction : () => undefined)
  const looks = [...plain, ...careful].map((column) => closerLook(column) ?? { ask: [], decide: () => decide(column) })
  const typed = source.columns.filter((column) => !isText(column)).map(storeTyped)
  const stored = await answer(session, source.relation, [...looks, ...typed])
  for (const column of stored) await expectFinite(session, source, file, column)
  const byName = new Map(stored.map((column) => [column.name, column]))
  return source.columns.flatMap((column) => byName.get(column.name) ?? [])
}

/** Refuses a column with an infinite number in the words of its first row. */
async function expectFinite(session: Session, source: TableSource, file: string, column: StoredColumn): Promise<void> {
  if (!column.infinite) return
  const numbered = `SELECT row_number() OVER () AS line, ${column.infinite} AS wild FROM ${source.relation}`
  const [row] = await session.row(`SELECT min(line) FROM (${numbered}) WHERE wild`)
  throw badFile(
    file,
    `${file}, row ${Number(row)}: column "${column.name}" holds an infinite number, or one of 1e100 or more. ` +
      'Replace it, leave it empty, or name it as a missing value when importing.',
    { row: Number(row), column: column.name }
  )
}

/** Whether all that is there are numbers, so that no text in it stands for a missing value. */
function isSettled({ values, numbers, largest }: TextColumn): boolean {
  return values > 0 && numbers === values && Number.isFinite(largest)
}

const plainly = (expression: string): string => expression

function withoutMissing(expression: string, { missing }: TableSource): string {
  // A list, not IN: that would compare with each text in turn, and keep a vector for each of them and every column.
  const texts = `[${['', ...missing].map(sql.text).join(', ')}]`
  return `CASE WHEN list_contains(${texts}, trim(${expression})) THEN NULL ELSE trim(${expression}) END`
}

async function lookAtTexts(
  session: Session,
  source: TableSource,
  columns: readonly SourceColumn[],
  valueOf: (expression: string, source: TableSource) => string,
  onFraction: (fraction: number) => void
): Promise<TextColumn[]> {
  const found: TextColumn[] = []
  for (const pass of cutIntoPieces(columns, columnsPerPass)) {
    const share = pass.length / columns.length
    const before = found.length / columns.length
    const values = pass.map(({ expression }) => valueOf(expression, source))
    const row = await session.row(figuresOf(values, source), (fraction) => onFraction(before + share * fraction))
    pass.forEach(({ name }, index) => {
      const value = values[index] ?? ''
      const number = numberIn(`(${value})`, source.decimal)
      found.push({ name, value, number, ...toFigures(row.slice(6 * index, 6 * index + 6)) })
    })
  }
  return found
}

/** SQL that gives six figures of every value, in the order toFigures() reads them. */
function figuresOf(values: readonly string[], { relation, decimal }: TableSource): string {
  const texts = values.map((value, index) => `${value} AS t${index}`)
  const numbers = values.map((_, index) => `${numberIn(`t${index}`, decimal)} AS n${index}`)
  const figures = values.map(
    (_, index) =>
      `count(t${index}), count(n${index}), coalesce(bool_and(n${index} = trunc(n${index})), false), max(abs(n${index})), ` +
      // GLOB, not a range: DuckDB needs minutes to plan a thousand ranges.
      `coalesce(bool_or(t${index} GLOB '0[0-9]*'), false), ` +
      // No FILTER: DuckDB would keep a copy of all columns for each of them.
      `any_value(CASE WHEN n${index} IS NULL THEN t${index} END)`
  )
  const inner = `SELECT ${texts.join(', ')} FROM ${relation}`
  return `SELECT ${figures.join(', ')} FROM (SELECT *, ${numbers.join(', ')} FROM (${inner}))`
}

function toFigures([count, numeric, isWhole, largest, hasLeadingZero, odd]: readonly Value[]) {
  return {
    values: Number(count),
    numbers: Number(numeric),
    isWhole: isWhole === true,
    largest: typeof largest === 'number' ? largest : 0,
    hasLeadingZero: hasLeadingZero === true,
    odd: typeof odd === 'string' ? odd : null
  }
}

/** SQL of the number in a text, null where it is none. With a decimal comma, points may part thousands. */
function numberIn(value: string, decimal: '.' | ','): string {
  if (decimal === '.') return `TRY_CAST(${value} AS DOUBLE)`
  const thousands = `regexp_full_match(${value}, '[+-]?[0-9]{1,3}([.][0-9]{3})+(,[0-9]*)?')`
  return (
    `TRY_CAST(CASE WHEN NOT contains(${value}, '.') THEN replace(${value}, ',', '.') ` +
    `WHEN ${thousands} THEN replace(replace(${value}, '.', ''), ',', '.') END AS DOUBLE)`
  )
}

/** Decides where the first pass told all: plain numbers, codes with leading zeros, and texts. */
function decide(column: TextColumn): StoredColumn {
  const { name, values, numbers, isWhole, number, odd } = column
  if (values > 0 && numbers === values && !(isWhole && column.hasLeadingZero)) {
    return storeAs(name, isWhole ? `CAST(${number} AS BIGINT)` : number)
  }
  if (numbers === values && values > 0) {
    return keepText(column, 'Its numbers have leading zeros, so they are kept as codes.')
  }
  if (2 * numbers <= values) return keepText(column)
  const others = values - numbers
  const note =
    `${formatCount(others)} of its ${formatCount(values)} values ${others === 1 ? 'is no number' : 'are no numbers'}, ` +
    `such as "${odd?.slice(0, 40)}", so it is read as text. Texts that mean a missing value can be named when importing.`
  return keepText(column, note, `Column "${name}": ${note}`)
}

/** Asks all that is to be asked, in few passes, and lets each column decide with its answers. */
async function answer(session: Session, relation: string, looks: readonly Look[]): Promise<StoredColumn[]> {
  const asked = looks.flatMap((look) => look.ask)
  const answers: Value[] = []
  for (const pass of cutIntoPieces(asked, columnsPerPass)) {
    answers.push(...(await session.row(`SELECT ${pass.join(', ')} FROM ${relation}`)))
  }
  let at = 0
  return looks.map((look) => {
    const own = answers.slice(at, at + look.ask.length)
    at += look.ask.length
    return look.decide(own)
  })
}
