/**
 * How dates are written: the forms that are known, which of them the shapes of a column may be in, and the SQL that reads
 * them. Names of months are known in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Polish.
 */
import type { ColumnOptions } from '#contract/reading.ts'
import { leadingZero, type Shape } from '#lab/datasets/import/columns/shapes.ts'
import type { Stage } from '#lab/datasets/import/columns/staged.ts'
import * as sql from '#lab/datasets/sql.ts'

export type DateOrder = NonNullable<ColumnOptions['dates']>

export interface DateForm {
  /** Said of the column where another form fits all values too. */
  readonly label: string
  readonly order: DateOrder
  /** The SQL from a text to a timestamp, null where the text is in another form. */
  readonly stages: readonly Stage[]
  /** What else a person should know of how it is read. */
  readonly note: string | null
}

const clock =
  '(?:(?:[ T]|, ?)9{1,2}(?:[:.]99(?:[:.]99(?:[.,]9+)?)?)?(?: ?[AaPp]\\.?[Mm]\\.?)?(?: ?(?:Z|UTC|GMT|[+-]99(?::?99)?))?)?$'

const times = ['', ' %H:%M', ' %H:%M:%S', ' %H:%M:%S.%f', ' %I:%M %p', ' %I:%M:%S %p', ' %I %p', ' %H.%M', ' %H.%M.%S']

/** The time of day in one of few ways: a blank before it, AM without points, no zone. */
const plainClock: readonly Stage[] = [
  (text) => `regexp_replace(${text}, '([0-9\uc77c\u65e5])(?:T|, ?)([0-9]{1,2}[:.][0-9]{2})', '\\1 \\2')`,
  (text) => `regexp_replace(${text}, '(:[0-9]{2}(?:[.][0-9]+)?) ?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$', '\\1')`,
  (text) => `regexp_replace(${text}, ' ?([AaPp])[.]?[Mm][.]?$', ' \\1M')`
]

/** A form in strptime's letters, with and without a time of day. */
function strptime(...dates: string[]): Stage[] {
  return [...plainClock, (text) => `try_strptime(${text}, [${clockFormats(...dates)}])`]
}

function clockFormats(...dates: string[]): string {
  return dates.flatMap((date) => times.map((time) => sql.text(`${date}${time}`))).join(', ')
}

const shortYears = 'Years of two digits are read as 1969 to 2068.'

function numeric(part: string, order: DateOrder): { readonly looksLike: RegExp; readonly form: DateForm }[] {
  const letters = { 'day-first': ['d', 'm'], 'month-first': ['m', 'd'], 'year-first': ['', ''] }[order]
  const names = letters.map((letter) => (letter === 'd' ? 'day' : 'month'))
  const escaped = part === '.' ? '\\.' : part
  const date = letters.map((letter) => `%${letter}`).join(part)
  const label = [...names, 'year'].join(part)
  return [
    {
      looksLike: new RegExp(`^9{1,2}${escaped} ?9{1,2}${escaped} ?9{4}${clock}`),
      form: { label, order, note: null, stages: strptime(`${date}${part}%Y`) }
    },
    {
      looksLike: new RegExp(`^9{1,2}${escaped} ?9{1,2}${escaped} ?99${clock}`),
      form: { label, order, note: shortYears, stages: strptime(`${date}${part}%y`) }
    }
  ]
}

const months: readonly string[][] = [
  ['jan', 'ene', 'gen', 'sty'],
  ['feb', 'fev', 'lut'],
  ['mar', 'mrt', 'maa'],
  ['apr', 'avr', 'abr', 'kwi'],
  ['may', 'mai', 'mag', 'mei', 'maj'],
  ['jun', 'juin', 'giu', 'cze'],
  ['jul', 'juil', 'lug', 'lip'],
  ['aug', 'aou', 'ago', 'sie'],
  ['sep', 'set', 'wrz'],
  ['oct', 'okt', 'ott', 'out', 'paz'],
  ['nov', 'lis'],
  ['dec', 'dez', 'dic', 'gru']
]
const monthStart = new RegExp(`^(?:${months.flat().join('|')})`)

/** SQL of the number of a month by its name: three letters tell it, but for June and July in French. */
function monthOf(name: string): string {
  const cases = months.flatMap((starts, index) =>
    starts.filter((start) => start.length === 3).map((start) => `WHEN '${start}' THEN '${index + 1}'`)
  )
  const plain = `lower(strip_accents(${name}))`
  return `CASE WHEN ${plain} LIKE 'juil%' THEN '7' ELSE CASE ${plain}[1:3] ${cases.join(' ')} WHEN 'jui' THEN '6' END END`
}

/** Forms with the name of the month: its groups are put in the order day, month, year, and what stands behind. */
function named(label: string, pattern: string, [day, month, year, behind]: readonly number[]): DateForm {
  const groups = [day, month, year, behind].map((group) => group ?? 0)
  const names = ['a', 'b', 'c', 'd'].slice(0, Math.max(...groups))
  const take: Stage = (text) =>
    `CASE WHEN regexp_full_match(${text}, ${sql.text(pattern)}) THEN regexp_extract(${text}, ${sql.text(pattern)}, [${names.map(sql.text).join(', ')}]) END`
  const part = (parts: string, group = 0) => (group === 0 ? `''` : `${parts}.${names[group - 1]}`)
  const join: Stage = (parts) =>
    `${day === 0 ? `'1'` : part(parts, day)} || '.' || ${monthOf(part(parts, month))} || '.' || ${part(parts, year)} || ${part(parts, behind)}`
  return { label, order: 'day-first', note: null, stages: [take, join, ...strptime('%d.%m.%y', '%d.%m.%Y')] }
}

// No class of letters: RE2 would need milliseconds to build each of them.
const name = '([^0-9 .,/-]{3,12})[.]?'
const weekday = '(?:[^0-9 .,/-]{2,10}[.]?,? )?'
const of = '(?: ?de ?| ?of ?|[ ./-]*)'
const time = '((?:[ T]|, ?).*)?'
const dayNameYear = `${weekday}([0-9]{1,2})(?:st|nd|rd|th|er|\\.)?${of}${name}${of}([0-9]{4}|[0-9]{2})${time}`
const nameDayYear = `${weekday}${name} ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})${time}`
const yearNameDay = `([0-9]{4})[ ./-]${name}[ ./-]([0-9]{1,2})${time}`
const nameYear = `${name}[ ./-]?(?:de )?([0-9]{4})`

const monthOnly = 'Its dates have no day; they are read as the first of the month.'

interface Known {
  readonly looksLike: RegExp
  readonly form: DateForm
  /** Whether one of its groups must be the name of a month. */
  readonly hasName?: true
}

const inShape = (pattern: string) => new RegExp(`^${pattern.replaceAll('[0-9]', '9')}$`, 'u')

/** In the order of preference where several fit all values. */
const known: readonly Known[] = [
  {
    looksLike: new RegExp(`^9{4}[-/]9{1,2}[-/]9{1,2}${clock}`),
    form: {
      label: 'year-month-day',
      order: 'year-first',
      note: null,
      stages: [
        ...plainClock,
        (text) =>
          `coalesce(TRY_CAST(${text} AS TIMESTAMP), try_strptime(${text}, [${clockFormats('%Y-%m-%d', '%Y/%m/%d')}]))`
      ]
    }
  },
  {
    looksLike: new RegExp(`^9{4}\\.9{1,2}\\.9{1,2}${clock}`),
    form: { label: 'year.month.day', order: 'year-first', note: null, stages: strptime('%Y.%m.%d') }
  },
  {
    looksLike: new RegExp(`^9{4}[\u5e74\ub144] ?9{1,2}[\u6708\uc6d4] ?9{1,2}[\u65e5\uc77c]${clock}`),
    form: {
      label: 'year, month, day',
      order: 'year-first',
      note: null,
      stages: [
        (text) =>
          `regexp_replace(${text}, '^([0-9]{4})[\u5e74\ub144] ?([0-9]{1,2})[\u6708\uc6d4] ?([0-9]{1,2})[\u65e5\uc77c]', '\\1-\\2-\\3')`,
        ...strptime('%Y-%m-%d')
      ]
    }
  },
  ...numeric('.', 'day-first'),
  ...numeric('/', 'month-first'),
  ...numeric('/', 'day-first'),
  ...numeric('-', 'month-first'),
  ...numeric('-', 'day-first'),
  {
    looksLike: new RegExp(`^99[-/]9{1,2}[-/]9{1,2}${clock}`),
    form: {
      label: 'year-month-day',
      order: 'year-first',
      note: shortYears,
      stages: strptime('%y-%m-%d', '%y/%m/%d')
    }
  },
  { looksLike: inShape(dayNameYear), hasName: true, form: named('day month year', dayNameYear, [1, 2, 3, 4]) },
  { looksLike: inShape(nameDayYear), hasName: true, form: named('month day, year', nameDayYear, [2, 1, 3, 4]) },
  { looksLike: inShape(yearNameDay), hasName: true, form: named('year month day', yearNameDay, [3, 2, 1, 4]) },
  {
    looksLike: inShape(nameYear),
    hasName: true,
    form: { ...named('month year', nameYear, [0, 1, 2]), note: monthOnly }
  },
  {
    looksLike: /^9{4}-99$/,
    form: {
      label: 'year-month',
      order: 'year-first',
      note: monthOnly,
      stages: [(text) => `try_strptime(${text}, '%Y-%m')`]
    }
  }
]

/** The forms that the shapes of a column may be in, in the order of preference; none where they are no dates. */
export function dateFormsOf(shapes: readonly Shape[]): DateForm[] {
  if (shapes.length === 0) return []
  const plain = shapes.map(({ text }) => text.replace(leadingZero, '9'))
  return known
    .filter((entry) =>
      plain.every((text) => {
        const match = entry.looksLike.exec(text)
        return match !== null && (entry.hasName === undefined || hasMonth(match))
      })
    )
    .map(({ form }) => form)
}

function hasMonth(match: RegExpExecArray): boolean {
  return match.slice(1).some((group) => group && monthStart.test(withoutAccents(group)))
}

function withoutAccents(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
