/**
 * Points out inputs that tell the part: what they are in validation and test was never seen in training, so that the
 * network can only guess there. Rows drawn at random have no such columns.
 */
import type { Column } from '#contract/datasets.ts'
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import { columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { ignoring } from '#lab/datasets/findings/mends.ts'
import { sampleOf } from '#lab/datasets/findings/seen-rows.ts'
import { isPixel } from '#lab/datasets/image.ts'
import { cutIntoPieces } from '#lab/datasets/pieces.ts'

/** Columns looked at in one query. */
const columnsAtOnce = 40
/** Rows of each side, less than which say nothing of it. */
const fewestRows = 20
/** The chance that a later row has the larger value (or the smaller one), from which a number tells the part. */
const nearlySure = 0.98
/** Rows of each value, in the mean, less than which new ones are no wonder. */
const fewestRowsPerLevel = 3

export async function findPartTellers(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  inputs: readonly Column[]
): Promise<Finding[]> {
  const { split } = settings
  if (split.kind === 'fractions') return []
  const types = await columnTypes(session, file)
  const treated = new Map(settings.columns.map(({ name, treatAs }) => [name, treatAs]))
  const candidates = inputs.filter(({ name, distinct }) => distinct > 1 && !isPixel(name))
  const told: string[] = []
  for (const piece of cutIntoPieces(candidates, columnsAtOnce)) {
    const values = piece.map(({ name }, index) => {
      const kind = treated.get(name) === 'numeric' ? 'numeric' : 'categorical'
      return `${valueExpression(name, kind, types.get(name) ?? '')} AS x${index}`
    })
    await session.rows(
      `CREATE OR REPLACE TEMP TABLE looked AS SELECT ${values.join(', ')}, parted.part > 0 AS later ` +
        `FROM ${sampleOf(file)} JOIN parted ON file_row_number = parted.row`
    )
    const asked = piece.map(({ name }, index) =>
      treated.get(name) === 'numeric' ? isShifted(`x${index}`) : isDisjoint(`x${index}`)
    )
    const answers = await session.row(`SELECT ${asked.join(', ')}`)
    told.push(...piece.filter((_, index) => answers[index] === true).map(({ name }) => name))
  }
  return told.map((name) => ({
    kind: 'tells_part',
    columns: [name],
    message:
      treated.get(name) === 'numeric'
        ? `"${name}" tells the part: nearly all its values for validation and test lie beyond those of training, where a network can only guess. Leave it out.`
        : `"${name}" tells the part: none of its values for validation and test occurs in training, so nothing can be learned from it for them. Leave it out.`,
    examples: [],
    mend: ignoring(settings, [name])
  }))
}

/** SQL of whether later rows have nearly all the larger values, or the smaller ones. Source: Mann & Whitney 1947 (U). */
function isShifted(x: string): string {
  const ranked =
    `(SELECT later, rank() OVER (ORDER BY ${x}) + (count(*) OVER (PARTITION BY ${x}) - 1) / 2 AS place ` +
    `FROM looked WHERE ${x} IS NOT NULL)`
  const counts = 'count(*) FILTER (later) AS n, count(*) FILTER (NOT later) AS m, sum(place) FILTER (later) AS places'
  return (
    `(SELECT n >= ${fewestRows} AND m >= ${fewestRows} AND ` +
    `abs((places - n * (n + 1) / 2) / (n * m) - 0.5) >= ${nearlySure - 0.5} FROM (SELECT ${counts} FROM ${ranked}))`
  )
}

/** SQL of whether no value of later rows occurs in training, though values repeat. */
function isDisjoint(x: string): string {
  const levels =
    `(SELECT count(*) FILTER (later) AS after, count(*) FILTER (NOT later) AS before FROM looked ` +
    `WHERE ${x} IS NOT NULL GROUP BY ${x})`
  return (
    `(SELECT sum(after) >= ${fewestRows} AND sum(before) >= ${fewestRows} AND ` +
    `sum(after + before) >= ${fewestRowsPerLevel} * count(*) AND NOT bool_or(after > 0 AND before > 0) FROM ${levels})`
  )
}
