/** Points out levels and classes that are written in several ways, each of which would be learned as one of its own. */
import type { Column } from '#contract/datasets.ts'
import type { ColumnSetting, ExperimentSettings, Finding } from '#contract/experiments.ts'
import { columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import { joiningSpellings } from '#lab/datasets/findings/mends.ts'
import { difference, findSpellings, type Spellings } from '#lab/datasets/spellings.ts'
import * as sql from '#lab/datasets/sql.ts'

/** A column of more levels has no classes, and a hundred spellings are no oversight. */
const mostLevels = 5000
const mostShown = 3

/** Looks at the target, where it is a class, and at inputs that are categories. */
export async function findSpelledTwice(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  columns: ReadonlyMap<string, Column>
): Promise<Finding[]> {
  const types = await columnTypes(session, file)
  const findings: Finding[] = []
  for (const setting of settings.columns) {
    const column = columns.get(setting.name)
    const isLevels =
      setting.role === 'target'
        ? settings.task === 'classification'
        : setting.role === 'input' && setting.treatAs !== 'numeric'
    if (!column || !isLevels || types.get(setting.name) !== 'VARCHAR' || column.distinct > mostLevels) continue
    const level = valueExpression(setting.name, 'categorical', 'VARCHAR', setting.aliases)
    const rows = await session.rows(
      `SELECT ${level}, count(*) FROM ${sql.storedRows(file)} WHERE ${level} IS NOT NULL GROUP BY ALL`
    )
    const spellings = findSpellings(rows.map(([name, count]) => [String(name), Number(count)] as const))
    if (spellings.length > 0) findings.push(describe(setting, spellings))
  }
  return findings
}

function describe(setting: ColumnSetting, spellings: readonly Spellings[]): Finding {
  const { name, role } = setting
  const shown = spellings
    .slice(0, mostShown)
    .map(({ kept, others }) => `${told(kept)} also as ${others.slice(0, mostShown).map(told).join(', ')}`)
  const more = spellings.length > shown.length ? `, and ${spellings.length - shown.length} more` : ''
  const differences = new Set(spellings.flatMap(({ kept, others }) => others.map((other) => difference(kept, other))))
  const what = role === 'target' ? 'class' : 'level'
  const aliases = Object.fromEntries(spellings.flatMap(({ kept, others }) => others.map((other) => [other, kept])))
  return {
    kind: 'spellings',
    columns: [name],
    message:
      `"${name}" writes the same ${what} in several ways: ${shown.join('; ')}${more}. They differ in ` +
      `${[...differences].join(', ')} only, and each would be learned as a ${what} of its own. Join them.`,
    examples: [],
    mend: joiningSpellings(setting, aliases)
  }
}

/** A level in quotes, with signs that are not seen written out. */
function told(level: string): string {
  const composed = level.normalize('NFC')
  const marked = composed === level ? level : `${composed} (in ${[...level].length} signs)`
  return `"${marked.replaceAll(/[\u00a0\u00ad\u200b-\u200f\u2060\ufeff]/g, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)}"`
}
