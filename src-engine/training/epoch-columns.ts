/**
 * Epoch records of a stretch of a run, column after column: the one form in which they leave the trainer, cross processes,
 * are stored and are drawn. Pure data; metrics.ts names the columns.
 */
export interface EpochColumns {
  /** Epochs count from 1. */
  readonly firstEpoch: number
  readonly epochs: number
  /** (columns, epochs): value of column c at epoch firstEpoch + i is values[c * epochs + i]. */
  readonly values: Float32Array
}

/** Those of one run. */
export interface RunColumns extends EpochColumns {
  readonly runId: number
}

/** With the names of its columns, in their order. */
export interface NamedColumns extends EpochColumns {
  readonly columns: readonly string[]
}

/** The epoch after the last one of a stretch. */
export function endOf({ firstEpoch, epochs }: EpochColumns): number {
  return firstEpoch + epochs
}

/** Reads a column where it lies; empty for the column -1, which is none. */
export function columnOf({ epochs, values }: EpochColumns, column: number): Float32Array {
  return column < 0 ? new Float32Array() : values.subarray(column * epochs, (column + 1) * epochs)
}

/** Reads a column by its name; empty where there is none. */
export function columnNamed(stretch: NamedColumns, name: string): Float32Array {
  return columnOf(stretch, stretch.columns.indexOf(name))
}

/** Reads the value of a column at the epoch firstEpoch + row; NaN where there is no such column. */
export function valueOf({ epochs, values }: EpochColumns, column: number, row: number): number {
  return column < 0 ? NaN : (values[column * epochs + row] ?? NaN)
}

/**
 * Joins stretches of one run without a gap between them; where two tell of the same epoch, the later one counts.
 * Errors: throws RangeError for no stretch at all.
 */
export function joinColumns(parts: readonly EpochColumns[]): EpochColumns {
  const [first] = parts
  if (!first) throw new RangeError('There are no epochs to join.')
  if (parts.length === 1) return first
  const firstEpoch = Math.min(...parts.map((part) => part.firstEpoch))
  const epochs = Math.max(...parts.map(endOf)) - firstEpoch
  const columns = first.values.length / first.epochs
  const values = new Float32Array(columns * epochs)
  for (const part of parts) {
    for (let column = 0; column < columns; column++) {
      values.set(columnOf(part, column), column * epochs + part.firstEpoch - firstEpoch)
    }
  }
  return { firstEpoch, epochs, values }
}

/** Takes the columns that are wanted and that are there, in their own order. */
export function pickColumns<Stretch extends NamedColumns>(stretch: Stretch, wanted: readonly string[]) {
  const columns = stretch.columns.filter((name) => wanted.includes(name))
  const values = new Float32Array(columns.length * stretch.epochs)
  columns.forEach((name, index) => values.set(columnNamed(stretch, name), index * stretch.epochs))
  return { ...stretch, columns, values }
}
