/**
 * Folds for cross-validation: rows dealt into parts of the same size, of which each in turn judges what was trained on
 * the others. Stratified, and with equal rows or groups kept together, as far as the split of the experiment is. Where
 * that goes by order, each fold is trained on what lies before it (forward chaining).
 */
import { Random } from '#engine/random.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { aliasesOf, columnTypes } from '#lab/datasets/column-values.ts'
import { cutInOrder } from '#lab/datasets/cut-in-order.ts'
import { dealGroups } from '#lab/datasets/deal-groups.ts'
import { sortNaturally } from '#lab/datasets/natural-order.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import { selectRows } from '#lab/datasets/row-table.ts'
import { sameRows } from '#lab/datasets/same-rows.ts'
import { orderExpression } from '#lab/datasets/split-order.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'

/** The rows to be dealt; a place is a position among them. */
export interface RowsToDeal {
  /** Row numbers of the table, ascending. */
  readonly rows: Uint32Array
  /** The class of each row, in natural order of their names; null for a number. */
  readonly classes: { readonly names: readonly string[]; readonly of: Uint32Array } | null
  /** Whether each class is dealt evenly. */
  readonly isStratified: boolean
  /** The place of the first row that a row is equal to, its own where there is none or equal rows may part. */
  readonly firsts: Uint32Array
  /** The number of the group of each row, where groups are kept together. */
  readonly groups?: Uint32Array | undefined
  /** What says how each row follows others, where folds go by order. */
  readonly order?: Float64Array | undefined
}

/** The rows of one fold. */
export interface FoldRows {
  /** Null where these are all rows but those for validation. */
  readonly train: Uint32Array | null
  readonly validation: Uint32Array
}

/** Reads what dealing some rows of a stored table needs to know of them. */
export async function readRowsToDeal(
  duckDb: DuckDb,
  file: string,
  settings: ExperimentSettings,
  rows: Uint32Array
): Promise<RowsToDeal> {
  const { split, target, task, columns } = settings
  const isTogether = split.kind === 'fractions' && split.together === true
  const compared = columns.filter(({ role }) => role === 'input' || role === 'target').map(({ name }) => name)
  const equal = isTogether ? await duckDb.use(undefined, (session) => sameRows(session, file, compared)) : []
  const places = new Map(equal.length > 0 ? Array.from(rows, (row, place) => [row, place] as const) : [])
  const firsts = Uint32Array.from(rows, (_, place) => place)
  for (const { row, first } of equal) {
    const [place, firstPlace] = [places.get(row), places.get(first)]
    if (place !== undefined && firstPlace !== undefined) firsts[place] = firstPlace
  }
  const isStratified = task === 'classification' && split.stratified
  const groups = split.kind === 'groups' ? await readGroups(duckDb, file, split.column, rows) : undefined
  const order = split.kind === 'order' ? await readOrder(duckDb, file, split, rows) : undefined
  const bound = { ...(groups && { groups }), ...(order && { order }) }
  if (task !== 'classification') return { rows, classes: null, isStratified, firsts, ...bound }
  const [values = []] = await readRows(
    duckDb,
    file,
    [{ column: target, kind: 'categorical', joins: aliasesOf(settings, target) }],
    rows
  )
  const named = Array.from<unknown, string>(values, String)
  const names = sortNaturally([...new Set(named)])
  const numbers = new Map(names.map((name, index) => [name, index]))
  const of = Uint32Array.from(named, (name) => numbers.get(name) ?? 0)
  return { rows, classes: { names, of }, isStratified, firsts, ...bound }
}

/** The number of the group of each row; a row without a value is one by itself. */
async function readGroups(duckDb: DuckDb, file: string, column: string, rows: Uint32Array): Promise<Uint32Array> {
  const [values = []] = await readRows(duckDb, file, [{ column, kind: 'categorical' }], rows)
  const numbers = new Map<string, number>()
  let count = 0
  return Uint32Array.from<string | null>(values as readonly (string | null)[], (name) => {
    if (name === null) return count++
    const known = numbers.get(name) ?? count++
    numbers.set(name, known)
    return known
  })
}

function readOrder(
  duckDb: DuckDb,
  file: string,
  split: Extract<ExperimentSettings['split'], { kind: 'order' }>,
  rows: Uint32Array
): Promise<Float64Array> {
  if (split.column === null) return Promise.resolve(Float64Array.from(rows))
  return duckDb.use(undefined, async (session) => {
    const value = orderExpression(split, await columnTypes(session, file))
    const relation = await selectRows(session, file, rows)
    const values = new Float64Array(rows.length)
    let at = 0
    for await (const chunk of session.chunks(`SELECT ${value} FROM ${relation} ORDER BY file_row_number`)) {
      const vector = chunk.getColumnVector(0)
      for (let index = 0; index < chunk.rowCount; index++) values[at++] = Number(vector.getItem(index))
    }
    return values
  })
}

/** Says why rows can't be dealt into so many folds, and the mend; null where they can. */
export function foldProblem(dealt: RowsToDeal, count: number, target: string): string | null {
  const { classes, firsts, groups, order } = dealt
  if (order) {
    const different = new Set(order).size
    if (different > count) return null
    return (
      `${count} folds by order need at least ${count + 1} rows that follow one another; training and validation part have ` +
      `${different}${different < order.length ? ' (those with equal values count as one)' : ''}.`
    )
  }
  if (groups) {
    const different = new Set(groups).size
    if (different >= count) return null
    return `${count} folds of whole groups need at least ${count} groups; training and validation part have ${different}.`
  }
  const counted = firsts.filter((first, place) => first === place)
  const isOne = counted.length < firsts.length ? ' (equal ones count as one)' : ''
  if (counted.length < count) {
    return `${count} folds need at least ${count} rows; training and validation part have ${counted.length}${isOne}.`
  }
  if (!classes) return null
  const sizes = classes.names.map(() => 0)
  for (const place of counted) sizes[classes.of[place] ?? 0] = (sizes[classes.of[place] ?? 0] ?? 0) + 1
  const least = Math.min(...sizes)
  if (least >= count) return null
  const rows = `${least} ${least === 1 ? 'row' : 'rows'}${isOne}`
  const mend = least < 2 ? 'Take one validation part, or more rows.' : `Take ${least} folds or fewer.`
  return (
    `${count} folds need at least ${count} rows of every class; "${classes.names[sizes.indexOf(least)]}" of ${target} ` +
    `has ${rows} in training and validation part. ${mend}`
  )
}

/**
 * Deals rows into `count` folds. The same seed deals the same rows alike.
 * The sizes of the folds differ by one row at most, and so do those of each class where it is stratified; rows kept with
 * an equal one come on top of that.
 * Shapes: returns the fold of each place, from 0.
 */
export function dealFolds(
  { classes, isStratified, firsts }: RowsToDeal,
  count: number,
  seed: number
): Uint8Array<ArrayBuffer> {
  const random = new Random(seed)
  const folds = new Uint8Array(firsts.length)
  const strata = isStratified && classes ? classes.names.map((_, index) => index) : [null]
  let dealt = 0
  for (const stratum of strata) {
    const own = Uint32Array.from(firsts.keys()).filter(
      (place) => firsts[place] === place && (stratum === null || classes?.of[place] === stratum)
    )
    random.shuffle(own)
    for (const place of own) folds[place] = dealt++ % count
  }
  return folds.map((_, place) => folds[firsts[place] ?? 0] ?? 0)
}

/**
 * Makes the folds that the split of the experiment asks for: dealFolds(), whole groups, or forward chaining.
 * In the last the rows are cut into one piece more than there are folds; each fold judges the next piece by what was
 * trained on all before it, so that every training row comes before every validation row.
 * Errors: none for rows in which foldProblem() finds no fault.
 * Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, section 5.10 (evaluation on a rolling origin).
 */
export async function makeFolds(dealt: RowsToDeal, count: number, seed: number): Promise<FoldRows[]> {
  const { rows, order, groups } = dealt
  if (order) return chainFolds(rows, order, count)
  const foldOf = groups ? await dealGroupFolds(dealt, groups, count, seed) : dealFolds(dealt, count, seed)
  return Array.from({ length: count }, (_, fold) => ({
    train: null,
    validation: rows.filter((_, place) => foldOf[place] === fold)
  }))
}

/** The fold of each place; every fold as near to its share of the rows, and of each class, as whole groups allow. */
async function dealGroupFolds(
  { classes, isStratified }: RowsToDeal,
  groups: Uint32Array,
  count: number,
  seed: number
): Promise<Uint8Array> {
  const sizes: { rows: number; classes: Map<number, number> }[] = []
  groups.forEach((group, place) => {
    const own = (sizes[group] ??= { rows: 0, classes: new Map() })
    const name = isStratified ? (classes?.of[place] ?? 0) : 0
    own.rows++
    own.classes.set(name, (own.classes.get(name) ?? 0) + 1)
  })
  const shares = Array.from({ length: count }, () => 1 / count)
  const dealt = await dealGroups(sizes, shares, new Random(seed))
  return Uint8Array.from(groups, (group) => dealt[group] ?? 0)
}

function chainFolds(rows: Uint32Array, order: Float64Array, count: number): FoldRows[] {
  const places = Uint32Array.from(rows, (_, place) => place).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0) || a - b)
  const sorted = Float64Array.from(places, (place) => order[place] ?? 0)
  const shares = Array.from({ length: count + 1 }, () => 1 / (count + 1))
  const ends = cutInOrder(sorted, shares) ?? []
  const between = (start: number, end: number) =>
    places
      .slice(start, end)
      .map((place) => rows[place] ?? 0)
      .sort()
  return Array.from({ length: count }, (_, fold) => {
    const [start = 0, end = 0] = [ends[fold], ends[fold + 1]]
    return { train: between(0, start), validation: between(start, end) }
  })
}
