/**
 * Points out columns of 0 and 1 that are the target spread over several: its siblings, which say by themselves that it is
 * not so, or one for each of its classes.
 */
import type { Column } from '#contract/datasets.ts'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { columnTypes } from '#lab/datasets/column-values.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { ignoring } from '#lab/datasets/findings/mends.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import * as sql from '#lab/datasets/sql.ts'

/** Columns looked at in one query. */
const columnsAtOnce = 200
/** Fewer rows of a 1 may fall together by chance. */
const fewestRows = 5
const mostShown = 6

/** Looks for the siblings of a target of 0 and 1, or for the columns of its classes. */
export async function findOneHot(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  inputs: readonly Column[],
  target: Column
): Promise<Finding[]> {
  const types = await columnTypes(session, file)
  const rows = sql.storedRows(file)
  const binary = inputs.filter(isBinary)
  const is = ({ name }: Column) => truth(name, types.get(name) ?? '')
  if (binary.length === 0) return []
  if (isBinary(target)) return findSiblings(session, rows, settings, binary, target, is)
  return settings.task === 'classification' ? findClassColumns(session, rows, settings, binary, target, is) : []
}

/** Two values, of which one says yes. */
function isBinary({ distinct, integer, summary, examples, type }: Column): boolean {
  if (distinct !== 2) return false
  if (type === 'numeric') return integer && summary?.minimum === 0 && summary.maximum === 1
  return examples.every((value) => /^(true|false|yes|no|y|n|t|f)$/i.test(value))
}

/** SQL of whether the value says yes; null where it is missing. */
function truth(name: string, type: string): string {
  return type === 'VARCHAR' ? `lower(${sql.name(name)}) IN ('true', 'yes', 'y', 't')` : `${sql.name(name)} = 1`
}

type Truth = (column: Column) => string

async function findSiblings(
  session: Session,
  rows: string,
  settings: ExperimentSettings,
  binary: readonly Column[],
  target: Column,
  is: Truth
): Promise<Finding[]> {
  const exclusive: Column[] = []
  for (const piece of cutIntoPieces(binary, columnsAtOnce)) {
    const asked = piece.map(
      (column) =>
        `count(CASE WHEN ${is(column)} THEN 1 END) >= ${fewestRows} AND count(CASE WHEN ${is(column)} AND ${is(target)} THEN 1 END) = 0`
    )
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${rows}`)
    exclusive.push(...piece.filter((_, index) => answers[index] === true))
  }
  const named = exclusive.filter(({ name }) => sharesStart(name, target.name))
  for (const candidates of [named, exclusive]) {
    if (candidates.length === 0 || candidates.length > columnsAtOnce) continue
    const count = [target, ...candidates].map((column) => `CAST(coalesce(${is(column)}, false) AS INTEGER)`).join(' + ')
    const [least, most] = (await session.row(`SELECT min(${count}), max(${count}) FROM ${rows}`)).map(Number)
    // Names alike and never 1 together, or exactly one of all in every row.
    if (most !== 1 || (candidates !== named && least !== 1)) continue
    const names = candidates.map(({ name }) => name)
    const how =
      least === 1 ? 'in every row exactly one of them and the target is 1' : 'they are never 1 where the target is'
    return [
      {
        kind: 'one_hot',
        columns: names,
        message:
          `${listed(names)} and "${target.name}" look like one category spread over columns: ${how}. ` +
          'So they tell the target, or half of it. Leave them out.',
        examples: [],
        mend: ignoring(settings, names)
      }
    ]
  }
  return []
}

/** `is_red` and `is_blue`, `colour.red` and `colour.blue`; a sign, or a capital, ends what they share. */
function sharesStart(a: string, b: string): boolean {
  const start = (name: string) => /^(.+?)(?:[\s_.:=-]+|(?<=[a-z])(?=[A-Z]))/.exec(name)?.[1]?.toLowerCase()
  const own = start(a)
  return own !== undefined && own === start(b)
}

async function findClassColumns(
  session: Session,
  rows: string,
  settings: ExperimentSettings,
  binary: readonly Column[],
  target: Column,
  is: Truth
): Promise<Finding[]> {
  const name = sql.name(target.name)
  const counted = await session.rows(
    `SELECT CAST(${name} AS VARCHAR), count(*) FROM ${rows} WHERE ${name} IS NOT NULL GROUP BY ALL`
  )
  const sizes = new Map(counted.map(([level, count]) => [String(level), Number(count)]))
  const told: { column: string; level: string }[] = []
  for (const piece of cutIntoPieces(binary, columnsAtOnce)) {
    const asked = piece.flatMap((column) => {
      const own = `CASE WHEN ${is(column)} THEN ${name} END`
      return [`count(${own})`, `CAST(min(${own}) AS VARCHAR)`, `CAST(max(${own}) AS VARCHAR)`]
    })
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${rows}`)
    piece.forEach((column, index) => {
      const [count, first, last] = answers.slice(3 * index, 3 * index + 3)
      const isClass = first !== null && first === last && Number(count) >= fewestRows
      if (isClass && sizes.get(String(first)) === Number(count))
        told.push({ column: column.name, level: String(first) })
    })
  }
  if (told.length === 0) return []
  const names = told.map(({ column }) => column)
  const [first] = told
  return [
    {
      kind: 'one_hot',
      columns: names,
      message:
        `${listed(names)} ${names.length === 1 ? 'is a class' : 'are classes'} of "${target.name}" in ${names.length === 1 ? 'a column' : 'columns'} ` +
        `of ${names.length === 1 ? 'its' : 'their'} own: "${first?.column}" is 1 just where "${target.name}" is "${first?.level}". ` +
        `Leave ${names.length === 1 ? 'it' : 'them'} out.`,
      examples: [],
      mend: ignoring(settings, names)
    }
  ]
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).map((name) => `"${name}"`)
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
