/** Fits levels on the training rows: an input each, a place in an order, or a share of the rows. */
import type { ColumnSetting } from '#contract/experiments.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import { valueExpression } from '#lab/datasets/column-values.ts'
import type { Fitting } from '#lab/datasets/fitting.ts'
import { scaleOf } from '#lab/datasets/fitting.ts'
import { formatValue } from '#lab/datasets/format-value.ts'
import { sortNaturally } from '#lab/datasets/natural-order.ts'
import { formatCount } from '#words/numbers.ts'

type CategoricalEncoding = Extract<ColumnEncoding, { kind: 'categorical' }>
type OrdinalEncoding = Extract<ColumnEncoding, { kind: 'ordinal' }>
type FrequencyEncoding = Extract<ColumnEncoding, { kind: 'frequency' }>

/** Levels whose shares are kept; those of rarer ones are as good as 0. */
const mostShares = 10_000

/** Fits an input for each of the most frequent levels, and one for all others where there are more. */
export async function fitCategorical(fitting: Fitting, { name, aliases }: ColumnSetting): Promise<CategoricalEncoding> {
  const { levelCap, indicators, missing } = fitting.settings.preparation
  const { levels, distinct, hasMissing } = await mostFrequent(fitting, name, aliases, levelCap)
  if (distinct > levelCap) {
    const rare = formatCount(distinct - levelCap)
    fitting.warnings.push(`"${name}": its ${rare} less frequent levels share one input, "${name} = other".`)
  }
  return {
    kind: 'categorical',
    column: name,
    levels: sortNaturally(levels.map(([level]) => level)),
    other: distinct > levelCap,
    fill: levels[0]?.[0] ?? null,
    indicator: indicators && missing === 'impute' && hasMissing,
    ...(aliases && { aliases })
  }
}

/** Fits the place of each level in the order that the settings give; levels that are not in it count as the median one. */
export async function fitOrdinal(fitting: Fitting, setting: ColumnSetting): Promise<OrdinalEncoding> {
  const { name, aliases, order = [] } = setting
  const { scaling, indicators, missing } = fitting.settings.preparation
  const { levels, hasMissing } = await mostFrequent(fitting, name, aliases, mostShares)
  const counts = new Map(levels)
  const unknown = levels.filter(([level]) => !order.includes(level)).map(([level]) => `"${level}"`)
  if (unknown.length > 0) {
    const shown = `${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}`
    fitting.warnings.push(
      `"${name}": ${shown} ${unknown.length === 1 ? 'has' : 'have'} no place in its order and ${unknown.length === 1 ? 'counts' : 'count'} as the median level.`
    )
  }
  const places = order.flatMap((level, place) => Array.from({ length: counts.get(level) ?? 0 }, () => place))
  const mean = places.reduce((sum, place) => sum + place, 0) / Math.max(1, places.length)
  const squares = places.reduce((sum, place) => sum + (place - mean) ** 2, 0)
  const spread = {
    mean,
    deviation: Math.sqrt(squares / Math.max(1, places.length)),
    minimum: places[0] ?? 0,
    maximum: places.at(-1) ?? 0
  }
  return {
    kind: 'ordinal',
    column: name,
    levels: order,
    fill: order[places[Math.floor((places.length - 1) / 2)] ?? 0] ?? '',
    ...scaleOf(scaling, spread),
    indicator: indicators && missing === 'impute' && hasMissing,
    ...(aliases && { aliases })
  }
}

/** Fits the share of the training rows that have each level. Source: count encoding; a level that is new has a share of 0. */
export async function fitFrequency(fitting: Fitting, { name, aliases }: ColumnSetting): Promise<FrequencyEncoding> {
  const { scaling, indicators, missing } = fitting.settings.preparation
  const { levels, hasMissing } = await mostFrequent(fitting, name, aliases, mostShares)
  const present = levels.reduce((sum, [, count]) => sum + count, 0)
  const share = (count: number) => count / fitting.rows
  const mean = levels.reduce((sum, [, count]) => sum + count * share(count), 0) / Math.max(1, present)
  const squares = levels.reduce((sum, [, count]) => sum + count * (share(count) - mean) ** 2, 0)
  const spread = {
    mean,
    deviation: Math.sqrt(squares / Math.max(1, present)),
    minimum: share(levels.at(-1)?.[1] ?? 0),
    maximum: share(levels[0]?.[1] ?? 0)
  }
  if (spread.minimum === spread.maximum) {
    fitting.warnings.push(
      `"${name}": all its levels are equally frequent in the training part, so their frequency tells nothing.`
    )
  }
  return {
    kind: 'frequency',
    column: name,
    levels: levels.map(([level]) => level),
    shares: levels.map(([, count]) => share(count)),
    fill: levels[0]?.[0] ?? null,
    ...scaleOf(scaling, spread),
    indicator: indicators && missing === 'impute' && hasMissing,
    ...(aliases && { aliases })
  }
}

/** The most frequent levels of a column with their rows, and how many there are; equal counts by value, as SQL sorts it. */
async function mostFrequent(
  { session, relation, types }: Fitting,
  column: string,
  aliases: ColumnSetting['aliases'],
  most: number
): Promise<{ levels: (readonly [string, number])[]; distinct: number; hasMissing: boolean }> {
  const x = valueExpression(column, 'categorical', types.get(column) ?? '', aliases)
  const rows = await session.rows(
    `SELECT level, count(*), count(*) OVER () FROM (SELECT ${x} AS level FROM ${relation}) ` +
      `GROUP BY level ORDER BY level IS NULL DESC, count(*) DESC, level LIMIT ${most + 1}`
  )
  const hasMissing = rows[0] !== undefined && rows[0][0] === null
  const levels = rows.flatMap(([level, count]) => {
    const name = formatValue(level ?? null)
    return name === null ? [] : [[name, Number(count)] as const]
  })
  const groups = Number(rows[0]?.[2] ?? 0)
  return { levels: levels.slice(0, most), distinct: hasMissing ? groups - 1 : groups, hasMissing }
}
