/**
 * Finds the rows of a new file that are rows of the experiment's own table, by what they hold as the network reads it:
 * their order, the signs of the file and the way its numbers are written do not count, and columns that the new file lacks
 * are left out on both sides.
 */
import { Random } from '#engine/random.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import { aliasesOf, type ColumnValues, readPieces, type WantedColumn, wantedOf } from '#lab/datasets/column-values.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { encodeColumn, encodeTargets, inputCount } from '#lab/datasets/encode.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { matchColumns, readNewRows } from '#lab/datasets/predicting/new-columns.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

/** The experiment's own table. */
export interface OwnTable {
  readonly file: string
  readonly rows: number
  readonly settings: ExperimentSettings
  readonly fitted: FittedPreparation
  /** Numbers of the rows of the test part, ascending. */
  readonly test: Uint32Array
}

export interface KnownRows {
  /** 1 for each row of the new file that is one of the test part. */
  readonly isTest: Uint8Array
  /** Rows that are of the training, the validation or the test part. */
  readonly own: number
}

/**
 * Looks for the rows of a new table whose target is known; the others have no figures to give away.
 * Two rows are the same where all of their inputs and the target are, but for a thousandth of what the column spreads: files
 * are written with fewer digits than were read. Time: one pass over each table; 50 bytes a row of the own one.
 * Errors: `cancelled` by the signal.
 */
export function findKnownRows(
  duckDb: DuckDb,
  own: OwnTable,
  given: { readonly file: string; readonly targets: Float32Array },
  signal: AbortSignal | undefined
): Promise<KnownRows> {
  return duckDb.use(signal, async (session) => {
    const { fitted, settings } = own
    const matched = await matchColumns(session, given.file, fitted.columns.map(wantedOf))
    const present = matched.columns.flatMap(({ found }, index) => (found === null ? [] : [index]))
    const encode = encoderOf(fitted, present)
    const target: WantedColumn = {
      column: fitted.target,
      kind: fitted.classes === null ? (fitted.targetReads ?? 'numeric') : 'categorical',
      joins: aliasesOf(settings, fitted.target)
    }
    const wanted = [...present.map((index) => wantedOf(fitted.columns[index] ?? failed())), target]
    const pause = createPause()
    const index = new RowIndex(own, encode.width)
    for await (const piece of readPieces(session, own.file, wanted, 0, own.rows)) {
      const columns = present.map((_, place) => piece.column(place))
      index.add(encode(columns, encodeTargets(fitted, piece.column(present.length)), piece.rows), piece.first)
      await pause()
    }
    const isTest = new Uint8Array(given.targets.length)
    let ownRows = 0
    let at = 0
    for await (const piece of readNewRows(session, given.file, matched.columns)) {
      const targets = given.targets.subarray(at, at + piece.rows)
      const rows = encode(
        present.map((place) => piece.column(place)),
        targets,
        piece.rows
      )
      for (let row = 0; row < piece.rows; row++) {
        const known = Number.isNaN(targets[row]) ? null : index.find(rows, row)
        if (known !== null) ownRows++
        if (known === 'test') isTest[at + row] = 1
      }
      at += piece.rows
      await pause()
    }
    return { isTest, own: ownRows }
  })
}

type Encoder = ((columns: readonly ColumnValues[], targets: Float32Array, rows: number) => Float32Array) & {
  readonly width: number
}

/** Encodes some columns of a preparation, with the target as the last of their inputs. */
function encoderOf({ columns }: FittedPreparation, present: readonly number[]): Encoder {
  const encodings = present.map((index) => columns[index] ?? failed())
  const width = encodings.reduce((sum, encoding) => sum + inputCount(encoding), 1)
  const encode = (values: readonly ColumnValues[], targets: Float32Array, rows: number) => {
    const matrix = new Float32Array(rows * width)
    let offset = 0
    encodings.forEach((encoding, index) => {
      encodeColumn(encoding, values[index] ?? [], matrix, offset, width)
      offset += inputCount(encoding)
    })
    for (let row = 0; row < rows; row++) matrix[row * width + width - 1] = targets[row] ?? NaN
    return matrix
  }
  return Object.assign(encode, { width })
}

/** Sums of a row with random weights: rows for which all of them agree are the same. */
const projections = 4
/** Of what a column spreads. */
const tolerance = 1e-3

/**
 * The rows of the own table by their sums, in a hash table over cells of the first two: a row is looked for in its cell and in
 * those around it. Every step is short, however many rows there are.
 */
class RowIndex {
  readonly #width: number
  readonly #test: Uint32Array
  /** (projections, width); known once the first rows have been seen, which tell what a column spreads. */
  #weights: Float64Array | null = null
  #reach = 0
  /** (distinct rows, projections). */
  readonly #sums: Float64Array
  readonly #isTest: Uint8Array
  /** The first row of each cell, and the row after each; -1 for none. */
  readonly #heads: Int32Array
  readonly #next: Int32Array
  #count = 0

  constructor({ rows, test }: OwnTable, width: number) {
    this.#width = width
    this.#test = test
    this.#sums = new Float64Array(rows * projections)
    this.#isTest = new Uint8Array(rows)
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(rows + 1))).fill(-1)
    this.#next = new Int32Array(rows)
  }

  /** Takes rows of the own table, from row `first` on. */
  add(rows: Float32Array, first: number): void {
    this.#weights ??= this.#drawWeights(rows)
    const sums = new Float64Array(projections)
    for (let row = 0; row < rows.length / this.#width; row++) {
      this.#project(rows, row, sums)
      if (Number.isNaN(sums[0])) continue
      const isTest = includes(this.#test, first + row) ? 1 : 0
      const [x, y] = this.#cellOf(sums)
      const slot = this.#slotOf(x, y)
      const same = this.#findIn(slot, sums, 0)
      if (same >= 0) this.#isTest[same] = (this.#isTest[same] ?? 0) | isTest
      else {
        const at = this.#count++
        this.#sums.set(sums, at * projections)
        this.#isTest[at] = isTest
        this.#next[at] = this.#heads[slot] ?? -1
        this.#heads[slot] = at
      }
    }
  }

  /** Tells which part has a row like the one given; the test part where both have. */
  find(rows: Float32Array, row: number): 'test' | 'other' | null {
    const sums = new Float64Array(projections)
    this.#project(rows, row, sums)
    const [x, y] = this.#cellOf(sums)
    let found: 'other' | null = null
    for (let cell = 0; cell < 9; cell++) {
      const slot = this.#slotOf(x + (cell % 3) - 1, y + Math.floor(cell / 3) - 1)
      for (let at = this.#findIn(slot, sums, this.#reach); at >= 0; at = this.#findIn(slot, sums, this.#reach, at)) {
        if (this.#isTest[at] === 1) return 'test'
        found = 'other'
      }
    }
    return found
  }

  /** The next row in a slot whose sums are no further than `reach` from the given ones; -1 for none. */
  #findIn(slot: number, sums: Float64Array, reach: number, after = -1): number {
    let at = after < 0 ? (this.#heads[slot] ?? -1) : (this.#next[after] ?? -1)
    while (at >= 0) {
      let k = 0
      while (k < projections && Math.abs((sums[k] ?? 0) - (this.#sums[at * projections + k] ?? 0)) <= reach) k++
      if (k === projections) return at
      at = this.#next[at] ?? -1
    }
    return -1
  }

  #cellOf([first = 0, second = 0]: Float64Array): [number, number] {
    return [Math.floor(first / this.#reach), Math.floor(second / this.#reach)]
  }

  #slotOf(x: number, y: number): number {
    return ((Math.imul(x, 73_856_093) ^ Math.imul(y, 19_349_663)) >>> 0) & (this.#heads.length - 1)
  }

  #project(rows: Float32Array, row: number, into: Float64Array): void {
    const weights = this.#weights ?? failed()
    for (let k = 0; k < projections; k++) {
      let sum = 0
      for (let input = 0; input < this.#width; input++) {
        sum += (weights[k * this.#width + input] ?? 0) * (rows[row * this.#width + input] ?? 0)
      }
      into[k] = sum
    }
  }

  #drawWeights(rows: Float32Array): Float64Array {
    const width = this.#width
    const random = new Random(1)
    const spreads = Array.from({ length: width }, (_, input) => spreadOf(rows, input, width))
    // Errors of rounding are independent of one another, so their sum grows with the root of their number.
    this.#reach = 3 * tolerance * Math.sqrt(width)
    return Float64Array.from({ length: projections * width }, (_, index) => {
      const size = 0.5 + random.uniform()
      return (random.uniform() < 0.5 ? -size : size) / (spreads[index % width] ?? 1)
    })
  }
}

/** The standard deviation of an input over some rows; where they don't differ, the size of the value. */
function spreadOf(rows: Float32Array, input: number, width: number): number {
  let [count, mean, squares] = [0, 0, 0]
  for (let at = input; at < rows.length; at += width) {
    const value = rows[at] ?? NaN
    if (!Number.isFinite(value)) continue
    count++
    const difference = value - mean
    mean += difference / count
    squares += difference * (value - mean)
  }
  return Math.sqrt(squares / Math.max(1, count)) || Math.abs(mean) || 1
}

function includes(sorted: Uint32Array, value: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return sorted[low] === value
}

function failed(): never {
  throw new RangeError('There is no such column.')
}
