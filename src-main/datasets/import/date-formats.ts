/** How dates are written: the forms that are known, which of them a sample may be in, and the SQL that reads them. */
import * as sql from '#lab/datasets/sql.ts'

export interface DateForm {
  /** SQL of a timestamp, null where the text is in another form. */
  readonly expression: (value: string) => string
  /** Said of the column where another form fits all values too. */
  readonly label: string
}

const clock = '([ T]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}(:?\\d{2})?)?)?$'

/** A form in strptime's letters, with and without a time of day. */
function form(label: string, date: string): DateForm {
  const formats = [date, `${date} %H:%M`, `${date} %H:%M:%S`].map(sql.text).join(', ')
  return { label, expression: (value) => `try_strptime(${value}, [${formats}])` }
}

const known: readonly { readonly looksLike: RegExp; readonly form: DateForm }[] = [
  {
    looksLike: new RegExp(`^\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}${clock}`),
    form: { label: 'year-month-day', expression: (value) => `TRY_CAST(${value} AS TIMESTAMP)` }
  },
  { looksLike: new RegExp(`^\\d{1,2}\\.\\d{1,2}\\.\\d{4}${clock}`), form: form('day.month.year', '%d.%m.%Y') },
  { looksLike: new RegExp(`^\\d{1,2}/\\d{1,2}/\\d{4}${clock}`), form: form('month/day/year', '%m/%d/%Y') },
  { looksLike: new RegExp(`^\\d{1,2}/\\d{1,2}/\\d{4}${clock}`), form: form('day/month/year', '%d/%m/%Y') },
  { looksLike: new RegExp(`^\\d{1,2}-\\d{1,2}-\\d{4}${clock}`), form: form('month-day-year', '%m-%d-%Y') },
  { looksLike: new RegExp(`^\\d{1,2}-\\d{1,2}-\\d{4}${clock}`), form: form('day-month-year', '%d-%m-%Y') },
  { looksLike: /^\d{1,2} [A-Z][a-z]{2} \d{4}$/i, form: form('day month year', '%d %b %Y') },
  { looksLike: /^[A-Z][a-z]{2} \d{1,2}, \d{4}$/i, form: form('month day, year', '%b %d, %Y') }
]

/** The forms one value may be written in; none where it is no date. */
export function dateFormsOf(sample: string): DateForm[] {
  return known.filter(({ looksLike }) => looksLike.test(sample)).map((entry) => entry.form)
}
