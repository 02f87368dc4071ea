/** Whole numbers that count time or spell a date: read as numbers, and told, since a network makes little of them. */
import type { ColumnDoubt } from '#lab/datasets/import/columns/column-reading.ts'
import type { TextColumn } from '#lab/datasets/import/columns/text-figures.ts'
import { isTimeName } from '#lab/datasets/time-column.ts'
import type { Value } from '#lab/datasets/duckdb.ts'
import { formatCount } from '#words/numbers.ts'

/** What such numbers may be. */
interface Counted {
  /** SQL of whether a text is one. */
  readonly fits: (text: string) => string
  readonly told: string
  readonly mend: string
}

const spelled: Counted = {
  fits: (text) => `try_strptime(${text}, '%Y%m%d') IS NOT NULL`,
  told: 'dates without signs between year, month and day',
  mend: 'Write them as 2024-01-05 for dates.'
}
/** From 1980 to 2100, in seconds. */
const [earliest, latest] = [315_532_800, 4_102_444_800]
const since1970 = (unit: string, factor: number): Counted => ({
  fits: (text) => `TRY_CAST(${text} AS DOUBLE) BETWEEN ${earliest * factor} AND ${latest * factor}`,
  told: `${unit} since 1970`,
  mend: 'Write them as 2024-01-05 10:00:00 for dates.'
})
const seconds = since1970('seconds', 1)
const milliseconds = since1970('milliseconds', 1000)

/** Fewer values say nothing. */
const fewest = 5

function countedOf({ name, isWhole, largest, values }: TextColumn): Counted | null {
  if (!isWhole || values < fewest) return null
  if (largest >= 19_000_101 && largest <= 21_001_231) return spelled
  if (!isTimeName(name)) return null
  if (largest >= earliest && largest <= latest) return seconds
  return largest >= earliest * 1000 && largest <= latest * 1000 ? milliseconds : null
}

/** What to ask of a column of plain whole numbers, and the doubt that the answer raises; null where nothing is to ask. */
export function askCountedTime(
  column: TextColumn
): { readonly sql: (text: string) => string; readonly doubts: (answer: Value) => ColumnDoubt[] } | null {
  const counted = countedOf(column)
  if (!counted) return null
  return {
    sql: (text) => `count(CASE WHEN ${counted.fits(text)} THEN 1 END)`,
    doubts: (answer) =>
      Number(answer) < column.values
        ? []
        : [
            {
              why: `its ${formatCount(column.values)} numbers, up to ${column.largest}, look like ${counted.told}; they are read as numbers. ${counted.mend}`,
              taken: 'numbers',
              other: null,
              count: column.values,
              options: null
            }
          ]
  }
}
