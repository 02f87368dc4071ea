/** Aligned tables for people. */

export interface TableColumn<Row> {
  readonly title: string
  readonly text: (row: Row) => string
  /** Numbers stand right. */
  readonly right?: boolean
}

/** Lays rows out in columns two spaces apart, with a head; no line ends in spaces. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  const texts = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))]
  const widths = columns.map((_, index) => Math.max(...texts.map((line) => line[index]?.length ?? 0)))
  const pad = (text: string, index: number) =>
    columns[index]?.right ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
  return texts.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}

/** Lays out names and their values, one a line. */
export function formatFacts(facts: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = facts.filter((fact): fact is readonly [string, string] => fact[1] !== null)
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}
