/** Splits whole groups of rows at random: all rows of a patient, a machine or a user come into one part. */
import { Random } from '#engine/random.ts'
import { LabError } from '#contract/errors.ts'
import type { ExperimentSettings, Split } from '#contract/experiments.ts'
import { aliasesOf, columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import { dealGroups } from '#lab/datasets/deal-groups.ts'
import { createPause } from '#lab/datasets/pause.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { isUsable } from '#lab/datasets/usable-rows.ts'

interface FoundGroup {
  readonly members: number[]
  readonly classes: Map<number, number>
}

/**
 * Fills in the part of each row, 1 training, 2 validation, 3 test; rows that can't be used stay 0.
 * Errors: `bad_settings` where there are fewer groups than parts, or so unequal ones that a part gets none.
 */
export async function assignGroups(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  split: Extract<Split, { kind: 'groups' }>,
  assigned: Uint8Array
): Promise<void> {
  const shares = [split.train, split.validation, split.test].map((share) => share / 100)
  const groups = await readGroups(session, file, settings, split)
  const parts = shares.filter((share) => share > 0).length
  const sizes = groups.map(({ members, classes }) => ({ rows: members.length, classes }))
  const dealt = await dealGroups(sizes, shares, new Random(split.seed))
  if (groups.length < parts || new Set(dealt).size < parts) {
    throw new LabError(
      'bad_settings',
      `"${split.column}" has ${groups.length} different ${groups.length === 1 ? 'value' : 'values'} in the rows that can be used, ` +
        `which make no ${parts} parts of whole groups. Split by another column, or at random.`,
      { field: 'split', column: split.column }
    )
  }
  const pause = createPause()
  for (const [index, { members }] of groups.entries()) {
    for (const row of members) assigned[row] = (dealt[index] ?? 0) + 1
    await pause()
  }
}

/** Reads the groups in the order in which they first occur; a row without a value is one by itself. */
async function readGroups(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  { column, stratified }: Extract<Split, { kind: 'groups' }>
): Promise<FoundGroup[]> {
  const { target, task } = settings
  const types = await columnTypes(session, file)
  const level = (name: string) =>
    `CAST(${valueExpression(name, 'categorical', types.get(name) ?? '', aliasesOf(settings, name))} AS VARCHAR)`
  const stratum = task === 'classification' && stratified ? level(target) : "''"
  const query =
    `SELECT CAST(file_row_number AS UINTEGER), ${level(column)}, ${stratum} FROM ${sql.storedRows(file)} ` +
    `WHERE ${isUsable(settings)} ORDER BY file_row_number`
  const groups: FoundGroup[] = []
  const byName = new Map<string, FoundGroup>()
  const classes = new Map<string, number>()
  const pause = createPause()
  for await (const chunk of session.chunks(query)) {
    const [rows, names, strata] = [0, 1, 2].map((index) => chunk.getColumnVector(index))
    for (let index = 0; index < chunk.rowCount; index++) {
      const given = names?.getItem(index) as string | null
      let group = given === null ? undefined : byName.get(given)
      if (!group) {
        group = { members: [], classes: new Map() }
        groups.push(group)
        if (given !== null) byName.set(given, group)
      }
      group.members.push(Number(rows?.getItem(index)))
      const name = String(strata?.getItem(index))
      const known = classes.get(name) ?? classes.size
      classes.set(name, known)
      group.classes.set(known, (group.classes.get(known) ?? 0) + 1)
    }
    await pause()
  }
  return groups
}
