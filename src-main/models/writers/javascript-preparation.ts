/**
 * The preparation of raw rows as JavaScript, written from its steps: the same interpreter for every model, beside the
 * steps as data. Values may come as a program has them (numbers, texts, truth values, Date) or as cells of a CSV reader.
 */
import type { ColumnSteps, Reads, Step } from '#lab/datasets/preparation-steps.ts'
import { missingTexts } from '#lab/models/missing-texts.ts'

/** Writes `prepare(row)` and all that it needs; only what the steps of these columns ask for. */
export function javascriptPreparation(
  columns: readonly ColumnSteps[],
  literal: (value: unknown) => string
): { readonly data: string; readonly code: string } {
  const reads = new Set(columns.map((column) => column.reads))
  const steps = new Set(columns.flatMap((column) => column.steps.map(kindOf)))
  const isOfDate = [...steps].some((step) => ['year', 'month', 'weekday', 'day-of-date'].includes(step))
  return {
    data: `const columns = ${literal(columns)}\nconst missingTexts = new Set(${literal(missingTexts)})\n`,
    code: [
      common,
      ...(['number', 'date', 'clock', 'text'] as const).flatMap((kind) => (reads.has(kind) ? [readers[kind]] : [])),
      readAny(reads),
      ...(isOfDate ? [calendar] : []),
      interpret(steps)
    ].join('')
  }
}

function kindOf(step: Step): string {
  if (step.make === 'scaled' && step.smoothClip) return 'smooth'
  return step.make === 'scaled' || step.make === 'circle' ? step.of : step.make
}

const common = `
const told = new Set()

/** Says once a column that a value can't be read; it counts as missing, as it does in the lab. */
function tell(column, value, wanted) {
  if (told.has(column)) return
  told.add(column)
  console.warn(\`"\${column}": \${JSON.stringify(value)} is no \${wanted}; such values count as missing.\`)
}

function isAbsent(value) {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))
}
`

const readers: Record<Reads, string> = {
  number: `
function readNumber(value, { column }) {
  if (typeof value === 'number') return value
  const text = String(typeof value === 'boolean' ? Number(value) : value).trim()
  if (missingTexts.has(text)) return NaN
  const number = Number(text)
  if (Number.isNaN(number)) tell(column, value, 'number')
  return number
}
`,
  date: `
/** Days since 1970-01-01, the time of day as a fraction; of a Date as it is in UTC. */
function readDate(value, { column }) {
  if (typeof value === 'number') return value
  if (value instanceof Date) return value.getTime() / 86400000
  const text = String(value).trim()
  if (missingTexts.has(text)) return NaN
  const date = /^(\\d{4})-(\\d\\d?)-(\\d\\d?)(?:[T ]+(\\d\\d?):(\\d\\d)(?::(\\d\\d(?:\\.\\d+)?))?)?(?:Z|[+-]00(?::?00)?)?$/.exec(text)
  if (!date) {
    const number = Number(text)
    if (Number.isNaN(number)) tell(column, value, 'date such as 2024-05-31 or 2024-05-31 16:05')
    return number
  }
  const [year, month, day, hours = 0, minutes = 0, seconds = 0] = date.slice(1).map((part) => part && Number(part))
  const at = Date.UTC(year, month - 1, day)
  // A 30th of February is no date.
  if (new Date(at).getUTCMonth() !== month - 1) {
    tell(column, value, 'date')
    return NaN
  }
  return (at / 1000 + 3600 * hours + 60 * minutes + seconds) / 86400
}
`,
  clock: `
/** Hours of 16:05, 16:05:30, 4:05 pm and the like. */
function readClock(value, { column }) {
  if (typeof value === 'number') return value
  const text = String(value).trim()
  if (missingTexts.has(text)) return NaN
  const clock = /^([+-])?(?:(\\d+) days?,? )?(\\d{1,4}):([0-5]\\d)(?::([0-5]\\d(?:\\.\\d+)?))?\\s*([ap]\\.?m\\.?)?$/i.exec(text)
  if (!clock) {
    const number = Number(text)
    if (Number.isNaN(number)) tell(column, value, 'time such as 16:05')
    return number
  }
  const [, sign, days = 0, first, minutes, seconds = 0, half] = clock
  const hours = half ? (Number(first) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(first)
  const read = 24 * Number(days) + hours + Number(minutes) / 60 + Number(seconds) / 3600
  return sign === '-' ? -read : read
}
`,
  text: `
for (const column of columns) {
  if (column.reads !== 'text') continue
  column.places = new Map([...column.aliases, ...column.levels.map((level, place) => [level, place])])
}

/** The place of a level; null where there is none, the count of the levels for any other. */
function readPlace(value, { places, levels }) {
  const text = String(value)
  const place = places.get(text)
  if (place !== undefined) return place
  if (missingTexts.has(text.trim())) return null
  // A cell of a CSV reader may have 2.0 where the level is 2.
  const number = Number(text)
  return (Number.isNaN(number) ? undefined : places.get(String(number))) ?? levels.length
}
`
}

function readAny(reads: ReadonlySet<Reads>): string {
  const names = { number: 'readNumber', date: 'readDate', clock: 'readClock', text: 'readPlace' }
  const pairs = (Object.keys(names) as Reads[])
    .filter((kind) => reads.has(kind))
    .map((kind) => `${kind}: ${names[kind]}`)
  return `
const read = { ${pairs.join(', ')} }
`
}

const calendar = `
/** Year and month (January is 0) of a day since 1970-01-01. */
function yearAndMonth(day) {
  const shifted = day + 719468
  const era = Math.floor(shifted / 146097)
  const ofEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 2 : fromMarch - 10
  return { year: yearOfEra + era * 400 + (month < 2 ? 1 : 0), month }
}
`

/** What is put into a circle, as a share of the round. */
const circles: Record<string, string> = {
  month: 'yearAndMonth(Math.floor(value)).month / 12',
  weekday: '((((Math.floor(value) + 3) % 7) + 7) % 7) / 7',
  'day-of-date': 'value - Math.floor(value)',
  'day-of-clock': 'value / 24 - Math.floor(value / 24)'
}

const makers: Record<string, string> = {
  scaled: `      case 'scaled': {
        const number = step.of === 'year' ? yearAndMonth(Math.floor(value)).year : value
        x.push(Math.fround((number - step.offset) / step.scale))
        break
      }
`,
  smooth: `      case 'scaled': {
        const z = (value - step.offset) / step.scale
        x.push(Math.fround(step.smoothClip ? z / Math.sqrt(1 + (z / 3) * (z / 3)) : z))
        break
      }
`,
  'smooth of dates': `      case 'scaled': {
        const number = step.of === 'year' ? yearAndMonth(Math.floor(value)).year : value
        const z = (number - step.offset) / step.scale
        x.push(Math.fround(step.smoothClip ? z / Math.sqrt(1 + (z / 3) * (z / 3)) : z))
        break
      }
`,
  plain: `      case 'scaled':
        x.push(Math.fround((value - step.offset) / step.scale))
        break
`,
  circle: `      case 'circle': {
        const angle = 2 * Math.PI * shares[step.of](value)
        x.push(Math.fround(Math.sin(angle)), Math.fround(Math.cos(angle)))
        break
      }
`,
  'one-hot': `      case 'one-hot':
        for (let place = 0; place < step.levels + (step.other ? 1 : 0); place++) x.push(place === value ? 1 : 0)
        break
`,
  coded: `      case 'coded':
        x.push(Math.fround(step.codes[value] ?? 0))
        break
`,
  missing: `      case 'missing':
        x.push(missing ? 1 : 0)
        break
`
}

/** The maker of scaled inputs that knows no more than these columns need. */
function scaledBy(steps: ReadonlySet<string>): string[] {
  if (steps.has('smooth')) return [steps.has('year') ? 'smooth of dates' : 'smooth']
  return steps.has('year') ? ['scaled'] : steps.has('value') ? ['plain'] : []
}

function interpret(steps: ReadonlySet<string>): string {
  const used = Object.keys(circles).filter((circle) => steps.has(circle))
  const shares = used.map((circle) => `  '${circle}': (value) => ${circles[circle]}`)
  const cases = [
    ...scaledBy(steps),
    ...(used.length > 0 ? ['circle'] : []),
    ...['one-hot', 'coded', 'missing'].filter((step) => steps.has(step))
  ]
  return `${used.length > 0 ? `\n/** Where on its circle a value lies, as a share of the round. */\nconst shares = {\n${shares.join(',\n')}\n}\n` : ''}
/** Turns a row into the numbers the network reads, column by column and step by step. */
export function prepare(row) {
  const x = []
  for (const column of columns) {
    // Of the row itself: every object has a constructor, which is no value of such a column.
    const given = Object.hasOwn(row, column.column) ? row[column.column] : null
    const raw = isAbsent(given) ? null : read[column.reads](given, column)
    const missing = raw === null || !Number.isFinite(raw)
    const value = missing ? column.fill : raw
    for (const step of column.steps) {
      switch (step.make) {
${cases.map((name) => (makers[name] ?? '').replaceAll(/^/gm, '  ').trimEnd()).join('\n')}
      }
    }
  }
  return x
}
`
}
