/**
 * Numbers at the edge of a column that may stand for a missing value: -200, -999, 9999 or 99 far from all other values, and 0
 * or -1 where nothing else comes near. They are pointed out, never taken out unasked.
 */
import type { DuckDBListValue } from '@duckdb/node-api'
import type { Doubt, TableReading } from '#contract/reading.ts'
import type { NumberFigures } from '#lab/datasets/profile/figures.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'
import * as sql from '#lab/datasets/sql.ts'
import { formatCount } from '#words/numbers.ts'

/** A number that may stand for a missing value in one column. */
export interface StandIn {
  readonly column: string
  readonly value: number
  readonly count: number
}

/** Values looked at from each edge inwards; several codes may stand side by side, as 97, 98 and 99 do in surveys. */
const edgeValues = 8
/** Each column costs a query; where more have such a number at their edge it is no code. */
const mostColumns = 200
/** Columns named in one sentence. */
const named = 5

/** A value with how often it occurs. */
interface Counted {
  readonly value: number
  readonly count: number
}

/** What a column looks like from one of its edges, and without any code. */
export interface Edge {
  /** From the edge inwards. */
  readonly values: readonly Counted[]
  /** Of the different values that are no codes: how many, their range, and the range of their middle half. */
  readonly distinct: number
  readonly range: number
  readonly middle: number
}

/** Whether a number is one that programs and people write where there is none. */
function isCode(value: number): boolean {
  if (value === 0 || value === -1) return true
  const digits = String(Math.abs(value))
  if (/^(9+[5-9]?|8{2,}|7{2,})(\.9+)?$/.test(digits)) return true
  if (value < 0 && /^[1-9]0{2,}$/.test(digits)) return true
  // Smallest and largest of the machine's whole numbers, and the fill value of netCDF.
  return [32_767, 32_768, 65_535, 2_147_483_647, 2_147_483_648].includes(Math.abs(value)) || Math.abs(value) > 9.9e29
}

/** Whether a number could be nothing else but a code, were it only far enough away. */
function isPlainCode(value: number): boolean {
  return Math.abs(value) >= 99
}

/** The codes at one edge of a column; empty where the values go on from the edge as they do everywhere. */
export function codesAt(edge: Edge): Counted[] {
  const { values } = edge
  const first = values.findIndex(({ value }) => !isCode(value))
  const most = first < 0 ? values.length - 1 : first
  // A 0 may be the first of the values or the last of the codes: the codes go as far as they are far.
  const taken = Array.from({ length: Math.max(most, 0) }, (_, index) => most - index).find((count) =>
    endsFar(values.slice(0, count), values.slice(count), edge)
  )
  return values.slice(0, taken ?? 0)
}

/** Whether codes from the edge inwards are far from the values that follow, seen by how these lie to one another. */
function endsFar(codes: readonly Counted[], others: readonly Counted[], { distinct, range, middle }: Edge): boolean {
  const last = codes.at(-1)
  const [next] = others
  if (!last || !next) return false
  const gap = Math.abs(next.value - last.value)
  const spacing = range / Math.max(distinct - 1, 1)
  const usual = Math.max(...others.map(({ count }) => count))
  const isSpike = last.count >= 5 && last.count >= 3 * usual
  const isOften = codes.some(({ count }) => count > 1)
  const isFar = gap >= 0.5 * middle && gap > 3 * spacing && gap >= 0.25 * range
  if (last.value === 0) {
    const isApart = isFar || (isSpike && gap >= 3 * spacing && gap >= 0.5 * middle)
    return distinct >= 8 && isOften && isApart
  }
  if (last.value === -1) return distinct >= 8 && next.value >= 0 && ((isFar && isOften) || isSpike)
  if (distinct < 4) return isOften && gap >= 3 * Math.max(range, 1)
  if (!isOften) return isPlainCode(last.value) && gap >= 2 * range
  return isFar || (isSpike && gap > 3 * spacing)
}

/** Looks for such numbers in columns of numbers of a stored table. */
export async function findStandIns(
  session: Session,
  file: string,
  columns: readonly NumberFigures[]
): Promise<StandIn[]> {
  const candidates = columns.filter((column) => column.distinct > 2 && edgesOf(column).length > 0)
  if (candidates.length > mostColumns) return []
  const found: StandIn[] = []
  for (const column of candidates) {
    const edges = await readEdges(session, file, column.name)
    for (const side of edgesOf(column)) {
      found.push(...codesAt(edges[side]).map((code) => ({ column: column.name, ...code })))
    }
  }
  return found
}

/** The edges at which a code stands; 0 is the edge of most counts and shares, so only where most values are far from it. */
function edgesOf({ minimum, maximum, median, deviation }: NumberFigures): ('low' | 'high')[] {
  const couldBe = (edge: number) => isCode(edge) && (edge !== 0 || Math.abs(median) >= deviation)
  return [...(couldBe(minimum) ? ['low' as const] : []), ...(couldBe(maximum) ? ['high' as const] : [])]
}

async function readEdges(session: Session, file: string, column: string): Promise<Record<'low' | 'high', Edge>> {
  const counted =
    `SELECT CAST(${sql.name(column)} AS DOUBLE) AS x, count(*) AS n FROM ${sql.storedRows(file)} ` +
    `WHERE ${sql.name(column)} IS NOT NULL GROUP BY 1`
  const edges = await session.row(
    `SELECT min(x, ${edgeValues}), arg_min(n, x, ${edgeValues}), max(x, ${edgeValues}), arg_max(n, x, ${edgeValues}) FROM (${counted})`
  )
  const [lows = [], lowCounts = [], highs = [], highCounts = []] = edges.map(listOf)
  const codes = [...new Set([...lows, ...highs])].filter(isCode)
  const [distinct, range, middle] = await session.row(
    `SELECT count(x), coalesce(max(x) - min(x), 0), coalesce(quantile_cont(x, 0.75) - quantile_cont(x, 0.25), 0) ` +
      `FROM (${counted}) WHERE NOT list_contains([${codes.join(', ')}]::DOUBLE[], x)`
  )
  const rest = { distinct: Number(distinct), range: Number(range), middle: Number(middle) }
  const zip = (values: readonly number[], counts: readonly number[]) =>
    values.map((value, index) => ({ value, count: counts[index] ?? 0 }))
  return { low: { values: zip(lows, lowCounts), ...rest }, high: { values: zip(highs, highCounts), ...rest } }
}

function listOf(value: Value): number[] {
  const list = value as DuckDBListValue | null
  return list === null ? [] : list.items.map(Number)
}

/** Doubts for a person: one for each number, with all columns in which it stands so, and taking it out as the other way. */
export function standInDoubts(found: readonly StandIn[], reading: TableReading | null): Doubt[] {
  const values = [...new Set(found.map(({ value }) => value))]
  return values.map((value) => {
    const own = found.filter((standIn) => standIn.value === value)
    const count = own.reduce((sum, standIn) => sum + standIn.count, 0)
    const text = String(value)
    return {
      column: own.length === 1 ? (own[0]?.column ?? null) : null,
      why: sentenceOn(text, own, count),
      taken: 'a number',
      other: 'missing',
      count,
      options: { columns: own.map(({ column }) => ({ column, missing: [...missingIn(reading, column), text] })) }
    }
  })
}

function sentenceOn(text: string, own: readonly StandIn[], count: number): string {
  const [first] = own
  if (own.length === 1 && first) {
    const are = count === 1 ? 'One value is' : `${formatCount(count)} values are`
    return `Column "${first.column}": ${are} ${text}, far from all others; it may stand for a missing value.`
  }
  const some = own.slice(0, named).map(({ column, count: times }) => `"${column}" (${formatCount(times)})`)
  const more = own.length > named ? ` and ${formatCount(own.length - named)} more` : ''
  return (
    `${text} stands far from all other values of ${formatCount(own.length)} columns, ${formatCount(count)} times in all: ` +
    `${some.join(', ')}${more}. It may stand for a missing value.`
  )
}

/** What is missing in a column by a choice of before, which stays. */
function missingIn(reading: TableReading | null, column: string): readonly string[] {
  return reading?.options.columns?.find((entry) => entry.column === column)?.missing ?? []
}

/** What is said of a column by itself. */
export function standInNote(found: readonly StandIn[], column: string): string | null {
  const own = found.filter((standIn) => standIn.column === column)
  if (own.length === 0) return null
  const listed = own.map(({ value, count }) => `${value} (${formatCount(count)} times)`).join(', ')
  return `May stand for a missing value: ${listed}.`
}
