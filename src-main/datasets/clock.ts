/** Clock texts in SQL; words/time-texts.ts says what they are and reads them elsewhere. */

/** What a clock text looks like, for DuckDB. */
const pattern =
  '\\s*[+-]?([0-9]+ days?,? )?[0-9]{1,4}:[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?\\s*([aApP]\\.?[mM]\\.?)?\\s*'

/** SQL of whether a text is a clock text. */
export function isClock(text: string): string {
  return `regexp_full_match(${text}, '${pattern}')`
}

/** SQL of the hours of a clock text, null where it is none. */
export function clockHours(text: string): string {
  const group = (expression: string, number = 1) =>
    `coalesce(TRY_CAST(regexp_extract(${text}, '${expression}', ${number}) AS DOUBLE), 0)`
  const first = group('([0-9]{1,4}):[0-5][0-9]')
  const half = `lower(regexp_extract(${text}, '([aApP])\\.?[mM]', 1))`
  const hours = `CASE ${half} WHEN '' THEN ${first} WHEN 'p' THEN ${first} % 12 + 12 ELSE ${first} % 12 END`
  const value =
    `24 * ${group('([0-9]+) day')} + ${hours} + ${group('[0-9]:([0-5][0-9])')} / 60 + ` +
    `${group(':[0-5][0-9]:([0-5][0-9](\\.[0-9]+)?)')} / 3600`
  return `CASE WHEN ${isClock(text)} THEN CASE WHEN trim(${text}) LIKE '-%' THEN -(${value}) ELSE ${value} END END`
}
