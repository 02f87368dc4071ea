/**
 * Encodes rows as the numbers a network reads, by the steps of a fitted preparation. Pure functions: training and
 * prediction use the same.
 */
import type { ColumnEncoding, FittedPreparation } from '#contract/preparation.ts'
import { weekdayOf, yearAndMonth } from '#lab/datasets/calendar.ts'
import type { ColumnValues } from '#lab/datasets/column-values.ts'
import {
  type Circle,
  inputsOfStep,
  type NumberSteps,
  type Step,
  stepsOf,
  type TextSteps
} from '#lab/datasets/preparation-steps.ts'

/**
 * Encodes rows from the values of their input columns.
 * Shapes: columns as in `fitted.columns`, each with one value a row; returns (rows, inputs) row-major.
 * Units: numbers are reckoned in float64, then rounded to float32.
 */
export function encodeRows(fitted: FittedPreparation, columns: readonly ColumnValues[]): Float32Array {
  const rows = columns[0]?.length ?? 0
  const matrix = new Float32Array(rows * fitted.inputs.length)
  let offset = 0
  fitted.columns.forEach((encoding, index) => {
    encodeColumn(encoding, columns[index] ?? [], matrix, offset, fitted.inputs.length)
    offset += inputCount(encoding)
  })
  return matrix
}

/** Counts the inputs that one column becomes. */
export function inputCount(encoding: ColumnEncoding): number {
  return stepsOf(encoding).steps.reduce((sum, step) => sum + inputsOfStep(step), 0)
}

/**
 * Encodes one column into its place in a matrix.
 * Shapes: matrix (rows, width) row-major, zero in the column's place; its inputs begin at `offset` in each row.
 */
export function encodeColumn(
  encoding: ColumnEncoding,
  values: ColumnValues,
  matrix: Float32Array,
  offset: number,
  width: number
): void {
  const column = stepsOf(encoding)
  const { read, missing } = column.reads === 'text' ? readPlaces(column, values) : readNumbers(column, values)
  let at = offset
  for (const step of column.steps) {
    encodeStep(step, read, missing, matrix, at, width)
    at += inputsOfStep(step)
  }
}

interface Read {
  /** Numbers, or places of levels, with missing ones replaced. */
  readonly read: Float64Array
  /** 1 where the value was missing. */
  readonly missing: Uint8Array
}

function readNumbers({ fill }: NumberSteps, values: ColumnValues): Read {
  const read = new Float64Array(values.length)
  const missing = new Uint8Array(values.length)
  for (let row = 0; row < read.length; row++) {
    const given = values[row] ?? null
    const value = given === null ? NaN : Number(given)
    const isMissing = !Number.isFinite(value)
    read[row] = isMissing ? fill : value
    if (isMissing) missing[row] = 1
  }
  return { read, missing }
}

function readPlaces({ levels, aliases, fill }: TextSteps, values: ColumnValues): Read {
  const places = new Map<string, number>([...aliases, ...levels.map((level, place) => [level, place] as const)])
  const read = new Float64Array(values.length)
  const missing = new Uint8Array(values.length)
  for (let row = 0; row < read.length; row++) {
    const given = values[row] ?? null
    const place = given === null ? undefined : places.get(String(given))
    // An empty text that is no level is a cell without a value.
    const isMissing = given === null || (given === '' && place === undefined)
    if (isMissing) missing[row] = 1
    read[row] = isMissing ? fill : (place ?? levels.length)
  }
  return { read, missing }
}

function encodeStep(
  step: Step,
  read: Float64Array,
  missing: Uint8Array,
  matrix: Float32Array,
  offset: number,
  width: number
): void {
  const place = (of: (value: number, row: number) => number, at: number) => {
    for (let row = 0; row < read.length; row++) matrix[row * width + at] = of(read[row] ?? NaN, row)
  }
  switch (step.make) {
    case 'scaled': {
      const { offset: shift, scale } = step
      const scaled = (value: number) => (value - shift) / scale
      if (step.of === 'year') place((value) => scaled(yearAndMonth(Math.floor(value)).year), offset)
      else if (step.smoothClip) place((value) => clipSmoothly(scaled(value)), offset)
      else place(scaled, offset)
      return
    }
    case 'circle': {
      const share = shares[step.of]
      place((value) => Math.sin(2 * Math.PI * share(value)), offset)
      place((value) => Math.cos(2 * Math.PI * share(value)), offset + 1)
      return
    }
    case 'one-hot': {
      const most = step.levels + (step.other ? 1 : 0)
      read.forEach((level, row) => {
        if (level >= 0 && level < most) matrix[row * width + offset + level] = 1
      })
      return
    }
    case 'coded':
      return place((level) => step.codes[level] ?? 0, offset)
    case 'missing':
      return place((_, row) => missing[row] ?? 0, offset)
  }
}

/** Close to z near 0, and never beyond 3 (RealMLP, Holzmüller et al. 2024). */
function clipSmoothly(z: number): number {
  return z / Math.sqrt(1 + (z / 3) * (z / 3))
}

/** The share of its round at which a value lies, from 0 to below 1. */
const shares: Record<Circle, (value: number) => number> = {
  month: (value) => yearAndMonth(Math.floor(value)).month / 12,
  weekday: (value) => weekdayOf(Math.floor(value)) / 7,
  'day-of-date': (value) => value - Math.floor(value),
  'day-of-clock': (value) => value / 24 - Math.floor(value / 24)
}

/** Turns an output of the network into a number in the units of the target, within the limits where there are any. */
export function decodeTarget({ mean, deviation, limits }: FittedPreparation['targetScale'], output: number): number {
  const value = output * deviation + mean
  // The network's own limits are float32, which may lie a little beyond.
  return limits ? Math.min(Math.max(value, limits.minimum), limits.maximum) : value
}

/**
 * Encodes the target of rows: the number of the class, or the scaled number. NaN where it is missing or no known class.
 */
export function encodeTargets(
  { classes, classAliases, targetScale }: Pick<FittedPreparation, 'classes' | 'classAliases' | 'targetScale'>,
  values: ColumnValues
): Float32Array {
  const encoded = new Float32Array(values.length)
  const numbers = new Map(classes?.map((name, index) => [name, index]))
  for (const [spelling, name] of Object.entries(classAliases ?? {})) {
    const number = numbers.get(name)
    if (number !== undefined) numbers.set(spelling, number)
  }
  for (let row = 0; row < encoded.length; row++) {
    const value = values[row] ?? null
    if (classes !== null) encoded[row] = numbers.get(String(value)) ?? NaN
    else encoded[row] = value === null ? NaN : (Number(value) - targetScale.mean) / targetScale.deviation
  }
  return encoded
}
