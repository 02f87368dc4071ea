/**
 * Points out rows that belong together and stand in several parts: those of one subject, and those that follow one another
 * in time. Each makes the validation part look better than new rows will.
 */
import type { Dataset } from '#contract/datasets.ts'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { groupingBy, orderingBy } from '#lab/datasets/findings/mends.ts'
import { repeatsLikeSubjects } from '#lab/datasets/group-column.ts'
import * as sql from '#lab/datasets/sql.ts'
import { findTimeColumn } from '#lab/datasets/time-column.ts'
import { formatCount } from '#words/numbers.ts'

/** Steps between neighbours, in the mean, over steps between any two rows, from which neighbours are alike. */
const alike = 0.35
/** Fewer rows make no series. */
const fewestRows = 100

export async function findTornApart(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  dataset: Dataset
): Promise<Finding[]> {
  // Parts that follow one another hold the past and the future of the same subjects, which is what is asked for.
  if (settings.split.kind === 'order') return []
  const torn = await findTornGroups(session, file, settings, dataset)
  if (torn.length > 0 || settings.split.kind !== 'fractions') return torn
  return findSeries(session, file, settings, dataset)
}

async function findTornGroups(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  { columns, rows }: Dataset
): Promise<Finding[]> {
  const types = await columnTypes(session, file)
  const findings: Finding[] = []
  for (const column of columns) {
    const { name } = column
    if (name === settings.target || !repeatsLikeSubjects(column, rows)) continue
    const group = valueExpression(name, 'categorical', types.get(name) ?? '')
    const [all = 0, torn = 0] = (
      await session.row(
        `SELECT count(*), count(*) FILTER (parts > 1) FROM (SELECT count(DISTINCT parted.part) AS parts ` +
          `FROM ${sql.storedRows(file)} JOIN parted ON file_row_number = parted.row WHERE ${group} IS NOT NULL GROUP BY ${group})`
      )
    ).map(Number)
    if (torn === 0) continue
    findings.push({
      kind: 'groups',
      columns: [name],
      message:
        `${formatCount(torn)} of ${formatCount(all)} values of "${name}" have rows in several parts, so that ` +
        'validation and test are judged on what training knows, which flatters. Keep the rows of each in one part.',
      examples: [],
      mend: groupingBy(settings, name)
    })
  }
  return findings
}

async function findSeries(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  dataset: Dataset
): Promise<Finding[]> {
  const time = findTimeColumn(dataset.columns, settings.target)
  if (time) {
    return [
      {
        kind: 'order',
        columns: [time.name],
        message:
          `The rows are in the order of "${time.name}", and drawn at random they are judged by their neighbours in time, ` +
          'which flatters. Part them in their order, so that training lies in the past.',
        examples: [],
        mend: orderingBy(settings, time.name)
      }
    ]
  }
  if (settings.task !== 'regression' || !(await areNeighboursAlike(session, file, settings, dataset))) return []
  return [
    {
      kind: 'order',
      columns: [settings.target],
      message:
        `Rows that follow one another are alike in "${settings.target}", as in a series of measurements. If they are one, ` +
        'part them in their order: drawn at random they are judged by their neighbours, which flatters.',
      examples: [],
      mend: orderingBy(settings, null)
    }
  ]
}

/** Whether the target moves in small steps from row to row, though the table is sorted by nothing that is in it. */
async function areNeighboursAlike(
  session: Session,
  file: string,
  { target, columns: roles }: ExperimentSettings,
  { columns }: Dataset
): Promise<boolean> {
  const types = await columnTypes(session, file)
  const y = valueExpression(target, 'numeric', types.get(target) ?? '')
  const rows = `(SELECT ${y} AS y, file_row_number AS row FROM ${sql.storedRows(file)} WHERE ${y} IS NOT NULL LIMIT 50000)`
  const stepped = `(SELECT y, abs(y - lag(y) OVER (ORDER BY row)) AS step, abs(y - lag(y) OVER (ORDER BY hash(row))) AS jump FROM ${rows})`
  const [count = 0, step = 0, jump = 0] = (
    await session.row(`SELECT count(*), avg(step), avg(jump) FROM ${stepped}`)
  ).map(Number)
  if (count < fewestRows || !(step < alike * jump)) return false
  const inputs = new Set(roles.filter(({ role }) => role === 'input' || role === 'target').map(({ name }) => name))
  const sorted = columns
    .filter(({ name, distinct }) => inputs.has(name) && distinct > 1)
    .map(({ name }) => changesSeldom(sql.name(name)))
  for (let start = 0; start < sorted.length; start += 100) {
    const asked = sorted.slice(start, start + 100)
    const seen = `(SELECT * FROM ${sql.storedRows(file)} LIMIT 50000)`
    const inner = asked.map(({ compared }, index) => `${compared} AS c${index}`)
    const answers = await session.row(
      `SELECT ${asked.map(({ decide }, index) => decide(`c${index}`)).join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${seen})`
    )
    if (answers.includes(true)) return false
  }
  return true
}

/** SQL of whether a column is sorted, or comes in long blocks: then that is why neighbours are alike. */
function changesSeldom(name: string): { compared: string; decide: (step: string) => string } {
  return {
    // -1 where it falls, 0 where it stays, 1 where it rises.
    compared: `CASE WHEN lag(${name}) OVER (ORDER BY file_row_number) > ${name} THEN -1 WHEN lag(${name}) OVER (ORDER BY file_row_number) < ${name} THEN 1 ELSE 0 END`,
    decide: (step) =>
      `min(${step}) = max(${step}) OR min(${step}) >= 0 OR max(${step}) <= 0 OR count(*) FILTER (${step} <> 0) < count(*) / 20`
  }
}
