/** Years, months and weekdays of a day, by the proleptic Gregorian calendar; the writers of exports say the same in other languages. */

/**
 * Gives the year and the month (January is 0) of a day.
 * Units: whole days since 1970-01-01.
 * Source: H. Hinnant, chrono-compatible low-level date algorithms, civil_from_days: eras of 400 years that begin in March.
 */
export function yearAndMonth(day: number): { year: number; month: number } {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 2 : fromMarch - 10
  return { year: yearOfEra + era * 400 + (month < 2 ? 1 : 0), month }
}

/** The weekday of a day since 1970-01-01, which was a Thursday; Monday is 0. */
export function weekdayOf(day: number): number {
  const days = day + 3
  return days - 7 * Math.floor(days / 7)
}
