/** Looks closer at dates and clock texts: what varies in a date, and whether a clock text is a time of day or a duration. */
import type { Column } from '#contract/datasets.ts'
import { dateParts } from '#contract/datasets.ts'
import { readClock, writeClock } from '#words/time-texts.ts'
import { clockHours, isClock } from '#lab/datasets/clock.ts'
import type { Session, Value } from '#lab/datasets/duckdb.ts'
import { varying } from '#lab/datasets/fit-times.ts'
import * as sql from '#lab/datasets/sql.ts'
import { wordsOf } from '#lab/datasets/target-choice.ts'

export interface ClockFacts {
  readonly clock: NonNullable<Column['clock']>
  readonly note: string
}

/** Tells which parts of a stored date differ from row to row. */
export async function varyingParts(
  session: Session,
  file: string,
  name: string
): Promise<NonNullable<Column['varies']>> {
  const answers = await session.row(`SELECT ${varying(name).join(', ')} FROM ${sql.storedRows(file)}`)
  return dateParts.filter((_, index) => answers[index] === true)
}

/** Tells whether a stored text holds nothing but clock texts, and what they are; null where it does not. */
export async function clockFacts(
  session: Session,
  file: string,
  name: string,
  examples: readonly string[]
): Promise<ClockFacts | null> {
  if (examples.length === 0 || examples.some((text) => Number.isNaN(readClock(text)))) return null
  const x = sql.name(name)
  const hours = clockHours(x)
  const [are, ...figures] = await session.row(
    `SELECT bool_and(${isClock(x)}), min(${hours}), max(${hours}), ` +
      `coalesce(bool_or(regexp_matches(${x}, '[aApP]\\.?[mM]')), false), ` +
      `avg(CASE WHEN regexp_matches(${x}, '^[^:]*:[0-5][05](:00)?([^0-9:]|$)') THEN 1 ELSE 0 END) ` +
      `FROM ${sql.storedRows(file)} WHERE ${x} IS NOT NULL`
  )
  if (are !== true) return null
  const clock = clockOf(name, figures)
  const [first, last] = figures.slice(0, 2).map((value) => writeClock(Number(value)))
  const note =
    clock === 'day'
      ? `Times of day from ${first} to ${last}, by their values: late and early lie side by side on their circle.`
      : `Durations from ${first} to ${last}, by their values: read as numbers.`
  return { clock, note }
}

const durationWords =
  /^(pace|duration|elapsed|length|splits?|laps?|finish|runtime|took|taken|gap|delay|interval|remaining|spent)$/
const dayWords =
  /^(start|begin|end|open|close|opening|closing|departure|arrival|sunrise|sunset|bedtime|wake|checkin|checkout|clock|hour|at)$/

/** Values decide where they can, then the name, then whether the minutes are as round as those of appointments. */
function clockOf(name: string, [least, most, hasHalves, roundShare]: readonly Value[]): ClockFacts['clock'] {
  const [minimum, maximum] = [Number(least), Number(most)]
  if (hasHalves === true) return 'day'
  if (minimum < 0 || maximum >= 24) return 'duration'
  if (maximum - minimum > 12) return 'day'
  const words = wordsOf(name)
  if (words.some((word) => durationWords.test(word))) return 'duration'
  if (words.some((word) => dayWords.test(word))) return 'day'
  return maximum > 12 || Number(roundShare) > 0.8 ? 'day' : 'duration'
}
