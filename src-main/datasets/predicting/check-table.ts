/** Looks at a table before it is predicted: what is absent, unused, never seen in training, or outside its range. */
import type { CheckedTable, ColumnRemark } from '#contract/predictions.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { stepsOf } from '#lab/datasets/preparation-steps.ts'
import { wantedOf } from '#lab/datasets/column-values.ts'
import { encodeTargets } from '#lab/datasets/encode.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { type MatchedColumn, matchColumns, readNewRows } from '#lab/datasets/predicting/new-columns.ts'
import type { TrainingRange } from '#lab/datasets/predicting/training-ranges.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, DuckDb, Value } from '#lab/datasets/duckdb.ts'

export interface TableCheck extends Pick<CheckedTable, 'rows' | 'absent' | 'unused' | 'remarks'> {
  /** Encoded, one a row, NaN where it is missing or no known class; null where the file has no such column. */
  readonly targets: Float32Array | null
}

/** Columns looked at in one pass. */
const columnsPerPass = 256
/** Values named of a column that holds others than training did. */
const namedValues = 5

/** Checks the columns of a stored table against a fitted preparation. Errors: `cancelled` by the signal. */
export function checkTable(
  duckDb: DuckDb,
  file: string,
  fitted: FittedPreparation,
  ranges: ReadonlyMap<string, TrainingRange>,
  signal: AbortSignal | undefined
): Promise<TableCheck> {
  return duckDb.use(signal, async (session) => {
    const wanted = fitted.columns.map(wantedOf)
    const targetKind = fitted.classes === null ? (fitted.targetReads ?? 'numeric') : 'categorical'
    const matched = await matchColumns(session, file, [...wanted, { column: fitted.target, kind: targetKind }])
    const inputs = matched.columns.slice(0, -1)
    const target = matched.columns.at(-1)
    const [rows] = await session.row(`SELECT count(*) FROM ${sql.storedRows(file)}`)
    const levels = new Map(
      fitted.columns.flatMap((encoding) => {
        const steps = stepsOf(encoding)
        return steps.reads === 'text'
          ? [[steps.column, [...steps.levels, ...steps.aliases.map(([other]) => other)]]]
          : []
      })
    )
    const present = inputs.filter(({ found }) => found !== null)
    return {
      rows: Number(rows),
      absent: inputs.filter(({ found }) => found === null).map(({ column }) => column),
      unused: [...matched.others],
      remarks: [
        ...(await unreadable(session, file, present)),
        ...(await unseen(session, file, present, levels)),
        ...(await outside(session, file, present, ranges))
      ],
      targets: target?.found ? await readTargets(session, file, target, fitted, Number(rows)) : null
    }
  })
}

async function readTargets(
  session: Session,
  file: string,
  target: MatchedColumn,
  fitted: FittedPreparation,
  rows: number
): Promise<Float32Array> {
  const targets = new Float32Array(rows)
  const pause = createPause()
  let at = 0
  for await (const piece of readNewRows(session, file, [target])) {
    targets.set(encodeTargets(fitted, piece.column(0)), at)
    at += piece.rows
    await pause()
  }
  return targets
}

async function unreadable(session: Session, file: string, columns: readonly MatchedColumn[]): Promise<ColumnRemark[]> {
  const texts = columns.filter((column) => column.unreadable !== null)
  const found = await askInPasses(session, file, texts, ({ unreadable: is, found: name }) => [
    `count(CASE WHEN ${is} THEN 1 END)`,
    `any_value(CASE WHEN ${is} THEN ${sql.name(name ?? '')} END)`
  ])
  return texts.flatMap(({ column }, index) => {
    const [rows, example] = found[index] ?? []
    return Number(rows) > 0
      ? [{ kind: 'unreadable' as const, column, rows: Number(rows), example: String(example) }]
      : []
  })
}

async function outside(
  session: Session,
  file: string,
  columns: readonly MatchedColumn[],
  ranges: ReadonlyMap<string, TrainingRange>
): Promise<ColumnRemark[]> {
  const numbers = columns.filter(({ kind }) => kind !== 'categorical')
  const found = await askInPasses(session, file, numbers, ({ column, expression }) => {
    const { minimum = 0, maximum = 0 } = ranges.get(column) ?? {}
    return [`count(CASE WHEN ${expression} < ${minimum} OR ${expression} > ${maximum} THEN 1 END)`]
  })
  return numbers.flatMap(({ column }, index) => {
    const rows = Number(found[index]?.[0] ?? 0)
    const { minimum = 0, maximum = 0 } = ranges.get(column) ?? {}
    return rows > 0 ? [{ kind: 'outside' as const, column, rows, minimum, maximum }] : []
  })
}

/** Levels that no training row had, or that share the input of the rare ones. */
async function unseen(
  session: Session,
  file: string,
  columns: readonly MatchedColumn[],
  levels: ReadonlyMap<string, readonly string[]>
): Promise<ColumnRemark[]> {
  const remarks: ColumnRemark[] = []
  for (const { column, kind, expression, level } of columns) {
    if (kind !== 'categorical') continue
    const known = `[${(levels.get(column) ?? []).map(sql.text).join(', ')}]`
    const counted =
      `SELECT ${level} AS level, count(*) AS rows FROM ${sql.storedRows(file)} ` +
      `WHERE ${expression} IS NOT NULL AND NOT list_contains(CAST(${known} AS VARCHAR[]), ${level}) GROUP BY ALL`
    const [rows, distinct] = await session.row(`SELECT coalesce(sum(rows), 0)::BIGINT, count(*) FROM (${counted})`)
    if (Number(rows) === 0) continue
    const values = await session.rows(`SELECT level FROM (${counted}) ORDER BY rows DESC, level LIMIT ${namedValues}`)
    remarks.push({
      kind: 'unseen',
      column,
      rows: Number(rows),
      distinct: Number(distinct),
      values: values.map(([value]) => String(value))
    })
  }
  return remarks
}

/** Asks aggregates of many columns, some hundred at a time; gives the answers of each column. */
async function askInPasses(
  session: Session,
  file: string,
  columns: readonly MatchedColumn[],
  ask: (column: MatchedColumn) => string[]
): Promise<Value[][]> {
  const answers: Value[][] = []
  for (const pass of cutIntoPieces(columns, columnsPerPass)) {
    const asked = pass.map(ask)
    const row = await session.row(`SELECT ${asked.flat().join(', ')} FROM ${sql.storedRows(file)}`)
    let at = 0
    for (const { length } of asked) answers.push(row.slice(at, (at += length)))
  }
  return answers
}
