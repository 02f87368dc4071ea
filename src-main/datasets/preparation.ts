/**
 * Fits a preparation on the training rows: what stands for missing values, how numbers are scaled, which levels get
 * an input. Nothing but the names of the classes is taken from other rows: they belong to the question, not to the answer.
 */
import { LabError } from '#contract/errors.ts'
import type { ColumnSetting, ExperimentSettings } from '#contract/experiments.ts'
import type { ColumnEncoding, FittedPreparation } from '#contract/preparation.ts'
import { aliasesOf, columnTypes, isDateType, valueExpression } from '#lab/datasets/column-values.ts'
import { fitCategorical, fitFrequency, fitOrdinal } from '#lab/datasets/fit-levels.ts'
import { fitDate, fitTime } from '#lab/datasets/fit-times.ts'
import { type Fitting, numberOf, scaleOf } from '#lab/datasets/fitting.ts'
import { formatValue } from '#lab/datasets/format-value.ts'
import { detectImage, isPixel } from '#lab/datasets/image.ts'
import { sortNaturally } from '#lab/datasets/natural-order.ts'
import { inputNames } from '#lab/datasets/preparation-steps.ts'
import { createBatches } from '#lab/datasets/profile/batches.ts'
import { selectRows } from '#lab/datasets/row-table.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, DuckDb } from '#lab/datasets/duckdb.ts'
import { formatCount } from '#words/numbers.ts'

/** The most inputs a preparation makes; beyond them one network would fill the memory. */
const mostInputs = 20_000

/**
 * Fits the preparation of an experiment on its training rows.
 * A missing category counts as its most frequent level; with indicators an input tells that it was missing, which says
 * all that a level of its own would. The pixels of an image share one range under min-max scaling.
 * Errors: `bad_settings` where there are no inputs, too many, or no class.
 */
export async function fitPreparation(
  duckDb: DuckDb,
  file: string,
  settings: ExperimentSettings,
  trainRows: Uint32Array
): Promise<FittedPreparation> {
  return duckDb.use(undefined, async (session) => {
    const types = await columnTypes(session, file)
    const relation = await selectRows(session, file, trainRows)
    const fitting: Fitting = { session, relation, rows: trainRows.length, types, settings, warnings: [] }
    const inputs = settings.columns.filter(({ role }) => role === 'input')
    const encodings = await fitNumeric(
      fitting,
      inputs.filter(({ treatAs }) => treatAs === 'numeric')
    )
    for (const setting of inputs) {
      if (setting.treatAs !== 'numeric') encodings.set(setting.name, await fits[setting.treatAs](fitting, setting))
    }
    const columns = inputs.flatMap(({ name }) => encodings.get(name) ?? [])
    const names = columns.flatMap(inputNames)
    if (names.length === 0)
      throw new LabError('bad_settings', 'No column is an input. Choose at least one.', { field: 'columns' })
    if (names.length > mostInputs) throw tooManyInputs(names.length, columns)
    const target = await fitTarget(fitting, file)
    return { version: 1, columns, inputs: names, target: settings.target, ...target, warnings: fitting.warnings }
  })
}

const fits = {
  categorical: fitCategorical,
  ordinal: fitOrdinal,
  frequency: fitFrequency,
  date: fitDate,
  time: fitTime
} as const

/** Numbers are fitted many columns at a time: images have hundreds. */
async function fitNumeric(fitting: Fitting, columns: readonly ColumnSetting[]): Promise<Map<string, ColumnEncoding>> {
  const { session, relation, rows, types, settings } = fitting
  const { scaling, smoothClip, indicators, missing } = settings.preparation
  const fitted = new Map<string, ColumnEncoding>()
  const idle: string[] = []
  const range = scaling === 'minmax' ? await pixelRange(fitting, columns) : null
  for (const batch of createBatches(columns, rows)) {
    const asked = batch.flatMap(({ name }) => {
      const x = valueExpression(name, 'numeric', types.get(name) ?? '')
      const plain = [`count(${x})`, `median(${x})`, `avg(${x})`, `stddev_pop(${x})`, `min(${x})`, `max(${x})`]
      return scaling === 'robust' ? [...plain, `quantile_cont(${x}, 0.25)`, `quantile_cont(${x}, 0.75)`] : plain
    })
    const width = asked.length / batch.length
    const answers = await session.row(`SELECT ${asked.join(', ')} FROM ${relation}`)
    batch.forEach(({ name }, index) => {
      const figures = answers.slice(width * index, width * (index + 1)).map(numberOf)
      const [count, median = 0, mean, deviation, minimum, maximum, lower = 0, upper = 0] = figures
      const own = { mean: mean ?? 0, deviation: deviation ?? 0, minimum: minimum ?? 0, maximum: maximum ?? 0 }
      const shared = range && isPixel(name) ? { ...own, ...range } : own
      // Pixels at the border of an image are always dark, which is no news.
      if (own.minimum === own.maximum && !isPixel(name)) idle.push(name)
      fitted.set(name, {
        kind: 'numeric',
        column: name,
        ...readsOf(types.get(name) ?? ''),
        fill: median,
        ...scaleOf(scaling, shared, { lower, median, upper }),
        ...(smoothClip && { smoothClip }),
        indicator: indicators && missing === 'impute' && (count ?? 0) < rows
      })
    })
  }
  if (idle.length > 0) {
    const names = idle.map((name) => `"${name}"`).join(', ')
    fitting.warnings.push(`Without information in the training part, because no two of their values differ: ${names}.`)
  }
  return fitted
}

/** What a number is of, where that is no number in the table. */
function readsOf(type: string): Pick<Extract<ColumnEncoding, { kind: 'numeric' }>, 'reads'> {
  if (isDateType(type)) return { reads: 'date' }
  return type === 'VARCHAR' ? { reads: 'clock' } : {}
}

/** The range of all pixels together: one seldom lit would otherwise be blown up to the full range on its own. */
async function pixelRange(
  { session, relation }: Fitting,
  columns: readonly ColumnSetting[]
): Promise<{ minimum: number; maximum: number } | null> {
  const pixels = columns.map(({ name }) => name).filter(isPixel)
  if (!detectImage(pixels)) return null
  const lowest = pixels.map((name) => `min(${sql.name(name)})`)
  const highest = pixels.map((name) => `max(${sql.name(name)})`)
  const [minimum, maximum] = await session.row(
    `SELECT CAST(least(${lowest.join(', ')}) AS DOUBLE), CAST(greatest(${highest.join(', ')}) AS DOUBLE) FROM ${relation}`
  )
  return { minimum: numberOf(minimum), maximum: numberOf(maximum) }
}

async function fitTarget(
  { session, relation, types, settings, warnings }: Fitting,
  file: string
): Promise<Pick<FittedPreparation, 'classes' | 'classAliases' | 'targetReads' | 'targetScale'>> {
  const { target, task } = settings
  const type = types.get(target) ?? ''
  if (task === 'classification') {
    const aliases = aliasesOf(settings, target)
    const x = valueExpression(target, 'categorical', type, aliases)
    const classes = await readLevels(session, x, sql.storedRows(file))
    const trained = new Set(await readLevels(session, x, relation))
    const untrained = classes.filter((name) => !trained.has(name))
    if (untrained.length > 0) {
      warnings.push(`No training row is of class ${untrained.join(', ')}, so the network can't learn it.`)
    }
    return { classes, ...(aliases && { classAliases: aliases }), targetScale: { mean: 0, deviation: 1 } }
  }
  const x = valueExpression(target, 'numeric', type)
  const [mean, deviation, minimum, maximum] = (
    await session.row(`SELECT avg(${x}), stddev_pop(${x}), min(${x}), max(${x}) FROM ${relation}`)
  ).map(numberOf)
  const spread = { mean: mean ?? 0, deviation: deviation ?? 0, minimum: minimum ?? 0, maximum: maximum ?? 0 }
  const { offset, scale } = scaleOf('standard', spread)
  const limits = settings.preparation.limits && { minimum: spread.minimum, maximum: spread.maximum }
  return {
    classes: null,
    ...(type === 'VARCHAR' && { targetReads: 'clock' as const }),
    targetScale: { mean: offset, deviation: scale, ...(limits && { limits }) }
  }
}

async function readLevels(session: Session, expression: string, relation: string): Promise<string[]> {
  const rows = await session.rows(`SELECT DISTINCT ${expression} FROM ${relation} WHERE ${expression} IS NOT NULL`)
  return sortNaturally(rows.flatMap(([level]) => formatValue(level ?? null) ?? []))
}

function tooManyInputs(count: number, columns: readonly ColumnEncoding[]): LabError {
  const widest = columns.toSorted((a, b) => inputNames(b).length - inputNames(a).length)[0]
  const message =
    `The columns make ${formatCount(count)} inputs; ${formatCount(mostInputs)} is the most. ` +
    `Ignore some (the widest is "${widest?.column}") or lower the cap on levels.`
  return new LabError('bad_settings', message, { field: 'columns' })
}
