/**
 * Splits the rows of a table into training, validation and test part: seeded and stratified for classes, whole groups at
 * a time (split-groups.ts), in their order (split-order.ts), or by a column that names the part.
 * A stratum is the rows of one class; without stratification all rows are one.
 */
import { Random } from '#engine/random.ts'
import { LabError } from '#contract/errors.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import { aliasesOf, columnTypes, valueExpression } from '#lab/datasets/column-values.ts'
import { sortNaturally } from '#lab/datasets/natural-order.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { sameRows } from '#lab/datasets/same-rows.ts'
import { shuffle } from '#lab/datasets/shuffle.ts'
import { assignGroups } from '#lab/datasets/split-groups.ts'
import { assignInOrder } from '#lab/datasets/split-order.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, DuckDb } from '#lab/datasets/duckdb.ts'
import { isUsable } from '#lab/datasets/usable-rows.ts'
import { formatCount } from '#words/numbers.ts'

/** Row numbers of each part, from 0 in the order of the stored table, ascending. */
export interface SplitRows {
  readonly train: Uint32Array
  readonly validation: Uint32Array
  readonly test: Uint32Array
  /** Rows in no part: without a target, with a missing input where those are dropped, or of no part by their column. */
  readonly dropped: number
}

const partNames = ['train', 'validation', 'test'] as const
type PartName = (typeof partNames)[number]

/** Rows of one stratum, in the order of the table. */
interface Stratum {
  readonly name: string
  /** The part that a column names for them; null where the split is by fractions. */
  readonly part: PartName | null
  readonly rows: number[]
}

/** A group of strata that is cut at the same shares of training, validation and test rows, which add up to 1. */
interface Cut {
  readonly strata: readonly Stratum[]
  readonly shares: Readonly<Record<PartName, number>>
}

/** Steps of a long loop between two looks at the clock. */
const steps = 8192

/**
 * Splits the rows of a stored table. The same settings give the same rows on every machine.
 * Errors: `bad_settings` where a part that is asked for stays empty.
 */
export async function splitRows(duckDb: DuckDb, file: string, settings: ExperimentSettings): Promise<SplitRows> {
  return duckDb.use(undefined, async (session) => {
    const [total = 0] = (await session.row(`SELECT count(*) FROM ${sql.storedRows(file)}`)).map(Number)
    const { split } = settings
    const assigned = new Uint8Array(total)
    if (split.kind === 'groups') await assignGroups(session, file, settings, split, assigned)
    else if (split.kind === 'order') await assignInOrder(session, file, settings, split, assigned)
    else await assignAtRandom(session, file, settings, assigned)
    const parts = await collect(assigned)
    const used = parts.train.length + parts.validation.length + parts.test.length
    return { ...parts, dropped: total - used }
  })
}

async function assignAtRandom(
  session: Session,
  file: string,
  settings: ExperimentSettings,
  assigned: Uint8Array
): Promise<void> {
  const { split } = settings
  const strata = await readStrata(session, file, settings)
  const cuts = cutsOf(settings, strata)
  const random = new Random(split.seed)
  for (const cut of cuts) await assign(cut, random, assigned)
  if (split.kind === 'fractions' && split.together) await joinSameRows(session, file, settings, assigned)
  checkParts(assigned, cuts, strata)
}

/** Reads the rows that may be used, by stratum and part, strata in their natural order. */
async function readStrata(session: Session, file: string, settings: ExperimentSettings): Promise<Stratum[]> {
  const { split, target, task } = settings
  const types = await columnTypes(session, file)
  const levelOf = (column: string) =>
    `CAST(${valueExpression(column, 'categorical', types.get(column) ?? '', aliasesOf(settings, column))} AS VARCHAR)`
  const stratum = task === 'classification' && split.stratified ? levelOf(target) : "''"
  const part = split.kind === 'column' ? levelOf(split.column) : "''"
  const query =
    `SELECT CAST(file_row_number AS UINTEGER), ${stratum}, ${part} FROM ${sql.storedRows(file)} ` +
    `WHERE ${isUsable(settings)}`
  const partOf = new Map(
    split.kind === 'column' ? partNames.flatMap((name) => split[name].map((value) => [value, name])) : []
  )
  const strata = new Map<string, Stratum>()
  const pause = createPause()
  for await (const chunk of session.chunks(query)) {
    const [rows, names, values] = [0, 1, 2].map((column) => chunk.getColumnVector(column))
    for (let index = 0; index < chunk.rowCount; index++) {
      const own = split.kind === 'column' ? partOf.get(String(values?.getItem(index))) : null
      if (own === undefined) continue
      const name = String(names?.getItem(index))
      const key = `${own} ${name}`
      const found = strata.get(key) ?? { name, part: own, rows: [] }
      if (found.rows.length === 0) strata.set(key, found)
      found.rows.push(Number(rows?.getItem(index)))
    }
    await pause()
  }
  const order = new Map(
    sortNaturally([...new Set([...strata.values()].map(({ name }) => name))]).map((name, at) => [name, at])
  )
  return [...strata.values()].toSorted((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0))
}

/** Decides which strata are cut at which shares. */
function cutsOf({ split }: ExperimentSettings, strata: readonly Stratum[]): Cut[] {
  if (split.kind !== 'column') {
    const whole = split.train + split.validation + split.test
    const shares = { train: split.train / whole, validation: split.validation / whole, test: split.test / whole }
    return [{ strata, shares }]
  }
  const heldOut = split.validation.length > 0 ? 0 : split.validationShare / 100
  const shares = {
    train: { train: 1 - heldOut, validation: heldOut, test: 0 },
    validation: { train: 0, validation: 1, test: 0 },
    test: { train: 0, validation: 0, test: 1 }
  }
  return partNames
    .filter((name) => name === 'train' || split[name].length > 0)
    .map((name) => ({ strata: strata.filter(({ part }) => part === name), shares: shares[name] }))
}

/**
 * Assigns the rows of one cut to their parts: 1 training, 2 validation, 3 test.
 * The cuts through the strata are rounded over the running total, so that the parts as wholes keep their shares to the
 * row; a stratum always leaves a row to the training part, for a class that is never seen can't be learned.
 */
async function assign({ strata, shares }: Cut, random: Random, assigned: Uint8Array): Promise<void> {
  const pause = createPause()
  const inner = shares.train + shares.validation
  let before = 0
  let keptBefore = 0
  for (const { rows } of strata) {
    await shuffle(rows, random, pause)
    const after = before + rows.length
    const kept = Math.round(after * inner) - Math.round(before * inner)
    const keptAfter = keptBefore + kept
    const trainShare = inner === 0 ? 0 : shares.train / inner
    const train = Math.round(keptAfter * trainShare) - Math.round(keptBefore * trainShare)
    const trainEnd = shares.train > 0 ? Math.max(1, train) : 0
    const validationEnd = Math.max(trainEnd, kept)
    for (let at = 0; at < rows.length; at++) {
      assigned[rows[at] ?? 0] = at < trainEnd ? 1 : at < validationEnd ? 2 : 3
      if (at % steps === 0) await pause()
    }
    before = after
    keptBefore = keptAfter
  }
}

/** Moves every row that is equal to an earlier one to the part of the first; the shares of the parts shift by so much. */
async function joinSameRows(
  session: Session,
  file: string,
  { columns }: ExperimentSettings,
  assigned: Uint8Array
): Promise<void> {
  const compared = columns.filter(({ role }) => role === 'input' || role === 'target').map(({ name }) => name)
  for (const { row, first } of await sameRows(session, file, compared)) assigned[row] = assigned[first] ?? 0
}

/** Collects the rows of each part, ascending. */
async function collect(assigned: Uint8Array): Promise<Record<PartName, Uint32Array>> {
  const pause = createPause()
  const counts = [0, 0, 0, 0]
  for (const part of assigned) counts[part] = (counts[part] ?? 0) + 1
  const rows = partNames.map((_, index) => new Uint32Array(counts[index + 1] ?? 0))
  const filled = [0, 0, 0]
  for (let row = 0; row < assigned.length; row++) {
    const part = (assigned[row] ?? 0) - 1
    const own = rows[part]
    if (own) {
      const at = filled[part] ?? 0
      own[at] = row
      filled[part] = at + 1
    }
    if (row % steps === 0) await pause()
  }
  const [train = new Uint32Array(), validation = new Uint32Array(), test = new Uint32Array()] = rows
  return { train, validation, test }
}

function checkParts(assigned: Uint8Array, cuts: readonly Cut[], strata: readonly Stratum[]): void {
  const empty = partNames.find(
    (name, index) => !assigned.includes(index + 1) && cuts.some(({ shares }) => shares[name] > 0)
  )
  if (!empty) return
  const usable = strata.reduce((sum, { rows }) => sum + rows.length, 0)
  const message =
    `The ${empty === 'train' ? 'training' : empty} part gets no row: ${formatCount(usable)} of ` +
    `${formatCount(assigned.length)} rows can be used. Change the split, or how missing values are handled.`
  throw new LabError('bad_settings', message, { field: 'split' })
}
