/** The mends that findings offer, each a change of the settings with its words for a button and for a terminal. */
import type { ColumnSetting, ExperimentSettings, Mend, Split } from '#contract/experiments.ts'

/** Leaves columns out. */
export function ignoring({ columns }: ExperimentSettings, names: readonly string[]): Mend {
  return {
    label: names.length === 1 ? 'Leave this column out' : 'Leave these columns out',
    option: names.map((name) => `--ignore ${quoted(name)}`).join(' '),
    columns: columns.filter(({ name }) => names.includes(name)).map((column) => ({ ...column, role: 'ignored' })),
    split: null
  }
}

/** Keeps rows with the same value of a column in one part. */
export function groupingBy({ columns, split, task }: ExperimentSettings, name: string): Mend {
  return {
    label: `Keep each ${name} in one part`,
    option: `--group-by ${quoted(name)}`,
    columns: withRole(columns, 'group', name),
    split: { kind: 'groups', column: name, ...sharesOf(split), stratified: task === 'classification' }
  }
}

/** Parts the rows in the order of a column, or as they stand in the table. */
export function orderingBy({ columns, split }: ExperimentSettings, name: string | null): Mend {
  return {
    label: name === null ? 'Part the rows in their order' : `Part the rows in the order of ${name}`,
    option: name === null ? '--in-order' : `--order-by ${quoted(name)}`,
    columns: withRole(columns, null, null),
    split: { kind: 'order', column: name, ...sharesOf(split), stratified: false }
  }
}

/** Keeps identical rows in one part. */
export function joiningRows(split: Extract<Split, { kind: 'fractions' }>): Mend {
  return {
    label: 'Keep identical rows in one part',
    option: '--together',
    columns: [],
    split: { ...split, together: true }
  }
}

/** Takes other spellings of the levels of a column for the most frequent ones. */
export function joiningSpellings(setting: ColumnSetting, aliases: Readonly<Record<string, string>>): Mend {
  const before = Object.entries(setting.aliases ?? {}).map(([other, kept]) => [other, aliases[kept] ?? kept] as const)
  return {
    label: 'Join these spellings',
    option: '--join-spellings',
    columns: [{ ...setting, aliases: { ...Object.fromEntries(before), ...aliases } }],
    split: null
  }
}

/** Gives one column the role that parts the rows; those that had such a role before are left out. */
function withRole(
  columns: readonly ColumnSetting[],
  role: 'group' | null,
  name: string | null
): ExperimentSettings['columns'] {
  return columns.flatMap((column): ColumnSetting[] => {
    if (role && column.name === name) return [{ ...column, role }]
    return column.role === 'group' || column.role === 'part' ? [{ ...column, role: 'ignored' }] : []
  })
}

function sharesOf(split: Split): { train: number; validation: number; test: number; seed: number } {
  const { seed } = split
  if (split.kind === 'column') return { train: 60, validation: 20, test: 20, seed }
  const { train, validation, test } = split
  return { train, validation, test, seed }
}

/** A name for a command line, in quotes where it needs them. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name.replaceAll('"', '\\"')}"`
}
