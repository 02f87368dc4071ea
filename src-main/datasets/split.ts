/** Splits the rows of a table into training, validation and test part: seeded, stratified for classes, or by a column. */
import { Random } from '#engine/random.ts'
import { LabError } from '#contract/errors.ts'
import type { ExperimentSettings, Split } from '#contract/experiments.ts'
import { type ColumnValues, columnTypes, readPieces, type WantedColumn } from '#lab/datasets/column-values.ts'
import { sortNaturally } from '#lab/datasets/natural-order.ts'
import { createPause } from '#lab/datasets/pause.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session, Tables } from '#lab/datasets/tables.ts'

/** Row numbers of each part, from 0 in the order of the stored table, ascending. */
export interface SplitRows {
  readonly train: Uint32Array
  readonly validation: Uint32Array
  readonly test: Uint32Array
  /** Rows in no part: without a target, with a missing input where those are dropped, or of no part by their column. */
  readonly dropped: number
}

type PartName = 'train' | 'validation' | 'test'

/** Rows that may be used: their number, the stratum each is in, and its part where a column says so. */
interface UsableRows {
  readonly rows: number[]
  readonly strata: string[]
  readonly parts: (PartName | null)[]
  readonly total: number
}

/**
 * Splits the rows of a stored table. The same settings give the same rows on every machine.
 * Errors: `bad_settings` where a part that is asked for stays empty.
 */
export async function splitRows(tables: Tables, file: string, settings: ExperimentSettings): Promise<SplitRows> {
  const { split } = settings
  const usable = await tables.use(undefined, (session) => readUsable(session, file, settings))
  const random = new Random(split.seed)
  const parts = split.kind === 'column' ? splitByColumn(usable, split, random) : splitByFractions(usable, split, random)
  const isWanted = {
    train: true,
    validation:
      split.kind === 'column' ? split.validation.length > 0 || split.validationShare > 0 : split.validation > 0,
    test: split.kind === 'column' ? split.test.length > 0 : split.test > 0
  }
  for (const name of ['train', 'validation', 'test'] as const) {
    if (!isWanted[name] || parts[name].length > 0) continue
    const part = name === 'train' ? 'training' : name
    const count = usable.rows.length.toLocaleString('en')
    const message = `The ${part} part gets no row: ${count} of ${usable.total.toLocaleString('en')} rows can be used. Change the split.`
    throw new LabError('bad_settings', message, { field: 'split' })
  }
  const used = parts.train.length + parts.validation.length + parts.test.length
  return { ...parts, dropped: usable.total - used }
}

async function readUsable(session: Session, file: string, settings: ExperimentSettings): Promise<UsableRows> {
  const { split, target } = settings
  const isStratified = settings.task === 'classification' && split.stratified
  const wanted: WantedColumn[] = [{ column: target, kind: isStratified ? 'categorical' : 'numeric' }]
  if (split.kind === 'column') wanted.push({ column: split.column, kind: 'categorical' })
  const types = await columnTypes(session, file)
  // Only whether the target is there matters where rows are not told apart by it.
  if (!isStratified && types.get(target) === 'VARCHAR') wanted[0] = { column: target, kind: 'categorical' }
  const missing = await rowsWithMissingInput(session, file, settings)
  const partOf = partsByValue(split)
  const usable: UsableRows = { rows: [], strata: [], parts: [], total: 0 }
  const pause = createPause()
  let total = 0
  for await (const piece of readPieces(session, file, wanted, 0, Number.MAX_SAFE_INTEGER)) {
    const targets = piece.column(0)
    const parts = split.kind === 'column' ? piece.column(1) : null
    for (let index = 0; index < piece.rows; index++) {
      const row = piece.first + index
      total++
      if (isMissing(targets, index) || missing.has(row)) continue
      const part = parts ? partOf.get(String(parts[index])) : null
      if (part === undefined) continue
      usable.rows.push(row)
      usable.strata.push(isStratified ? String(targets[index]) : '')
      usable.parts.push(part)
    }
    await pause()
  }
  return { ...usable, total }
}

function isMissing(values: ColumnValues, index: number): boolean {
  const value = values[index]
  return value === null || value === undefined || Number.isNaN(value)
}

async function rowsWithMissingInput(
  session: Session,
  file: string,
  settings: ExperimentSettings
): Promise<Set<number>> {
  if (settings.preparation.missing !== 'drop') return new Set()
  const inputs = settings.columns.filter(({ role }) => role === 'input')
  if (inputs.length === 0) return new Set()
  const conditions = inputs.map(({ name }) => `${sql.name(name)} IS NULL`).join(' OR ')
  const rows = await session.rows(`SELECT file_row_number FROM ${sql.storedRows(file)} WHERE ${conditions}`)
  return new Set(rows.map(([row]) => Number(row)))
}

function partsByValue(split: Split): Map<string, PartName> {
  const parts = new Map<string, PartName>()
  if (split.kind === 'fractions') return parts
  for (const part of ['train', 'validation', 'test'] as const) for (const value of split[part]) parts.set(value, part)
  return parts
}

type Parts = Record<PartName, Uint32Array>

function splitByFractions(usable: UsableRows, split: Extract<Split, { kind: 'fractions' }>, random: Random): Parts {
  const strata = shuffledStrata(usable, () => true, random)
  const whole = split.train + split.validation + split.test
  const [rest, test] = divide(strata, (split.train + split.validation) / whole)
  const [train, validation] = divide(rest, split.train / (split.train + split.validation))
  return { train: joined(train), validation: joined(validation), test: joined(test) }
}

function splitByColumn(usable: UsableRows, split: Extract<Split, { kind: 'column' }>, random: Random): Parts {
  const rowsOf = (part: PartName) => Uint32Array.from(usable.rows.filter((_, index) => usable.parts[index] === part))
  const named = { train: rowsOf('train'), validation: rowsOf('validation'), test: rowsOf('test') }
  if (split.validation.length > 0 || split.validationShare === 0) return named
  const strata = shuffledStrata(usable, (index) => usable.parts[index] === 'train', random)
  const [train, validation] = divide(strata, 1 - split.validationShare / 100)
  return { train: joined(train), validation: joined(validation), test: named.test }
}

/** The rows of each stratum in random order; strata in their natural order. */
function shuffledStrata(usable: UsableRows, isChosen: (index: number) => boolean, random: Random): Uint32Array[] {
  const byStratum = new Map<string, number[]>()
  usable.rows.forEach((row, index) => {
    if (!isChosen(index)) return
    const stratum = usable.strata[index] ?? ''
    const rows = byStratum.get(stratum)
    if (rows) rows.push(row)
    else byStratum.set(stratum, [row])
  })
  return sortNaturally([...byStratum.keys()]).map((stratum) => {
    const rows = Uint32Array.from(byStratum.get(stratum) ?? [])
    random.shuffle(rows)
    return rows
  })
}

/**
 * Cuts every stratum at the same share. The cuts are rounded over the running total, so that the parts as wholes keep
 * their share to the row; a stratum always leaves one row at least in the first part, which is the one trained on.
 */
function divide(strata: readonly Uint32Array[], share: number): [Uint32Array[], Uint32Array[]] {
  const first: Uint32Array[] = []
  const second: Uint32Array[] = []
  let before = 0
  for (const rows of strata) {
    const after = before + rows.length
    const count = Math.max(1, Math.round(after * share) - Math.round(before * share))
    first.push(rows.subarray(0, count))
    second.push(rows.subarray(count))
    before = after
  }
  return [first, second]
}

function joined(strata: readonly Uint32Array[]): Uint32Array {
  const rows = new Uint32Array(strata.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of strata) {
    rows.set(part, at)
    at += part.length
  }
  return rows.sort()
}
