/**
 * Tables whose rows are variables and whose columns are cases, as expression matrices and many reports have them. They are
 * read as they stand, and the doubt is told: a network would take each variable for a case.
 */
import type { Doubt } from '#contract/reading.ts'
import type { Figures } from '#lab/datasets/profile/figures.ts'
import type { Session } from '#lab/datasets/duckdb.ts'
import * as sql from '#lab/datasets/sql.ts'
import { formatCount } from '#words/numbers.ts'

/** With fewer columns nothing is told. */
const fewestColumns = 5
/** Rows and columns looked at. */
const mostSeen = 100
/** What people call the first column of such a table. */
const namesOfVariables =
  /^(genes?|gene[_ .-]?(id|name|symbol)s?|probes?([_ .-]?(id|set))?|proteins?|transcripts?|features?|variables?|attributes?|propert(y|ies)|parameters?|peptides?|metabolites?|compounds?|analytes?|otus?|taxa|taxon|snps?|cpgs?|markers?)$/i
/** Names that number or date something: one row a case, one column a time or a wavelength. */
const isPlace =
  /^\W*(\d[\d.,:/ -]*\s?[a-z%]{0,4}|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q[1-4]|day|week|month|year|hour)\b.*)$/i

/** Doubts on a table that looks transposed; none on others. */
export async function transposedDoubts(
  session: Session,
  file: string,
  rows: number,
  figures: readonly Figures[]
): Promise<Doubt[]> {
  const [first, ...others] = figures
  const isNamed = first?.type === 'text' && first.values === rows && first.distinct === rows
  if (!isNamed || rows < 3 || others.length < fewestColumns) return []
  if (others.filter(({ name }) => isPlace.test(name)).length > others.length / 2) return []
  const isCalled = namesOfVariables.test(first.name.trim())
  if (!isCalled && !(await rowsDiffer(session, file, others))) return []
  const why = isCalled
    ? `its first column is called "${first.name}" and names each row once`
    : 'the numbers of a row are alike and those of a column are not, as if each row were a quantity of its own'
  return [
    {
      column: null,
      why:
        `Rows and columns look exchanged: ${why}, and the ${formatCount(others.length)} other columns would be the cases. ` +
        'If so, transpose the table, so that each row is one case.',
      taken: 'each row is one case',
      other: null,
      count: rows,
      options: null
    }
  ]
}

/** Of the variance of the numbers, brought to one scale, the share that must lie between the rows. */
const fewestBetweenRows = 0.9
/** And at most that lies between columns. */
const mostBetweenColumns = 0.05

/** Whether rows differ from each other in scale as columns of a table do, and columns do not. */
async function rowsDiffer(session: Session, file: string, others: readonly Figures[]): Promise<boolean> {
  const numbers = others.filter(({ type }) => type === 'number')
  if (numbers.length < Math.max(fewestColumns, 0.9 * others.length)) return false
  const seen = numbers.slice(0, mostSeen).map(({ name }) => `CAST(${sql.name(name)} AS DOUBLE)`)
  const read = await session.rows(`SELECT ${seen.join(', ')} FROM ${sql.storedRows(file)} LIMIT ${mostSeen}`)
  // Scales differ by factors: a logarithm that goes through 0 and keeps the sign.
  const table = read.map((row) =>
    row.map((value) => (typeof value === 'number' ? Math.sign(value) * Math.log1p(Math.abs(value)) : NaN))
  )
  const all = table.flat().filter((value) => !Number.isNaN(value))
  const mean = average(all)
  const total = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const columns = seen.map((_, index) => table.map((row) => row[index] ?? NaN))
  return (
    total > 0 &&
    between(table, mean) >= fewestBetweenRows * total &&
    between(columns, mean) <= mostBetweenColumns * total
  )
}

/** Sum of squares between groups. */
function between(groups: readonly (readonly number[])[], mean: number): number {
  return groups.reduce((sum, group) => {
    const known = group.filter((value) => !Number.isNaN(value))
    return known.length === 0 ? sum : sum + known.length * (average(known) - mean) ** 2
  }, 0)
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
