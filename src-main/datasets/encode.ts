/** Encodes rows as the numbers a network reads. Pure functions of a fitted preparation: training and prediction use the same. */
import type { ColumnEncoding, FittedPreparation } from '#contract/preparation.ts'
import type { ColumnValues } from '#lab/datasets/column-values.ts'

/**
 * Encodes rows from the values of their input columns.
 * Shapes: columns as in `fitted.columns`, each with one value a row; returns (rows, inputs) row-major.
 * Units: numbers are (value - offset) / scale in float64, then rounded to float32.
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
  const own = encoding.kind === 'numeric' ? 1 : encoding.levels.length + (encoding.other ? 1 : 0)
  return own + (encoding.indicator ? 1 : 0)
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
  if (encoding.kind === 'numeric') encodeNumbers(encoding, values, matrix, offset, width)
  else encodeLevels(encoding, values, matrix, offset, width)
}

function encodeNumbers(
  { fill, offset: shift, scale, indicator }: Extract<ColumnEncoding, { kind: 'numeric' }>,
  values: ColumnValues,
  matrix: Float32Array,
  offset: number,
  width: number
): void {
  let at = offset
  for (const given of values) {
    const value = given === null ? NaN : Number(given)
    const isMissing = !Number.isFinite(value)
    matrix[at] = ((isMissing ? fill : value) - shift) / scale
    if (indicator && isMissing) matrix[at + 1] = 1
    at += width
  }
}

function encodeLevels(
  { levels, other, fill, indicator, aliases }: Extract<ColumnEncoding, { kind: 'categorical' }>,
  values: ColumnValues,
  matrix: Float32Array,
  offset: number,
  width: number
): void {
  const places = new Map<string | null, number>(levels.map((level, index) => [level, index]))
  if (fill !== null) places.set(null, places.get(fill) ?? 0)
  for (const [spelling, level] of Object.entries(aliases ?? {})) {
    const place = places.get(level)
    if (place !== undefined) places.set(spelling, place)
  }
  const rest = other ? levels.length : null
  const indicatorPlace = levels.length + (other ? 1 : 0)
  let at = offset
  for (const given of values) {
    const value = given === null ? null : String(given)
    const place = places.get(value) ?? (value === null ? null : rest)
    if (place !== null) matrix[at + place] = 1
    if (indicator && value === null) matrix[at + indicatorPlace] = 1
    at += width
  }
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
