/** Fits dates and times of day on the training rows: which of their parts vary, and how those that are numbers are scaled. */
import { type DatePart, dateParts } from '#contract/datasets.ts'
import type { ColumnSetting } from '#contract/experiments.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import type { Preparation } from '#contract/experiments.ts'
import { valueExpression } from '#lab/datasets/column-values.ts'
import type { Fitting } from '#lab/datasets/fitting.ts'
import { numberOf, scaleOf } from '#lab/datasets/fitting.ts'
import * as sql from '#lab/datasets/sql.ts'

type DateEncoding = Extract<ColumnEncoding, { kind: 'date' }>
type TimeEncoding = Extract<ColumnEncoding, { kind: 'time' }>

/** Fits a date: its median, and those of its parts that vary in the training rows and are asked for. */
export async function fitDate(fitting: Fitting, setting: ColumnSetting): Promise<DateEncoding> {
  const { session, relation, rows, types, settings, warnings } = fitting
  const { name } = setting
  const { indicators, missing, scaling } = settings.preparation
  const days = valueExpression(name, 'date', types.get(name) ?? '')
  const year = `year(${sql.name(name)})`
  const spread = (x: string) => `avg(${x}), stddev_pop(${x}), min(${x}), max(${x})`
  const answers = await session.row(
    `SELECT count(${days}), median(${days}), ${spread(days)}, ${spread(year)}, ${varying(name).join(', ')} FROM ${relation}`
  )
  const [count = 0, median = 0, ...figures] = answers.slice(0, 10).map((value) => numberOf(value))
  const [ofDays, ofYear] = [figures.slice(0, 4), figures.slice(4, 8)].map(
    ([mean = 0, deviation = 0, minimum = 0, maximum = 0]) => ({ mean, deviation, minimum, maximum })
  )
  const varies = new Set(dateParts.filter((_, index) => answers[10 + index] === true))
  const wanted = setting.parts ?? partsFor(settings.split.kind)
  const parts = wanted.filter((part) => varies.has(part))
  const still = (setting.parts ?? []).filter((part) => !varies.has(part))
  if (still.length > 0 || parts.length === 0) {
    const what = parts.length === 0 ? 'it' : `its ${still.join(', ')}`
    warnings.push(`"${name}": ${what} is the same in all training rows, so no input is made of that.`)
  }
  return {
    kind: 'date',
    column: name,
    fill: median,
    minimum: ofDays?.minimum ?? 0,
    maximum: ofDays?.maximum ?? 0,
    parts: parts.map((part) => ({ part, ...scaleOfPart(part, scaling, ofDays, ofYear) })),
    indicator: indicators && missing === 'impute' && count < rows
  }
}

type Spread = Parameters<typeof scaleOf>[1]

function scaleOfPart(
  part: DatePart,
  scaling: Preparation['scaling'],
  days: Spread | undefined,
  year: Spread | undefined
) {
  const spread = part === 'days' ? days : part === 'year' ? year : undefined
  return spread ? scaleOf(scaling, spread) : { offset: 0, scale: 1 }
}

/** The parts that are asked for where nobody names any: later rows lie beyond what training saw of those that only grow. */
function partsFor(kind: string): readonly DatePart[] {
  return kind === 'order' ? dateParts.filter((part) => part !== 'days' && part !== 'year') : dateParts
}

/** SQL of whether each part of a date differs from row to row, in their order. */
export function varying(name: string): string[] {
  const x = sql.name(name)
  const differs = (part: string) => `coalesce(min(${part}) < max(${part}), false)`
  return [x, `year(${x})`, `month(${x})`, `isodow(${x})`, `CAST(CAST(${x} AS TIMESTAMP) AS TIME)`].map(differs)
}

/** Fits a time of day; the median of the hours stands for a missing one. */
export async function fitTime(fitting: Fitting, { name }: ColumnSetting): Promise<TimeEncoding> {
  const { session, relation, rows, types, settings, warnings } = fitting
  const { indicators, missing } = settings.preparation
  const hours = valueExpression(name, 'clock', types.get(name) ?? '')
  const [count = 0, median = 0, minimum = 0, maximum = 0] = (
    await session.row(`SELECT count(${hours}), median(${hours}), min(${hours}), max(${hours}) FROM ${relation}`)
  ).map((value) => numberOf(value))
  if (minimum === maximum)
    warnings.push(`Without information in the training part, because no two of its values differ: "${name}".`)
  return { kind: 'time', column: name, fill: median, indicator: indicators && missing === 'impute' && count < rows }
}
