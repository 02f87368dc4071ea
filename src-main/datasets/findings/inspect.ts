/**
 * What to look at before a question is put to a table: rows that belong together in several parts, columns that tell the
 * target or the part, name rows, or say nothing, and classes written in several ways. Pointed out with the mend, never
 * mended unasked.
 */
import type { Column, Dataset } from '#contract/datasets.ts'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { aliasesOf, columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import type { Session, DuckDb } from '#lab/datasets/duckdb.ts'
import { findCopies } from '#lab/datasets/findings/copies.ts'
import { ignoring } from '#lab/datasets/findings/mends.ts'
import { findOneHot } from '#lab/datasets/findings/one-hot.ts'
import { findPartTellers } from '#lab/datasets/findings/part-tellers.ts'
import { findRepeats } from '#lab/datasets/findings/repeats.ts'
import { findSpelledTwice } from '#lab/datasets/findings/spellings.ts'
import { createParted } from '#lab/datasets/findings/seen-rows.ts'
import { findTornApart } from '#lab/datasets/findings/torn-apart.ts'
import { isPixel } from '#lab/datasets/image.ts'
import { type SplitRows, splitRows } from '#lab/datasets/split.ts'
import * as sql from '#lab/datasets/sql.ts'
import { listSome } from '#words/lists.ts'
import { formatNumbered } from '#words/numbers.ts'

const mostExamples = 3

/**
 * Inspects a question.
 * Errors: `cancelled` by the signal; as splitRows() for a split that can't be made.
 */
export async function inspectQuestion(
  duckDb: DuckDb,
  file: string,
  dataset: Dataset,
  settings: ExperimentSettings,
  signal?: AbortSignal
): Promise<Finding[]> {
  const columns = new Map(dataset.columns.map((column) => [column.name, column]))
  const inputs = settings.columns.flatMap(({ name, role }) => (role === 'input' ? (columns.get(name) ?? []) : []))
  const target = columns.get(settings.target)
  const parts = await splitRows(duckDb, file, settings)
  return duckDb.use(signal, async (session) => {
    await createParted(session, parts)
    const told = target
      ? [
          ...(await findCopies(session, file, settings, inputs, target)),
          ...(await findOneHot(session, file, settings, inputs, target))
        ]
      : []
    const telling = new Set(told.flatMap((finding) => finding.columns))
    const others = inputs.filter(({ name }) => !telling.has(name))
    return [
      ...(await findTornApart(session, file, settings, dataset)),
      ...told,
      ...(await findSpelledTwice(session, file, settings, columns)),
      ...(await findPartTellers(session, file, settings, others)),
      ...findIdentifiers(settings, others),
      ...findConstants(settings, inputs),
      ...(target && settings.task === 'classification' ? await findRareClasses(session, file, settings, parts) : []),
      ...(await findRepeats(session, file, settings, parts))
    ]
  })
}

function findIdentifiers(settings: ExperimentSettings, inputs: readonly Column[]): Finding[] {
  return inputs
    .filter(({ type }) => type === 'identifier')
    .map(({ name }) => ({
      kind: 'identifier',
      columns: [name],
      message: `"${name}" names rows: a network learns them by heart, and new rows have other names. Leave it out.`,
      examples: [],
      mend: ignoring(settings, [name])
    }))
}

function findConstants(settings: ExperimentSettings, inputs: readonly Column[]): Finding[] {
  const columns = inputs.filter(({ name, distinct }) => distinct === 1 && !isPixel(name)).map(({ name }) => name)
  if (columns.length === 0) return []
  const names = columns.map((name) => `"${name}"`).join(', ')
  const message = `All values of ${names} are the same, so ${columns.length === 1 ? 'it tells' : 'they tell'} nothing. Leave ${columns.length === 1 ? 'it' : 'them'} out.`
  return [{ kind: 'constant', columns, message, examples: [], mend: ignoring(settings, columns) }]
}

/** Classes of fewer rows than there are parts: some part has none of them, so its figures say nothing of them. */
async function findRareClasses(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  parts: SplitRows
): Promise<Finding[]> {
  const { target: name } = settings
  const wanted = [parts.train, parts.validation, parts.test].filter((rows) => rows.length > 0).length
  const type = (await columnTypes(session, file)).get(name) ?? ''
  const value = valueExpression(name, 'categorical', type, aliasesOf(settings, name))
  const rare = await session.rows(
    `SELECT CAST(${value} AS VARCHAR) FROM ${sql.storedRows(file)} WHERE ${sql.name(name)} IS NOT NULL ` +
      `GROUP BY 1 HAVING count(*) < ${wanted} ORDER BY 1`
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
