/**
 * Folds for cross-validation: rows dealt into parts of the same size, of which each in turn judges what was trained on
 * the others. Stratified, and with equal rows kept together, as far as the split of the experiment is.
 */
import { Random } from '#engine/random.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { sortNaturally } from '#lab/datasets/natural-order.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import { sameRows } from '#lab/datasets/same-rows.ts'
import type { Tables } from '#lab/datasets/duckdb.ts'

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
}

/** Reads what dealing some rows of a stored table needs to know of them. */
export async function readRowsToDeal(
  tables: Tables,
  file: string,
  settings: ExperimentSettings,
  rows: Uint32Array
): Promise<RowsToDeal> {
  const { split, target, task, columns } = settings
  const isTogether = split.kind === 'fractions' && split.together === true
  const compared = columns.filter(({ role }) => role === 'input' || role === 'target').map(({ name }) => name)
  const equal = isTogether ? await tables.use(undefined, (session) => sameRows(session, file, compared)) : []
  const places = new Map(equal.length > 0 ? Array.from(rows, (row, place) => [row, place] as const) : [])
  const firsts = Uint32Array.from(rows, (_, place) => place)
  for (const { row, first } of equal) {
    const [place, firstPlace] = [places.get(row), places.get(first)]
    if (place !== undefined && firstPlace !== undefined) firsts[place] = firstPlace
  }
  const isStratified = task === 'classification' && split.stratified
  if (task !== 'classification') return { rows, classes: null, isStratified, firsts }
  const [values = []] = await readRows(tables, file, [{ column: target, kind: 'categorical' }], rows)
  const named = Array.from<unknown, string>(values, String)
  const names = sortNaturally([...new Set(named)])
  const numbers = new Map(names.map((name, index) => [name, index]))
  const of = Uint32Array.from(named, (name) => numbers.get(name) ?? 0)
  return { rows, classes: { names, of }, isStratified, firsts }
}

/** Says why rows can't be dealt into so many folds, and the mend; null where they can. */
export function foldProblem({ classes, firsts }: RowsToDeal, count: number, target: string): string | null {
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
