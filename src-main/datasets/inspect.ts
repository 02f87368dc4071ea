/**
 * What to look at before a question is put to a table: rows that stand in several parts, and columns that tell the
 * target, name rows, or say nothing. Pointed out with the mend, never mended unasked.
 */
import type { Column, Dataset } from '#contract/datasets.ts'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import { isPixel } from '#lab/datasets/image.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'
import { sameRows } from '#lab/datasets/same-rows.ts'
import { type SplitRows, splitRows } from '#lab/datasets/split.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, Tables } from '#lab/datasets/duckdb.ts'
import { listSome } from '#words/lists.ts'
import { formatCount, formatNumbered, formatShare } from '#words/numbers.ts'

/** More rows than these are not needed to see that a column is the target. */
const mostRowsSeen = 50_000
/** Columns looked at in one query. */
const columnsAtOnce = 40
/** Fewer rows a value, and a column fits the classes by chance. */
const fewestRowsPerValue = 5
/** As good as exactly in step; less than 1 for what rounding does to equal values. */
const inStep = 0.9999
const mostExamples = 3

/**
 * Inspects a question.
 * Errors: `cancelled` by the signal; as splitRows() for a split that can't be made.
 */
export async function inspectQuestion(
  tables: Tables,
  file: string,
  dataset: Dataset,
  settings: ExperimentSettings,
  signal?: AbortSignal
): Promise<Finding[]> {
  const columns = new Map(dataset.columns.map((column) => [column.name, column]))
  const inputs = settings.columns.flatMap(({ name, role }) => (role === 'input' ? (columns.get(name) ?? []) : []))
  const target = columns.get(settings.target)
  const parts = await splitRows(tables, file, settings)
  return tables.use(signal, async (session) => {
    const told = target ? await findCopies(session, file, inputs, target, settings) : []
    const copies = new Set(told.flatMap((finding) => finding.columns))
    return [
      ...told,
      ...findIdentifiers(inputs.filter(({ name }) => !copies.has(name))),
      ...findConstants(inputs),
      ...(target && settings.task === 'classification' ? await findRareClasses(session, file, target, parts) : []),
      ...(await findRepeats(session, file, settings, parts))
    ]
  })
}

async function findCopies(
  session: Session,
  file: string,
  inputs: readonly Column[],
  target: Column,
  { task }: ExperimentSettings
): Promise<Finding[]> {
  const types = await columnTypes(session, file)
  const isClass = task === 'classification'
  const values = ({ name }: Column, kind: 'numeric' | 'categorical') =>
    valueExpression(name, kind, types.get(name) ?? '')
  const candidates = inputs.filter(
    (column) => !isPixel(column.name) && (isClass ? mayTellClass(column, target) : mayFollow(column, target))
  )
  const seen = `(SELECT * FROM ${sql.storedRows(file)} USING SAMPLE reservoir(${mostRowsSeen} ROWS) REPEATABLE (1))`
  const copies: string[] = []
  for (const piece of cutIntoPieces(candidates, columnsAtOnce)) {
    const asked = piece.map((column) =>
      isClass
        ? tellsClass(values(column, 'categorical'), values(target, 'categorical'))
        : followsTarget(values(column, 'numeric'), values(target, 'numeric'), seen)
    )
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${isClass ? seen : '(SELECT 1)'}`)
    piece.forEach(({ name }, index) => {
      if (answers[index] === true) copies.push(name)
    })
  }
  return copies.map((name) => ({
    kind: 'target_copy',
    columns: [name],
    message: isClass
      ? `"${name}" tells "${target.name}" by itself: each of its values has one class only. If it is known only with the answer, leave it out.`
      : `"${name}" rises and falls with "${target.name}" row for row: it is the target in another form. Leave it out, if it is known only with the answer.`,
    examples: [],
    mend: 'ignore'
  }))
}

function mayTellClass({ distinct, missing }: Column, target: Column): boolean {
  return distinct >= target.distinct && distinct > 1 && missing === 0
}

/** A strictly monotone form has as many values; rounding may join some. */
function mayFollow({ type, integer, distinct }: Column, target: Column): boolean {
  return (type === 'numeric' || integer) && distinct >= target.distinct / 2 && distinct > 2
}

/** SQL: whether every value has one class, and enough rows stand behind that. */
function tellsClass(x: string, y: string): string {
  return (
    `count(DISTINCT hash(${x}, ${y})) FILTER (${y} IS NOT NULL) = count(DISTINCT ${x}) FILTER (${y} IS NOT NULL) ` +
    `AND count(*) >= ${fewestRowsPerValue} * count(DISTINCT ${x})`
  )
}

/** SQL: whether the ranks of both are in step, up or down. Source: Spearman 1904 (rank correlation). */
function followsTarget(x: string, y: string, seen: string): string {
  const both = `(SELECT ${x} AS x, ${y} AS y FROM ${seen} WHERE ${x} IS NOT NULL AND ${y} IS NOT NULL)`
  const ranks = `(SELECT rank() OVER (ORDER BY x) AS x, rank() OVER (ORDER BY y) AS y FROM ${both})`
  return `(SELECT count(*) > 10 AND abs(corr(x, y)) >= ${inStep} FROM ${ranks})`
}

function findIdentifiers(inputs: readonly Column[]): Finding[] {
  return inputs
    .filter(({ type }) => type === 'identifier')
    .map(({ name }) => ({
      kind: 'identifier',
      columns: [name],
      message: `"${name}" names rows: a network learns them by heart, and new rows have other names. Leave it out.`,
      examples: [],
      mend: 'ignore'
    }))
}

function findConstants(inputs: readonly Column[]): Finding[] {
  const columns = inputs.filter(({ name, distinct }) => distinct === 1 && !isPixel(name)).map(({ name }) => name)
  if (columns.length === 0) return []
  const names = columns.map((name) => `"${name}"`).join(', ')
  const message = `All values of ${names} are the same, so ${columns.length === 1 ? 'it tells' : 'they tell'} nothing. Leave ${columns.length === 1 ? 'it' : 'them'} out.`
  return [{ kind: 'constant', columns, message, examples: [], mend: 'ignore' }]
}

/** Classes of fewer rows than there are parts: some part has none of them, so its figures say nothing of them. */
async function findRareClasses(session: Session, file: string, { name }: Column, parts: SplitRows): Promise<Finding[]> {
  const wanted = [parts.train, parts.validation, parts.test].filter((rows) => rows.length > 0).length
  const type = (await columnTypes(session, file)).get(name) ?? ''
  const value = valueExpression(name, 'categorical', type)
  const rare = await session.rows(
    `SELECT CAST(${value} AS VARCHAR) AS level FROM ${sql.storedRows(file)} WHERE ${sql.name(name)} IS NOT NULL ` +
      `GROUP BY level HAVING count(*) < ${wanted} ORDER BY level`
  )
  if (rare.length === 0) return []
  const listed = listSome(
    rare.map(([level]) => `"${String(level)}"`),
    mostExamples + 1
  )
  const isOne = rare.length === 1
  const message =
    `${formatNumbered(rare.length, 'class', 'classes')} of "${name}" ${isOne ? 'has' : 'have'} fewer rows ` +
    `than there are parts (${listed}), so some part has none of ${isOne ? 'it' : 'them'}. Join rare classes in the table, ` +
    'or leave their rows out.'
  return [{ kind: 'rare_classes', columns: [name], message, examples: [], mend: null }]
}

/** Rows of a later part that stand in an earlier one as well, input for input and with the same target. */
async function findRepeats(
  session: Session,
  file: string,
  { columns, split }: ExperimentSettings,
  { train, validation, test }: SplitRows
): Promise<Finding[]> {
  const compared = columns.filter(({ role }) => role === 'input' || role === 'target').map(({ name }) => name)
  const same = await sameRows(session, file, compared)
  const partOf = new Map([train, validation, test].flatMap((rows, part) => Array.from(rows, (row) => [row, part])))
  /** The earliest part of each group, and its first row there. */
  const earliest = new Map<number, { part: number; row: number }>()
  for (const { row, first } of same) {
    const part = partOf.get(row)
    const known = earliest.get(first)
    if (part !== undefined && (!known || part < known.part)) earliest.set(first, { part, row })
  }
  const repeats = same.flatMap(({ row, first }) => {
    const before = earliest.get(first)
    return before && (partOf.get(row) ?? 0) > before.part ? [{ row: row + 1, twin: before.row + 1 }] : []
  })
  const later = validation.length + test.length
  if (repeats.length === 0) return []
  const examples = repeats.slice(0, mostExamples)
  const share = formatShare(repeats.length / later)
  const shown = examples.map(({ row, twin }) => `row ${row} as row ${twin}`).join(', ')
  const advice =
    split.kind === 'fractions'
      ? 'Keep identical rows in one part.'
      : 'The parts come from a column, so only the table itself can be mended.'
  return [
    {
      kind: 'repeats',
      columns: [],
      message:
        `${formatCount(repeats.length)} of ${formatCount(later)} rows for validation and test (${share}) ` +
        `stand in an earlier part as well: ${shown}${repeats.length > examples.length ? ', ...' : ''}. Those are remembered, not predicted. ${advice}`,
      examples,
      mend: split.kind === 'fractions' ? 'together' : null
    }
  ]
}
