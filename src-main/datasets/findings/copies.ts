/** Points out inputs that are the target in another form, or nearly so. */
import type { Column } from '#contract/datasets.ts'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { aliasesOf, columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'
import { ignoring } from '#lab/datasets/findings/mends.ts'
import { sampleOf } from '#lab/datasets/findings/seen-rows.ts'
import { isPixel } from '#lab/datasets/image.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'

/** Columns looked at in one query. */
const columnsAtOnce = 40
/** Fewer rows a value, and a column fits the classes by chance. */
const fewestRowsPerValue = 5
/** As good as exactly in step; less than 1 for what rounding does to equal values. */
const inStep = 0.9999
/** Nearly in step: no measurement of another thing is. */
const nearlyInStep = 0.995
/** Of the rows whose class is told by a value, from which it nearly is the class. */
const nearlyAll = 0.995
/** Values of a number are taken together in so many bins of equal size, of at least so many rows. */
const bins = 64
const fewestRowsPerBin = 20
/** Fewer rows, and what is easy to tell is no copy. */
const fewestRows = 200

type Closeness = 'copy' | 'near' | null

/** Looks at inputs one by one, on a sample of the rows. */
export async function findCopies(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  inputs: readonly Column[],
  target: Column
): Promise<Finding[]> {
  const types = await columnTypes(session, file)
  const isClass = settings.task === 'classification'
  const value = ({ name }: Column, kind: 'numeric' | 'categorical') =>
    valueExpression(name, kind, types.get(name) ?? '', aliasesOf(settings, name))
  const seen = sampleOf(file)
  const [rows = 0] = (await session.row(`SELECT count(*) FROM ${seen}`)).map(Number)
  const candidates = inputs.filter(
    (column) => !isPixel(column.name) && (isClass ? mayTellClass(column, target, rows) : mayFollow(column, target))
  )
  const found = new Map<string, Closeness>()
  for (const piece of cutIntoPieces(candidates, columnsAtOnce)) {
    const values = piece.map((column, index) => {
      const x = isClass
        ? told(column, value(column, isNumber(column) ? 'numeric' : 'categorical'), rows)
        : value(column, 'numeric')
      return `${x} AS x${index}`
    })
    const y = isClass ? `CAST(${value(target, 'categorical')} AS VARCHAR)` : value(target, 'numeric')
    await session.rows(
      `CREATE OR REPLACE TEMP TABLE looked AS SELECT ${values.join(', ')}, ${y} AS y FROM ${seen} WHERE ${y} IS NOT NULL`
    )
    const asked = piece.map((_, index) => (isClass ? purity(`x${index}`) : rankCorrelation(`x${index}`)))
    const answers = await session.row(`SELECT ${asked.join(', ')}`)
    piece.forEach((column, index) => {
      const [figure, base] = numbersOf(answers[index])
      found.set(column.name, isClass ? closenessOfClass(column, rows, figure, base) : closenessOfRank(rows, figure))
    })
  }
  return candidates.flatMap(({ name }) => {
    const closeness = found.get(name)
    return closeness ? [describe(name, target.name, closeness, settings)] : []
  })
}

/** The numbers of a list as DuckDB gives it. */
function numbersOf(value: Value | undefined): number[] {
  return value instanceof Object && 'items' in value ? value.items.map(Number) : []
}

function describe(name: string, target: string, closeness: 'copy' | 'near', settings: ExperimentSettings): Finding {
  const isClass = settings.task === 'classification'
  const words = {
    copy: isClass
      ? `"${name}" tells "${target}" by itself: each of its values has one class only. If it is known only with the answer, leave it out.`
      : `"${name}" rises and falls with "${target}" row for row: it is the target in another form. Leave it out, if it is known only with the answer.`,
    near: isClass
      ? `"${name}" tells "${target}" nearly by itself: all but a few rows of each of its values have one class. If it is known only with the answer, leave it out.`
      : `"${name}" rises and falls with "${target}" nearly row for row, as a copy of the target with a little noise would. If it is known only with the answer, leave it out.`
  }
  return {
    kind: closeness === 'copy' ? 'target_copy' : 'near_copy',
    columns: [name],
    message: words[closeness],
    examples: [],
    mend: ignoring(settings, [name])
  }
}

function isNumber({ type, integer }: Column): boolean {
  return type === 'numeric' || type === 'date' || integer
}

/** Whether a column has too many values to be looked at one by one. */
function needsBins({ distinct }: Column, rows: number): boolean {
  return distinct * fewestRowsPerValue > rows
}

function mayTellClass(column: Column, target: Column, rows: number): boolean {
  if (column.distinct < 2) return false
  if (needsBins(column, rows)) return isNumber(column) && rows >= fewestRows
  return column.distinct * fewestRowsPerValue <= rows && column.distinct >= Math.min(2, target.distinct)
}

/** A strictly monotone form has as many values; rounding may join some. */
function mayFollow({ type, integer, distinct }: Column, target: Column): boolean {
  return (type === 'numeric' || integer) && distinct >= target.distinct / 2 && distinct > 2
}

/** SQL of what a row tells: its value, or the bin of equal size that a number is in; that there is none tells as well. */
function told(column: Column, x: string, rows: number): string {
  if (!needsBins(column, rows)) return `coalesce(CAST(${x} AS VARCHAR), '')`
  const count = Math.max(2, Math.min(bins, Math.floor(rows / fewestRowsPerBin)))
  return `CASE WHEN ${x} IS NULL THEN 0 ELSE ntile(${count}) OVER (PARTITION BY ${x} IS NULL ORDER BY ${x}) END`
}

/** SQL of two figures: the share of rows that are of the commonest class of their value, and that of the commonest class of all. */
function purity(x: string): string {
  const cells = `(SELECT ${x} AS x, y, count(*) AS n FROM looked GROUP BY ALL)`
  const pure = `(SELECT sum(m) / sum(n) FROM (SELECT max(n) AS m, sum(n) AS n FROM ${cells} GROUP BY x))`
  const base = `(SELECT max(n) / sum(n) FROM (SELECT count(*) AS n FROM looked GROUP BY y))`
  return `[CAST(${pure} AS DOUBLE), CAST(${base} AS DOUBLE)]`
}

function closenessOfClass(column: Column, rows: number, share = 0, base = 1): Closeness {
  if (!(share > base)) return null
  if (share === 1 && !needsBins(column, rows)) return 'copy'
  // What the rare classes leave wrong must be nearly all told as well.
  const isNear = share >= nearlyAll && 1 - share <= (1 - base) / 20
  return isNear && rows >= fewestRows ? 'near' : null
}

/** SQL of how the ranks of both go together, up or down. Source: Spearman 1904 (rank correlation). */
function rankCorrelation(x: string): string {
  const ranks = `(SELECT rank() OVER (ORDER BY ${x}) AS x, rank() OVER (ORDER BY y) AS y FROM looked WHERE ${x} IS NOT NULL)`
  return `(SELECT [CASE WHEN count(*) > 10 THEN abs(corr(x, y)) END] FROM ${ranks})`
}

function closenessOfRank(rows: number, correlation = 0): Closeness {
  if (correlation >= inStep) return 'copy'
  return correlation >= nearlyInStep && rows >= fewestRows ? 'near' : null
}
