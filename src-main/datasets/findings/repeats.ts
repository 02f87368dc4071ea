/** Points out rows that stand in two parts: equal ones, of which a later part has what an earlier one has already. */
import type { ExperimentSettings, Finding } from '#contract/experiments.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { joiningRows } from '#lab/datasets/findings/mends.ts'
import { sameRows } from '#lab/datasets/same-rows.ts'
import type { SplitRows } from '#lab/datasets/split.ts'
import { formatCount } from '#words/numbers.ts'

const mostExamples = 3

const advice: Record<ExperimentSettings['split']['kind'], string> = {
  fractions: 'Keep identical rows in one part.',
  groups: 'They are of several groups, so only the table itself can be mended.',
  order: 'They come again with time, so only the table itself can be mended.',
  column: 'The parts come from a column, so only the table itself can be mended.'
}

/** Rows of a later part that stand in an earlier one as well, input for input and with the same target. */
export async function findRepeats(
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
  const share = Number(((100 * repeats.length) / later).toPrecision(2))
  const shown = examples.map(({ row, twin }) => `row ${row} as row ${twin}`).join(', ')
  return [
    {
      kind: 'repeats',
      columns: [],
      message:
        `${formatCount(repeats.length)} of ${formatCount(later)} rows for validation and test (${share} %) ` +
        `stand in an earlier part as well: ${shown}${repeats.length > examples.length ? ', ...' : ''}. Those are remembered, not predicted. ${advice[split.kind]}`,
      examples,
      mend: split.kind === 'fractions' ? joiningRows(split) : null
    }
  ]
}
