/**
 * Times and dates as texts, the same in window, terminal and lab. Clock texts (16:05, 16:05:30.5, 4:05 pm, -0:30, and 1 day
 * 02:30:00 as programs write durations) are read in units of their first number: hours for h:mm, and what a pace of 4:35
 * means by 4, whatever that is.
 */

const form = /^\s*([+-])?(?:(\d+) days?,? )?(\d{1,4}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?\s*([ap]\.?m\.?)?\s*$/i

/** Reads a clock text. Units: hours; NaN where it is none. */
export function readClock(text: string): number {
  const found = form.exec(text)
  if (!found) return NaN
  const [, sign, days = '0', first = '0', minutes = '0', seconds = '0', half] = found
  const hours = half ? (Number(first) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(first)
  const value = 24 * Number(days) + hours + Number(minutes) / 60 + Number(seconds) / 3600
  return sign === '-' ? -value : value
}

/** Writes hours as a clock text, to the second where they are not whole minutes: 4.5 is 4:30. */
export function writeClock(hours: number): string {
  const seconds = Math.round(Math.abs(hours) * 3600)
  const two = (value: number) => String(value).padStart(2, '0')
  const text = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}`
  return `${hours < 0 && seconds > 0 ? '-' : ''}${text}${seconds % 60 === 0 ? '' : `:${two(seconds % 60)}`}`
}

const dateForm =
  /^\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?)?\s*(?:Z|[+-]00(?::?00)?)?\s*$/

/** Reads a date, with or without a time of day. Units: days since 1970-01-01; NaN where it is none. */
export function readDate(text: string): number {
  const found = dateForm.exec(text)
  if (!found) return NaN
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  const at = Date.UTC(year, month - 1, day)
  // A 30th of February is no date.
  if (new Date(at).getUTCMonth() !== month - 1) return NaN
  return (at / 1000 + 3600 * hours + 60 * minutes + seconds) / 86_400
}

/** Writes days since 1970-01-01 as a date, with the time of day to the minute where that is asked for. */
export function writeDate(days: number, withTime = false): string {
  const minutes = withTime ? Math.round(days * 1440) : Math.floor(days) * 1440
  const text = new Date(minutes * 60_000).toISOString()
  return withTime ? text.slice(0, 16).replace('T', ' ') : text.slice(0, 10)
}
